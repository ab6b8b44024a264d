// scantling scan: the whole path, the report, and the exit code that a pipeline asked for.
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::cli {
namespace {

// What of --fail-on was met, in words; empty = nothing.
std::vector<std::string> MetThresholds(const Settings& settings, const report::Summary& summary) {
  std::vector<std::string> met;
  for (const std::string& threshold : settings.fail_on) {
    uint64_t count = 0;
    std::string words = threshold;
    if (threshold == "kev") {
      count = summary.exploited;
      words = "exploited (kev)";
    } else if (threshold == "fixable") {
      count = summary.fixable;
    } else if (const auto level = model::LevelFromName(threshold)) {
      for (size_t i = static_cast<size_t>(std::to_underlying(*level)); i < summary.by_level.size();
           ++i) {
        count += summary.by_level[i];
      }
      words += *level == model::Level::kCritical ? "" : " or above";
    }
    if (count != 0) {
      met.push_back(std::to_string(count) + " " + words);
    }
  }
  return met;
}

}  // namespace

int RunScan(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  if (settings.format == "cyclonedx") {
    return Fail(kUsageError, "scan writes text or json; cyclonedx is for: scantling inventory");
  }
  auto screen = Screen(settings);
  if (!screen) {
    return Fail(screen.error());
  }
  auto database = OpenDatabase(settings);
  if (!database) {
    return Fail(database.error());
  }
  auto inventory = ReadInventory(settings, invocation.arguments[0]);
  if (!inventory) {
    return Fail(inventory.error());
  }
  auto report = MakeReport(*std::move(inventory), database->database, settings);
  if (!report) {
    return Fail(report.error());
  }
  const auto written = WriteResult(settings, [&](base::Output& output) {
    if (settings.format == "json") {
      report::WriteJson(*report, output);
    } else {
      output.text() += report::ToScreen(*report, *screen);
    }
  });
  if (!written) {
    return Fail(written.error());
  }
  const std::vector<std::string> met = MetThresholds(settings, report::Summarize(*report));
  const std::vector<std::string> gaps =
      settings.fail_on_gaps ? report::Gaps(*report) : std::vector<std::string>();
  if (!gaps.empty()) {
    Note(settings, "gaps: " + base::Join(gaps, ", ") + (met.empty() ? " (exit 4)" : ""));
  }
  if (!met.empty()) {
    Note(settings, "threshold met: " + base::Join(met, ", ") + " (exit 1)");
    return kThresholdMet;
  }
  return gaps.empty() ? kDone : kGapsFound;
}

}  // namespace scantling::cli
