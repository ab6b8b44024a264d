// scantling diff: what changed between two images, reports, baselines or SBOMs, both judged against
// the same database.
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "policy/change/compare.h"

namespace scantling::cli {

int RunDiff(const Invocation& invocation) {
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
  const auto database = OpenDatabase(settings);
  if (!database) {
    return Fail(database.error());
  }
  auto old_subject = ReadSubject(settings, invocation.arguments[0]);
  if (!old_subject) {
    return Fail(old_subject.error());
  }
  const auto old_side = JudgeOldSide(*std::move(old_subject), database->database, settings);
  if (!old_side) {
    return Fail(old_side.error());
  }
  auto subject = ReadSubject(settings, invocation.arguments[1]);
  if (!subject) {
    return Fail(subject.error());
  }
  auto report = MakeReport(std::move(subject->inventory), database->database, settings, *judgement,
                           subject->report ? &*subject->report : nullptr);
  if (!report) {
    return Fail(report.error());
  }
  policy::Compare(*report, old_side->baseline, old_side->rematched);
  const auto written = WriteReport(settings, *destinations, *report);
  return written ? static_cast<int>(kDone) : Fail(written.error());
}

}  // namespace scantling::cli
