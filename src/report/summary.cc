#include "report/summary.h"

#include "report/text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::report {

Summary Summarize(const model::Report& report) {
  Summary out;
  out.components = report.inventory.components.size();
  std::vector<std::string_view> ids;
  for (const model::Finding& finding : report.findings) {
    if (!model::IsOpen(finding)) {
      ++(finding.treatment->kind == model::TreatmentKind::kAccepted ? out.accepted
                                                                    : out.not_affected);
      continue;
    }
    ++out.findings;
    ids.push_back(finding.id);
    ++out.by_level[std::to_underlying(finding.severity.level)];
    ++out.by_fix_state[std::to_underlying(finding.fix_state)];
    out.exploited += finding.kev.has_value() ? 1 : 0;
    out.fixable += finding.fix_state == model::FixState::kFixed ? 1 : 0;
  }
  std::sort(ids.begin(), ids.end());
  out.vulnerabilities = static_cast<uint64_t>(std::unique(ids.begin(), ids.end()) - ids.begin());
  out.actions = static_cast<uint64_t>(std::count_if(
      report.actions.begin(), report.actions.end(),
      [](const model::Action& action) { return action.kind != model::ActionKind::kNothingYet; }));
  out.gaps = Gaps(report).size();
  return out;
}

std::vector<std::string> Gaps(const model::Report& report) {
  std::vector<std::string> gaps;
  if (report.inventory.components.empty()) {
    gaps.emplace_back("nothing that is installed was found");
  }
  uint64_t starter = 0;
  uint64_t not_looked_up = 0;
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    const std::string components = Count(ecosystem.components, "component");
    if (ecosystem.state == model::DataState::kNoData) {
      gaps.push_back("no advisories for " + ecosystem.name + " (" + components + " not checked)");
    } else if (ecosystem.state == model::DataState::kUnsupportedRelease) {
      gaps.push_back("the advisories do not cover the release " + ecosystem.name + " (" +
                     components + " not checked)");
    } else if (ecosystem.state == model::DataState::kStarterSet) {
      starter += ecosystem.components;
    }
    if (ecosystem.skipped != 0) {
      not_looked_up += ecosystem.skipped;
      gaps.push_back(
          std::to_string(ecosystem.skipped) + " of " + ecosystem.name + "'s " + components +
          " not looked up (" +
          (ecosystem.name == "maven" ? "archives without a group" : "not the distribution's own") +
          ")");
    }
  }
  if (starter != 0) {
    gaps.push_back("only the starter set of advisories for " + Count(starter, "component"));
  }
  const model::Coverage& coverage = report.inventory.coverage;
  if (!coverage.skipped.empty()) {
    gaps.push_back(Count(coverage.skipped.size(), "file") + " could not be read wholly");
  }
  uint64_t errors = 0;
  uint64_t undecided = 0;
  bool no_group = false;
  for (const model::Diagnostic& diagnostic : report.inventory.diagnostics) {
    undecided += diagnostic.code == "version.uncomparable" ? 1 : 0;
    no_group = no_group || diagnostic.code == "match.maven-group-unknown";
    errors += diagnostic.severity == model::Severity::kError ? 1 : 0;
  }
  if (undecided != 0) {
    gaps.push_back(Count(undecided, "version") + " could not be compared");
  }
  if (no_group && not_looked_up == 0) {  // a report of before that was counted
    gaps.emplace_back("archives without a Maven group were not looked up");
  }
  if (errors != 0) {
    gaps.push_back(Count(errors, "error") + " while reading");
  }
  return gaps;
}

}  // namespace scantling::report
