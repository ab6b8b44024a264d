// See match.h. The rules in words: docs/matching.md.
//
// One pass over the components. Everything that depends on (namespace, package, version) is decided
// once and shared by the binary packages of one source. Not handled here: exceptions and VEX (a
// later room), reachability of Go symbols.
#include "match/match.h"

#include "base/parallel.h"
#include "match/session.h"
#include "version/compare.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace scantling::match {
namespace {

std::string DateOrNothing(base::Seconds time) {
  return time > 0 ? base::FormatDate(time) : std::string();
}

model::Finding MakeFinding(const model::Component& component, const Target& target,
                           const Decision& decision, const Facts& facts) {
  const advisory::Vulnerability& vulnerability = facts.vulnerability;
  model::Finding out;
  out.id = vulnerability.id;
  for (const std::string_view alias : vulnerability.aliases) {
    if (alias != vulnerability.id) {
      out.aliases.emplace_back(alias);
    }
  }
  out.summary = vulnerability.summary;
  out.component = component.ref;
  out.fix_state = FixStateOf(decision);
  out.fix_note = decision.note;
  out.fixed_versions.assign(decision.fixed.begin(), decision.fixed.end());
  out.severities = facts.severities;
  out.severity = facts.chosen;
  const model::Level own = decision.unimportant ? model::Level::kNegligible : decision.level;
  if (IsOsPackage(target.ecosystem) && own != model::Level::kUnknown) {
    out.severity = {own, -1, "",
                    std::string(target.name_space.substr(0, target.name_space.find(':')))};
    const auto at = std::lower_bound(out.severities.begin(), out.severities.end(), out.severity);
    if (at == out.severities.end() || *at != out.severity) {
      out.severities.insert(at, out.severity);
    }
  }
  out.epss = vulnerability.epss;
  out.kev = vulnerability.kev;
  out.exploit = vulnerability.exploit;
  out.ssvc = vulnerability.ssvc;
  out.layer = component.layer;
  out.published = DateOrNothing(vulnerability.published);
  out.fix_available = DateOrNothing(decision.fix_available);
  out.advisory = decision.advisory;
  out.source = decision.source;
  out.range = RangeText(decision.interval);
  out.rule = RuleOf(target);
  return out;
}

// Counts components per namespace and says what the database knows of each.
class CoverageBuilder {
 public:
  explicit CoverageBuilder(const AdvisoryLookup& lookup) : contents_(lookup.About()) {}

  void Add(const Target& target) {
    const std::string_view name =
        target.name_space.empty() ? version::PurlType(target.ecosystem) : target.name_space;
    auto found = rows_.find(name);
    if (found == rows_.end()) {
      found = rows_.emplace(std::string(name), Row(name, IsOsPackage(target.ecosystem))).first;
    }
    ++found->second.components;
    if (target.skip == Skip::kNoGroup || target.skip == Skip::kThirdParty) {
      ++found->second.skipped;
    }
  }

  std::vector<model::EcosystemCoverage> Take() {
    std::vector<model::EcosystemCoverage> out;
    for (auto& [name, row] : rows_) {
      out.push_back(std::move(row));
    }
    return out;
  }

 private:
  model::EcosystemCoverage Row(std::string_view name, bool is_os) const {
    model::EcosystemCoverage row;
    row.name = name;
    const std::string_view family = name.substr(0, name.find(':'));
    bool other_release = false;
    for (const advisory::NamespaceInfo& info : contents_.namespaces) {
      if (info.name == name && info.statements > 0) {
        row.data_as_of = info.as_of;
        row.state =
            contents_.is_starter_set ? model::DataState::kStarterSet : model::DataState::kCovered;
        return row;
      }
      other_release = other_release || info.name.substr(0, info.name.find(':')) == family;
    }
    if (is_os && other_release && family != name) {
      row.state = model::DataState::kUnsupportedRelease;
    }
    return row;
  }

  const Contents contents_;
  std::map<std::string, model::EcosystemCoverage, std::less<>> rows_;
};

// What was not looked up, said once for all components of a kind.
class SkipNotes {
 public:
  void Add(Skip skip, const model::Component& component) { names_[skip].push_back(component.name); }

  void Report(std::vector<model::Diagnostic>& out) {
    for (auto& [skip, names] : names_) {
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());
      model::Diagnostic note;
      switch (skip) {
        case Skip::kNone:
          continue;
        case Skip::kNoDistribution:
          note.code = "match.no-distribution";
          note.message = "no os-release tells the distribution: not matched: ";
          break;
        case Skip::kNoGroup:
          note.code = "match.maven-group-unknown";
          note.message =
              "archives that name no Maven group, so that no advisory can be looked up: ";
          break;
        case Skip::kThirdParty:
          note.code = "match.third-party";
          note.severity = model::Severity::kNote;
          note.message =
              "packages that are not the distribution's own, so that its data says nothing about "
              "them: ";
          break;
      }
      constexpr size_t kShown = 5;
      for (size_t i = 0; i < names.size() && i < kShown; ++i) {
        note.message.append(i == 0 ? "" : ", ").append(names[i]);
      }
      if (names.size() > kShown) {
        note.message.append(" and ").append(std::to_string(names.size() - kShown)).append(" more");
      }
      out.push_back(std::move(note));
    }
  }

 private:
  std::map<Skip, std::vector<std::string>> names_;
};

void NoteUncomparable(const model::Component& component, const Target& target,
                      const std::vector<const Decision*>& unknown,
                      std::vector<model::Diagnostic>& out) {
  model::Diagnostic note;
  note.code = "version.uncomparable";
  note.layer = component.layer;
  if (!component.locations.empty()) {
    note.path = component.locations.front().path;
  }
  if (!version::IsValid(target.ecosystem, target.version)) {
    note.message.append(component.name).append(": \"").append(target.version);
    note.message.append("\" is no version that can be compared: not known whether ");
    constexpr size_t kShown = 3;
    for (size_t i = 0; i < unknown.size() && i < kShown; ++i) {
      note.message.append(i == 0 ? "" : ", ").append(unknown[i]->advisory);
    }
    if (unknown.size() > kShown) {
      note.message.append(" and ").append(std::to_string(unknown.size() - kShown)).append(" more");
    }
    note.message.append(unknown.size() == 1 ? " applies" : " apply");
    out.push_back(std::move(note));
    return;
  }
  for (const Decision* decision : unknown) {
    note.message.clear();
    note.message.append(component.name).append(" ").append(target.version);
    note.message.append(": not known whether ").append(decision->advisory);
    note.message.append(" applies: its range \"").append(RangeText(decision->interval));
    note.message.append("\" cannot be compared");
    out.push_back(note);
  }
}

// A finding before it is written out: findings are large, so they are put in order while they are
// small.
struct Hit {
  const model::Component* component = nullptr;
  const Target* target = nullptr;
  const Decision* decision = nullptr;
  const Facts* facts = nullptr;
  std::string owner_text;
};

base::Result<void> MatchComponent(const model::Component& component, const Target& target,
                                  Session& session, std::vector<Hit>& hits,
                                  std::vector<model::Diagnostic>& diagnostics) {
  SCANTLING_TRY(const auto* decisions, session.Decisions(target, Keep::kAffected));
  std::vector<const Decision*> unknown;
  for (const Decision& decision : *decisions) {
    OwnerVerdict owner;
    if (!component.owner.empty()) {
      SCANTLING_TRY(owner, session.AskOwner(component, decision.vulnerability));
      if (owner.word == OwnerWord::kNotAffected || owner.word == OwnerWord::kFixed ||
          owner.word == OwnerWord::kAffected) {
        continue;
      }
    }
    if (decision.outcome == Outcome::kUncomparable) {
      unknown.push_back(&decision);
      continue;
    }
    SCANTLING_TRY(const Facts* facts, session.FactsOf(decision.vulnerability));
    hits.push_back({&component, &target, &decision, facts, OwnerText(owner)});
  }
  if (!unknown.empty()) {
    NoteUncomparable(component, target, unknown, diagnostics);
  }
  return {};
}

// One thread's share of the components. Its session holds what its hits point at.
struct Worker {
  Worker(const model::Inventory& inventory, const AdvisoryLookup& lookup)
      : session(inventory, lookup) {}

  base::Result<void> Match(const model::Component& component, const Target& target) {
    if (target.skip != Skip::kNone) {
      return {};
    }
    return MatchComponent(component, target, session, hits, diagnostics)
        .With("advisory database: " + std::string(target.package()));
  }

  Session session;
  std::vector<Hit> hits;
  std::vector<model::Diagnostic> diagnostics;
  std::optional<std::pair<size_t, base::Error>> error;  // at which component
};

// Sorted by (component ref, id). One worker met all of a component's, one after the other, so that
// only ids of one component are compared with each other.
std::vector<const Hit*> InOrder(std::vector<Hit>& hits) {
  std::vector<std::span<Hit>> groups;
  for (auto begin = hits.begin(); begin != hits.end();) {
    const auto end = std::find_if(
        begin, hits.end(), [begin](const Hit& hit) { return hit.component != begin->component; });
    std::sort(begin, end, [](const Hit& a, const Hit& b) {
      return a.facts->vulnerability.id < b.facts->vulnerability.id;
    });
    groups.emplace_back(begin, end);
    begin = end;
  }
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.front().component->ref < b.front().component->ref;
  });
  std::vector<const Hit*> out;
  out.reserve(hits.size());
  for (const std::span<Hit> group : groups) {
    for (const Hit& hit : group) {
      out.push_back(&hit);
    }
  }
  return out;
}

std::vector<model::Finding> WriteFindings(std::vector<std::unique_ptr<Worker>>& workers) {
  std::vector<Hit> hits;
  for (const auto& worker : workers) {
    std::move(worker->hits.begin(), worker->hits.end(), std::back_inserter(hits));
  }
  const std::vector<const Hit*> order = InOrder(hits);
  std::vector<model::Finding> findings(order.size());
  base::Share(order.size(), workers.size(), [&](size_t, size_t i) {
    const Hit& hit = *order[i];
    findings[i] = MakeFinding(*hit.component, *hit.target, *hit.decision, *hit.facts);
    if (!hit.owner_text.empty()) {
      findings[i].rule.append("; ").append(hit.owner_text);
    }
  });
  return findings;
}

}  // namespace

std::vector<std::string> UncheckedNamespaces(const model::Inventory& inventory,
                                             const AdvisoryLookup& lookup) {
  CoverageBuilder coverage(lookup);
  for (const model::Component& component : inventory.components) {
    coverage.Add(TargetOf(component));
  }
  std::vector<std::string> out;
  for (model::EcosystemCoverage& row : coverage.Take()) {
    if (row.state == model::DataState::kNoData ||
        row.state == model::DataState::kUnsupportedRelease) {
      out.push_back(std::move(row.name));
    }
  }
  return out;
}

base::Result<MatchResult> MatchWith(const model::Inventory& inventory, const AdvisoryLookup& lookup,
                                    unsigned jobs) {
  // A thread costs more than it brings for a small image.
  constexpr size_t kComponentsPerWorker = 100;
  const auto& components = inventory.components;
  std::vector<std::unique_ptr<Worker>> workers(
      base::WorkersFor(components.size(), kComponentsPerWorker, jobs));
  for (auto& worker : workers) {
    worker = std::make_unique<Worker>(inventory, lookup);
  }
  std::vector<Target> targets(components.size());
  base::Share(components.size(), workers.size(), [&](size_t at, size_t i) {
    Worker& worker = *workers[at];
    targets[i] = TargetOf(components[i]);
    if (worker.error) {
      return;
    }
    if (auto done = worker.Match(components[i], targets[i]); !done) {
      worker.error.emplace(i, std::move(done).error());
    }
  });
  MatchResult out;
  // The first component's error, whoever met it: each worker goes through its blocks in order.
  Worker* failed = nullptr;
  for (const auto& worker : workers) {
    if (worker->error && (failed == nullptr || worker->error->first < failed->error->first)) {
      failed = worker.get();
    }
    std::move(worker->diagnostics.begin(), worker->diagnostics.end(),
              std::back_inserter(out.diagnostics));
  }
  if (failed != nullptr) {
    return std::move(failed->error->second);
  }
  CoverageBuilder coverage(lookup);
  SkipNotes skipped;
  for (size_t i = 0; i < components.size(); ++i) {
    coverage.Add(targets[i]);
    if (targets[i].skip != Skip::kNone) {
      skipped.Add(targets[i].skip, components[i]);
    }
  }
  out.ecosystems = coverage.Take();
  skipped.Report(out.diagnostics);
  out.findings = WriteFindings(workers);
  std::sort(out.diagnostics.begin(), out.diagnostics.end());
  out.diagnostics.erase(std::unique(out.diagnostics.begin(), out.diagnostics.end()),
                        out.diagnostics.end());
  return out;
}

base::Result<std::vector<std::vector<std::string>>> KnownHolesWith(
    const model::Component& component, const AdvisoryLookup& lookup) {
  std::vector<std::vector<std::string>> out;
  const Target target = TargetOf(component);
  if (target.skip != Skip::kNone) {
    return out;
  }
  SCANTLING_TRY(const auto decisions, Evaluator(lookup).Evaluate(target, Keep::kAffected));
  for (const Decision& decision : decisions) {
    if (decision.outcome == Outcome::kAffected) {
      out.emplace_back(decision.fixed.begin(), decision.fixed.end());
    }
  }
  return out;
}

base::Result<std::vector<std::vector<std::string>>> KnownHoles(const model::Component& component,
                                                               const advisory::Database& database) {
  return KnownHolesWith(component, DatabaseLookup(database));
}

base::Result<MatchResult> Match(const model::Inventory& inventory,
                                const advisory::Database& database, unsigned jobs) {
  return MatchWith(inventory, DatabaseLookup(database), jobs);
}

}  // namespace scantling::match
