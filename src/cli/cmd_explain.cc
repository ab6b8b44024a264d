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

#include <algorithm>

namespace scantling::cli {
namespace {

// What VEX statements and exceptions say of the id.
struct Decided {
  report::ClosedComponents closed;
  std::string text;  // every statement with why it applies or not
};

// Whether it comes of a file of this run; else the report that is judged again says it.
bool Given(const model::Treatment& treatment, const Judgement& judgement) {
  return treatment.owner.empty() ? !judgement.vex.empty() : !judgement.exceptions.empty();
}

base::Result<Decided> Decide(Subject& subject, const match::Explanation& explanation,
                             const advisory::Database& database, const Settings& settings,
                             const Judgement& judgement) {
  SCANTLING_TRY(const model::Report report,
                MakeReport(std::move(subject.inventory), database, settings, judgement,
                           subject.report ? &*subject.report : nullptr));
  Decided out;
  for (const match::Verdict& verdict : explanation.verdicts) {
    std::string lines;
    if (!judgement.vex.empty()) {
      for (const std::string& line :
           policy::ExplainVex(report, explanation.id, verdict.component, judgement.vex)) {
        lines += "    " + report::Clean(line) + "\n";
      }
    }
    for (const model::Finding& finding : report.findings) {
      if (finding.id == explanation.id && finding.component == verdict.component &&
          finding.treatment) {
        const model::Treatment& treatment = *finding.treatment;
        lines += "    so it is: " + std::string(model::ToString(treatment.kind)) + ", by " +
                 report::Clean(treatment.id) + " (" + report::Clean(treatment.source) + ")" +
                 (Given(treatment, judgement) ? "" : ", kept from the report") +
                 (treatment.until.empty() ? "" : " until " + treatment.until) + "\n";
        if (!model::IsOpen(finding)) {
          out.closed.emplace(finding.component, treatment.kind);
        }
      }
    }
    if (!lines.empty()) {
      out.text += "  " + report::Clean(verdict.component) + "\n" + lines;
    }
  }
  for (const model::ExceptionUse& use : report.exceptions) {
    if (use.state == "expired" || use.state == "invalid") {
      out.text += "  " +
                  report::Clean(use.where + ": " + use.id + " does not count: " +
                                (use.note.empty() ? use.state + " on " + use.until : use.note)) +
                  "\n";
    }
  }
  out.text = out.text.empty() ? "\nNo VEX statement and no exception is about it.\n"
                              : "\nWhat was decided:\n" + out.text;
  return out;
}

// Whether anything can have been decided: it takes a whole report to say what.
bool MayBeDecided(const Subject& subject, const Judgement& judgement) {
  return !judgement.vex.empty() || !judgement.exceptions.empty() ||
         (subject.report &&
          std::any_of(subject.report->findings.begin(), subject.report->findings.end(),
                      [](const auto& finding) { return finding.treatment.has_value(); }));
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
  Decided decided;
  if (MayBeDecided(*subject, *judgement)) {
    auto made = Decide(*subject, *explanation, database->database, settings, *judgement);
    if (!made) {
      return Fail(made.error());
    }
    decided = *std::move(made);
  }
  return Print(report::ExplanationToText(*explanation, *screen, decided.closed) + decided.text);
}

}  // namespace scantling::cli
