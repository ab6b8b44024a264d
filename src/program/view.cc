#include "program/view.h"

#include "base/time.h"
#include "rank/weights.h"

#include <algorithm>
#include <set>

namespace scantling::program {
namespace {

constexpr std::array<std::string_view, kGaps> kGapNames = {
    "none",        "unresolvable_digest",      "never_scanned", "scan_waiting",
    "scan_failed", "unsupported_distribution", "stale_source",  "no_owner"};

// What a level stands for when a CVSS score is missing: the middle of its band.
constexpr std::array<double, 6> kImpact = {0.5, 0.1, 0.25, 0.55, 0.8, 0.95};

// Of two moments that may not be known (0).
Millis Earlier(Millis a, Millis b) { return a == 0 || (b != 0 && b < a) ? b : a; }

std::string Date(Millis at) { return base::FormatDate(at / 1000); }

}  // namespace

std::string_view ToString(Gap gap) { return kGapNames[static_cast<size_t>(gap)]; }

bool Scope::Sees(std::string_view owner) const {
  return everything || std::binary_search(owners.begin(), owners.end(), owner);
}

View::View(const Fleet& fleet, const ViewOptions& options)
    : fleet_(fleet), options_(options), advisories_(fleet.AdvisoriesAt(options.as_of)) {
  const Millis at = options_.as_of;
  const auto& contents = fleet_.contents();
  counts_.resize(contents.size());
  copies_of_.resize(contents.size());
  content_gaps_.resize(contents.size(), Gap::kNoGap);
  states_.resize(contents.size());
  scanned_.resize(contents.size());
  for (uint32_t index = 0; index < contents.size(); ++index) {
    for (const ScanState& state : contents[index].states) {
      Next(state.at);
      if (state.at <= at) {
        states_[index] = &state;
        scanned_[index] = state.inventory ? state.at : scanned_[index];
      }
    }
    Next(contents[index].first_seen);
  }
  for (const Name& name : fleet_.names()) {
    Next(name.since);
  }
  heard_.reserve(fleet_.reporters().size());
  for (const Reporter& reporter : fleet_.reporters()) {
    heard_.push_back(reporter.HeardAt(at));
  }
  for (uint32_t index = 0; index < fleet_.copies().size(); ++index) {
    const Copy& copy = fleet_.copies()[index];
    Next(copy.started);
    Next(copy.ended);
    if (!copy.AliveAt(at)) {
      continue;
    }
    copies_.push_back(index);
    if (copy.content != kNone) {
      copies_of_[copy.content].push_back(index);
      ContentCounts& counts = counts_[copy.content];
      (Known(index) ? counts.running : counts.unknown) += 1;
    }
  }
  accepted_.resize(fleet_.vulnerabilities().size());
  for (uint32_t i = 0; i < fleet_.decisions().size(); ++i) {
    const Decision& decision = fleet_.decisions()[i];
    if (decision.kind == DecisionKind::kAccepted && decision.HoldsAt(at)) {
      const uint32_t vulnerability = fleet_.FindVulnerability(decision.vulnerability);
      if (vulnerability != kNone) {
        accepted_[vulnerability].push_back(i);
      }
    }
  }
  // A component version has the same open matches in every image: they are looked at once.
  const auto& components = fleet_.components();
  const auto& matches = fleet_.matches();
  std::vector<std::vector<uint32_t>> open(components.size());
  std::vector<ContentCounts> sums(components.size());
  std::vector<bool> plain(components.size(), true);  // nothing accepted: the sum is enough
  for (uint32_t i = 0; i < components.size(); ++i) {
    for (const uint32_t m : components[i].matches) {
      const Match& match = matches[m];
      if (!match.OpenAt(at)) {
        continue;
      }
      open[i].push_back(m);
      const Vulnerability& vulnerability = fleet_.vulnerabilities()[match.vulnerability];
      ContentCounts& sum = sums[i];
      ++sum.levels[static_cast<size_t>(match.level)];
      if (vulnerability.kev_added != 0 && vulnerability.kev_added <= at) {
        ++sum.kev;
        sum.kev_due = Earlier(sum.kev_due, vulnerability.kev_due);
      }
      sum.fixable += match.fixed_versions != 0 ? 1 : 0;
      sum.risk = std::max(sum.risk, RiskOf(match));
      plain[i] = plain[i] && accepted_[match.vulnerability].empty();
    }
  }
  for (uint32_t index = 0; index < contents.size(); ++index) {
    const Content& content = contents[index];
    if (content.alias) {
      continue;
    }
    if (content.first_seen <= at || !copies_of_[index].empty()) {
      contents_.push_back(index);
    }
    ContentCounts& counts = counts_[index];
    for (const Uses& use : content.components) {
      if (!HasInventory(index) || open[use.component].empty()) {
        continue;
      }
      ContentCounts one;
      if (plain[use.component]) {
        one = sums[use.component];
      } else {
        for (const uint32_t m : open[use.component]) {
          const Match& match = matches[m];
          if (Accepted(index, match)) {
            ++one.accepted;
            continue;
          }
          const Vulnerability& vulnerability = fleet_.vulnerabilities()[match.vulnerability];
          ++one.levels[static_cast<size_t>(match.level)];
          one.fixable += match.fixed_versions != 0 ? 1 : 0;
          one.risk = std::max(one.risk, RiskOf(match));
          if (vulnerability.kev_added != 0 && vulnerability.kev_added <= at) {
            ++one.kev;
            one.kev_due = Earlier(one.kev_due, vulnerability.kev_due);
          }
        }
      }
      for (size_t level = 0; level < counts.levels.size(); ++level) {
        counts.levels[level] += one.levels[level];
      }
      counts.accepted += one.accepted;
      counts.kev += one.kev;
      counts.fixable += one.fixable;
      counts.risk = std::max(counts.risk, one.risk);
      counts.kev_due = Earlier(counts.kev_due, one.kev_due);
      counts.base += use.base ? one.findings() : 0;
    }
    const std::string_view state = State(index);
    Gap& gap = content_gaps_[index];
    if (!HasInventory(index)) {
      gap = state == kStateFailed                             ? Gap::kScanFailed
            : state == kStateQueued || state == kStateRunning ? Gap::kScanWaiting
            : state == kStateUnsupported                      ? Gap::kUnsupported
                                                              : Gap::kNeverScanned;
      continue;
    }
    if (state == kStateUnsupported || content.namespaces.empty()) {
      gap = Gap::kUnsupported;
      continue;
    }
    const auto& as_of = advisories_.as_of;
    bool stale = false;
    for (const uint32_t name : content.namespaces) {
      const auto found = as_of.find(fleet_.texts()[name]);
      if (found == as_of.end()) {
        gap = Gap::kUnsupported;
      } else if (at - found->second > options_.stale_after) {
        stale = true;
      }
    }
    if (gap == Gap::kNoGap && stale) {
      gap = Gap::kStale;
    }
    if (gap == Gap::kNoGap && content.owner == 0) {
      gap = Gap::kNoOwner;
    }
  }
}

std::string_view View::State(uint32_t content) const {
  return states_[content] == nullptr ? kStateNever : fleet_.texts()[states_[content]->state];
}

std::string_view View::StateDetail(uint32_t content) const {
  return states_[content] == nullptr ? std::string_view()
                                     : std::string_view(states_[content]->detail);
}

Millis View::StateSince(uint32_t content) const {
  return states_[content] == nullptr ? fleet_.contents()[content].first_seen : states_[content]->at;
}

bool View::Known(uint32_t copy) const {
  const uint32_t reporter = fleet_.copies()[copy].reporter;
  return reporter != kNone && heard_[reporter];
}

Gap View::CopyGap(uint32_t index) const {
  const Copy& copy = fleet_.copies()[index];
  if (copy.content == kNone) {
    return Gap::kUnresolvable;
  }
  const Gap gap = content_gaps_[copy.content];
  if (gap == Gap::kNoGap || gap == Gap::kNoOwner) {
    return copy.owner == 0 ? Gap::kNoOwner : Gap::kNoGap;
  }
  return gap;
}

std::string View::GapDetail(uint32_t index) const {
  const Content& content = fleet_.contents()[index];
  switch (content_gaps_[index]) {
    case Gap::kNoGap:
      return {};
    case Gap::kUnresolvable:
      return "no digest tells what it runs";
    case Gap::kNeverScanned:
      return "never scanned";
    case Gap::kScanWaiting:
      return "the scan is " + std::string(State(index)) +
             (StateDetail(index).empty() ? "" : ": " + std::string(StateDetail(index)));
    case Gap::kScanFailed:
      return "the scan failed: " + std::string(StateDetail(index));
    case Gap::kNoOwner:
      return "no rule gives it an owner";
    case Gap::kUnsupported: {
      if (!HasInventory(index) || content.namespaces.empty()) {
        return StateDetail(index).empty() ? "nothing in it that advisories are about"
                                          : std::string(StateDetail(index));
      }
      std::string out = "no advisory data for";
      for (const uint32_t name : content.namespaces) {
        if (!advisories_.as_of.contains(fleet_.texts()[name])) {
          out += " " + std::string(fleet_.texts()[name]);
        }
      }
      return out;
    }
    case Gap::kStale: {
      std::string out = "advisory data is old:";
      for (const uint32_t name : content.namespaces) {
        const auto found = advisories_.as_of.find(fleet_.texts()[name]);
        if (found != advisories_.as_of.end() &&
            options_.as_of - found->second > options_.stale_after) {
          out += " " + std::string(fleet_.texts()[name]) + " of " + Date(found->second);
        }
      }
      return out;
    }
  }
  return {};
}

bool View::Accepted(uint32_t content, const Match& match) const {
  return Accepted(content, match.vulnerability, fleet_.components()[match.component].name);
}

bool View::Accepted(uint32_t content, std::string_view vulnerability,
                    std::string_view component) const {
  const uint32_t index = fleet_.FindVulnerability(vulnerability);
  return index != kNone && Accepted(content, index, component);
}

bool View::Accepted(uint32_t content, uint32_t vulnerability, std::string_view component) const {
  const auto& decisions = accepted_[vulnerability];
  if (decisions.empty()) {
    return false;
  }
  const std::vector<std::string> repositories = RepositoriesOf(content);
  return std::any_of(decisions.begin(), decisions.end(), [&](uint32_t index) {
    const Decision& decision = fleet_.decisions()[index];
    if (!decision.component.empty() && decision.component != component) {
      return false;
    }
    return decision.repository.empty() ||
           std::any_of(repositories.begin(), repositories.end(), [&](const std::string& name) {
             return GlobMatches(decision.repository, name);
           });
  });
}

void View::ForEachFinding(uint32_t content,
                          const std::function<void(const Uses& use, uint32_t match)>& visit,
                          bool with_accepted) const {
  if (!HasInventory(content)) {
    return;
  }
  for (const Uses& use : fleet_.contents()[content].components) {
    for (const uint32_t index : fleet_.components()[use.component].matches) {
      const Match& match = fleet_.matches()[index];
      if (match.OpenAt(options_.as_of) && (with_accepted || !Accepted(content, match))) {
        visit(use, index);
      }
    }
  }
}

std::vector<std::string> View::NamesOf(uint32_t content) const {
  std::vector<std::string> out;
  for (const uint32_t index : fleet_.contents()[content].names) {
    const Name& name = fleet_.names()[index];
    if (name.HoldsAt(options_.as_of)) {
      out.emplace_back(fleet_.texts()[name.repository]);
      if (name.tag != 0) {
        out.back().append(":").append(fleet_.texts()[name.tag]);
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string View::NameOf(uint32_t content) const {
  const std::vector<std::string> names = NamesOf(content);
  if (!names.empty()) {
    return names.front();
  }
  // The last that it had.
  const Name* last = nullptr;
  for (const uint32_t index : fleet_.contents()[content].names) {
    const Name& name = fleet_.names()[index];
    if (name.since <= options_.as_of && (last == nullptr || name.since >= last->since)) {
      last = &name;
    }
  }
  if (last != nullptr) {
    std::string out(fleet_.texts()[last->repository]);
    return last->tag == 0 ? out : out.append(":").append(fleet_.texts()[last->tag]);
  }
  // What the runtimes that run it call it.
  for (const uint32_t copy : copies_of_[content]) {
    const std::string_view reference = fleet_.texts()[fleet_.copies()[copy].reference];
    if (!reference.empty() && !reference.starts_with("sha256:")) {
      return std::string(reference);
    }
  }
  return {};
}

std::vector<std::string> View::RepositoriesOf(uint32_t content) const {
  std::set<std::string_view> names;
  for (const uint32_t index : fleet_.contents()[content].names) {
    const Name& name = fleet_.names()[index];
    if (name.since <= options_.as_of) {
      names.insert(fleet_.texts()[name.repository]);
    }
  }
  return {names.begin(), names.end()};
}

double View::RiskOf(const Match& match) const {
  const Vulnerability& vulnerability = fleet_.vulnerabilities()[match.vulnerability];
  double chance = vulnerability.epss >= 0 ? vulnerability.epss : rank::PriorOf(match.level);
  // Floors of evidence, on EPSS's scale (docs/ranking.md).
  if (vulnerability.kev_added != 0 && vulnerability.kev_added <= options_.as_of) {
    chance = std::max(chance, rank::kFloorKev);
  } else if (vulnerability.exploit == model::ExploitKind::kWeaponised) {
    chance = std::max(chance, rank::kFloorWeaponised);
  } else if (vulnerability.exploit == model::ExploitKind::kProofOfConcept) {
    chance = std::max(chance, rank::kFloorProofOfConcept);
  }
  const double impact = match.score >= 0 ? static_cast<double>(match.score) / 10
                                         : kImpact[static_cast<size_t>(match.level)];
  return chance * impact;
}

}  // namespace scantling::program
