// scantling scan: the whole path, the report, and the exit code that a pipeline asked for.
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/post.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "net/url.h"
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

int ThresholdExit(const Settings& settings, const model::Report& report) {
  const std::vector<std::string> met = MetThresholds(settings, report::Summarize(report));
  const std::vector<std::string> gaps =
      settings.fail_on_gaps ? report::Gaps(report) : std::vector<std::string>();
  if (!gaps.empty()) {
    Note(settings, "gaps: " + base::Join(gaps, ", ") + (met.empty() ? " (exit 4)" : ""));
  }
  if (!met.empty()) {
    Note(settings, "threshold met: " + base::Join(met, ", ") + " (exit 1)");
    return kThresholdMet;
  }
  return gaps.empty() ? kDone : kGapsFound;
}

int RunScan(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const auto destinations = Destinations(settings, invocation.arguments);
  if (!destinations) {
    return Fail(destinations.error());
  }
  if (const auto checked = CheckTemplate(settings, *destinations); !checked) {
    return Fail(checked.error());
  }
  const auto judgement = ReadJudgement(settings);
  if (!judgement) {
    return Fail(judgement.error());
  }
  auto database = OpenDatabase(settings);
  if (!database) {
    return Fail(database.error());
  }
  auto subject = ReadSubject(settings, invocation.arguments[0]);
  if (!subject) {
    return Fail(subject.error());
  }
  auto made = MakeReport(std::move(subject->inventory), database->database, settings, *judgement,
                         subject->report ? &*subject->report : nullptr);
  if (!made) {
    return Fail(made.error());
  }
  const Lasting<model::Report> report(*std::move(made));
  if (subject->kind == SubjectKind::kImage) {
    Remember(settings, report->inventory.image, judgement->now);
  }
  if (const auto written = WriteReport(settings, *destinations, *report); !written) {
    return Fail(written.error());
  }
  if (!settings.submit.empty()) {
    // The server judges by its own database; what it wants is the inventory, which has the image's
    // own name.
    std::string path = "/api/v1/scans?via=scan";
    for (const std::string& name : settings.image_name) {
      path += "&name=" + net::PercentEncode(name);
    }
    const auto sent = PostToServer(settings, settings.submit, path, report::ToJson(*report));
    if (!sent) {
      return Fail(sent.error());
    }
    Note(settings, "submitted to " + settings.submit);
  }
  return ThresholdExit(settings, *report);
}

}  // namespace scantling::cli
