// scantling explain: why an id is, or is not, a finding of an image or of a report's inventory.
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "match/match.h"
#include "report/report.h"
#include "report/text.h"

namespace scantling::cli {
namespace {

// What VEX documents and exceptions say of the id, for each component that has it: the findings'
// own treatment, and every statement with why it applies or not.
base::Result<std::string> DecidedText(model::Inventory inventory,
                                      const match::Explanation& explanation,
                                      const advisory::Database& database, const Settings& settings,
                                      const Judgement& judgement) {
  SCANTLING_TRY(const model::Report report,
                MakeReport(std::move(inventory), database, settings, judgement));
  std::string out;
  for (const match::Verdict& verdict : explanation.verdicts) {
    std::string lines;
    for (const std::string& line :
         policy::ExplainVex(report, explanation.id, verdict.component, judgement.vex)) {
      lines += "    " + report::Clean(line) + "\n";
    }
    for (const model::Finding& finding : report.findings) {
      if (finding.id == explanation.id && finding.component == verdict.component &&
          finding.treatment) {
        const model::Treatment& treatment = *finding.treatment;
        lines += "    so it is: " + std::string(model::ToString(treatment.kind)) + ", by " +
                 report::Clean(treatment.id) + " (" + report::Clean(treatment.source) + ")" +
                 (treatment.until.empty() ? "" : " until " + treatment.until) + "\n";
      }
    }
    if (!lines.empty()) {
      out += "  " + report::Clean(verdict.component) + "\n" + lines;
    }
  }
  for (const model::ExceptionUse& use : report.exceptions) {
    if (use.state == "expired" || use.state == "invalid") {
      out += "  " +
             report::Clean(use.where + ": " + use.id + " does not count: " +
                           (use.note.empty() ? use.state + " on " + use.until : use.note)) +
             "\n";
    }
  }
  return out.empty() ? "\nNo VEX statement and no exception is about it.\n"
                     : "\nWhat was decided:\n" + out;
}

}  // namespace

int RunExplain(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  auto screen = Screen(settings);
  if (!screen) {
    return Fail(screen.error());
  }
  auto database = OpenDatabase(settings);
  if (!database) {
    return Fail(database.error());
  }
  if (database->path.empty()) {
    Note(settings,
         "note: no database is installed; this answer is by the starter set inside the program, "
         "which lacks most "
         "advisories");
  }
  const auto judgement = ReadJudgement(settings);
  if (!judgement) {
    return Fail(judgement.error());
  }
  auto subject = ReadSubject(settings, invocation.arguments[1]);
  if (!subject) {
    return Fail(subject.error());
  }
  const std::string& digest = database->database.Info().digest;
  if (subject->report && subject->report->database.digest != digest) {
    Note(settings, "note: " + subject->name + " was made with another database (" +
                       subject->report->database.digest + "); this answer is by the present one (" +
                       digest + ")");
  }
  const auto explanation =
      match::Explain(invocation.arguments[0], subject->inventory, database->database);
  if (!explanation) {
    return Fail(explanation.error());
  }
  std::string text = report::ExplanationToText(*explanation, *screen);
  if (!judgement->vex.empty() || !judgement->exceptions.empty()) {
    const auto decided = DecidedText(std::move(subject->inventory), *explanation,
                                     database->database, settings, *judgement);
    if (!decided) {
      return Fail(decided.error());
    }
    text += *decided;
  }
  return Print(text);
}

}  // namespace scantling::cli
