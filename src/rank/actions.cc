// See actions.h. Steps: proposals per kind (os_actions, language_actions), a short list (shorten),
// the rest (nothing yet).
#include "rank/actions.h"

#include "match/target.h"
#include "rank/language_actions.h"
#include "rank/os_actions.h"
#include "rank/proposal.h"
#include "rank/shorten.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>
#include <utility>

namespace scantling::rank {
namespace {

using model::Finding;

// "2 critical, 5 high, 1 medium"
std::string LevelCounts(const View& view, const FindingIndexes& findings) {
  std::array<uint64_t, 6> counts{};
  for (const uint32_t at : findings) {
    ++counts[std::to_underlying(view.report.findings[at].severity.level)];
  }
  std::string out;
  for (size_t i = counts.size(); i-- > 0;) {
    if (counts[i] != 0) {
      out.append(out.empty() ? "" : ", ").append(std::to_string(counts[i])).append(" ");
      out.append(i == 0 ? "without a severity" : model::ToString(static_cast<model::Level>(i)));
    }
  }
  return out;
}

// The strongest facts first: exploited ones by name, then counts, then the reasons of the riskiest.
std::string ReasonOf(const View& view, const FindingIndexes& findings) {
  std::set<std::string> exploited;
  std::string since;
  const Finding* riskiest = nullptr;
  for (const uint32_t at : findings) {
    const Finding& finding = view.report.findings[at];
    if (finding.kev) {
      exploited.insert(finding.id);
      since = finding.kev->date_added;
    }
    if (riskiest == nullptr || finding.priority.risk > riskiest->priority.risk) {
      riskiest = &finding;
    }
  }
  std::string out;
  if (exploited.size() == 1) {
    out = "exploited: " + *exploited.begin() +
          (since.empty() ? std::string(" (KEV); ") : " (KEV since " + since + "); ");
  } else if (!exploited.empty()) {
    out = "exploited (KEV): " +
          NameList(std::vector<std::string>(exploited.begin(), exploited.end()), 100) + "; ";
  }
  out += LevelCounts(view, findings);
  if (exploited.empty() && riskiest != nullptr) {
    out += "; worst " + riskiest->id;
    // An assumption is no reason that helps to decide; the finding has it.
    const auto& reasons = riskiest->priority.reasons;
    if (!reasons.empty() && !reasons.front().starts_with("no EPSS score")) {
      out += ": " + reasons.front();
    }
  }
  return out;
}

std::string EarliestDue(const View& view, const FindingIndexes& findings) {
  std::string due;
  for (const uint32_t at : findings) {
    const std::string& mine = view.report.findings[at].priority.due;
    if (!mine.empty() && (due.empty() || mine < due)) {
      due = mine;
    }
  }
  return due;
}

// Why there is nothing to do, in the order of the screen.
enum class Why : uint8_t { kNotFixed, kWontFix, kDeferred, kUnknown, kUpstream, kOwned };

Why WhyOf(const View& view, const Finding& finding) {
  switch (finding.fix_state) {
    case model::FixState::kFixed:
      return Why::kUpstream;  // in a package that is the distribution's to change
    case model::FixState::kWontFix:
      return Why::kWontFix;
    case model::FixState::kDeferred:
      return Why::kDeferred;
    case model::FixState::kUnknown:
      return Why::kUnknown;
    case model::FixState::kNotFixed:
      break;
  }
  const model::Component* component = view.ComponentOf(finding);
  return component != nullptr && view.OwnerOf(*component) != nullptr ? Why::kOwned : Why::kNotFixed;
}

std::string_view Words(Why why) {
  switch (why) {
    case Why::kNotFixed:
      return "not fixed yet";
    case Why::kWontFix:
      return "will not be fixed";
    case Why::kDeferred:
      return "fix put off";
    case Why::kUnknown:
      return "not decided";
    case Why::kUpstream:
      return "fixed upstream only, in a distribution's package, which has no statement";
    case Why::kOwned:
      return "in a distribution's package, which has no statement";
  }
  return "";
}

Proposal NothingYet(const View& view, FindingIndexes findings) {
  Proposal out;
  out.findings = std::move(findings);
  model::Action& action = out.action;
  action.kind = model::ActionKind::kNothingYet;
  action.id = "nothing_yet";
  action.title = "nothing to do yet about " + Counted(out.findings.size(), "finding", "findings");
  std::array<FindingIndexes, 6> by_why;
  std::string oldest;
  for (const uint32_t at : out.findings) {
    const Finding& finding = view.report.findings[at];
    by_why[std::to_underlying(WhyOf(view, finding))].push_back(at);
    if (!finding.published.empty() && (oldest.empty() || finding.published < oldest)) {
      oldest = finding.published;
    }
  }
  std::string why;
  for (size_t i = 0; i < by_why.size(); ++i) {
    if (by_why[i].empty()) {
      continue;
    }
    const std::string words(Words(static_cast<Why>(i)));
    why.append(why.empty() ? "" : ", ");
    why.append(std::to_string(by_why[i].size())).append(" ").append(words);
    std::set<std::string> packages;
    for (const uint32_t at : by_why[i]) {
      if (const model::Component* component = view.ComponentOf(view.report.findings[at])) {
        packages.insert(
            Typable(component->source_name.empty() ? component->name : component->source_name));
      }
    }
    action.steps.push_back(
        words + ": " + LevelCounts(view, by_why[i]) + " in " +
        NameList(std::vector<std::string>(packages.begin(), packages.end()), 120));
  }
  action.reason = LevelCounts(view, out.findings) + "; " + why;
  if (!oldest.empty()) {
    action.reason += "; oldest since " + oldest.substr(0, 7);
  }
  out.risk = view.RiskOf(out.findings);
  return out;
}

void Finish(const View& view, double total, Proposal& proposal,
            const std::unordered_map<std::string_view, uint64_t>& per_component) {
  model::Action& action = proposal.action;
  std::set<std::string_view> touched;
  for (const uint32_t at : proposal.findings) {
    const Finding& finding = view.report.findings[at];
    action.resolves.push_back(model::FindingKey(finding.id, finding.component));
    touched.insert(finding.component);
  }
  std::sort(action.resolves.begin(), action.resolves.end());
  if (action.kind != model::ActionKind::kNothingYet) {
    uint64_t all = 0;
    for (const std::string_view component : touched) {
      all += per_component.at(component);
    }
    action.remains = proposal.holes_left.value_or(all - proposal.findings.size());
    action.reason = ReasonOf(view, proposal.findings);
    if (action.kind == model::ActionKind::kLeaveBase) {
      action.reason = "end of life since " + view.report.distro_end_of_life + "; " + action.reason;
    }
  } else {
    action.remains = proposal.findings.size();
  }
  action.risk = total > 0 ? proposal.risk / total : 0;
}

}  // namespace

std::vector<model::Action> MakeActions(const model::Report& report, const KnownHoles& known_holes) {
  const View view(report, known_holes);
  FindingIndexes packages;
  FindingIndexes languages;
  std::unordered_map<std::string_view, uint64_t> per_component;
  for (uint32_t at = 0; at < report.findings.size(); ++at) {
    const Finding& finding = report.findings[at];
    if (!model::IsOpen(finding)) {
      continue;
    }
    ++per_component[finding.component];
    const model::Component* component = view.ComponentOf(finding);
    if (component == nullptr) {
      continue;  // a report that was put together by hand: ends in "nothing yet"
    }
    const model::Component* owner = view.OwnerOf(*component);
    const bool distributions =
        match::IsOsPackage(component->type) || (owner != nullptr && !match::IsThirdParty(*owner));
    (distributions ? packages : languages).push_back(at);
  }
  std::vector<Proposal> proposals = ProposeForPackages(view, packages);
  for (Proposal& proposal : ProposeForLanguages(view, languages)) {
    proposals.push_back(std::move(proposal));
  }
  for (Proposal& proposal : proposals) {
    proposal.action.due = EarliestDue(view, proposal.findings);
  }
  SortProposals(proposals);
  proposals = Shorten(view, std::move(proposals));
  for (Proposal& proposal : proposals) {
    proposal.action.due = EarliestDue(view, proposal.findings);
  }

  std::vector<bool> taken(report.findings.size(), false);
  for (const Proposal& proposal : proposals) {
    for (const uint32_t at : proposal.findings) {
      taken[at] = true;
    }
  }
  FindingIndexes rest;
  for (uint32_t at = 0; at < taken.size(); ++at) {
    if (!taken[at] && model::IsOpen(report.findings[at])) {
      rest.push_back(at);
    }
  }
  double total = view.RiskOf(rest);
  for (const Proposal& proposal : proposals) {
    total += proposal.risk;
  }
  if (!rest.empty()) {
    proposals.push_back(NothingYet(view, std::move(rest)));
  }
  std::vector<model::Action> out;
  for (Proposal& proposal : proposals) {
    Finish(view, total, proposal, per_component);
    out.push_back(std::move(proposal.action));
  }
  return out;
}

}  // namespace scantling::rank
