// The log of a pipeline: at most ten lines, the last one the link. Verdict, what this change
// brings, the steps that end it and what stops, what is not this change's, exceptions that end,
// what is not covered.
#include "base/strings.h"
#include "report/formats.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::report {
namespace {

constexpr size_t kMostSteps = 3;
constexpr size_t kMostColumns = 240;  // of a line, so that a hostile name does not fill the log

void Line(std::string& out, std::string_view text, Style style, const FormatOptions& options) {
  out += Paint(Cut(text, kMostColumns), style, options.screen.color);
  out += '\n';
}

// The rules that decide: those of the strongest stage that are met.
std::string DecidingRules(const model::Verdict& verdict) {
  const model::Stage stage = verdict.stopped ? model::Stage::kEnforce : model::Stage::kWarn;
  std::vector<std::string> rules;
  for (const model::RuleOutcome& outcome : verdict.rules) {
    if (IsMet(outcome) && outcome.stage == stage) {
      std::string rule = CutBytes(Clean(outcome.rule), 60);
      if (!outcome.matched.empty()) {
        rule += " (" + CutBytes(Clean(outcome.matched), 80) + ")";
      }
      rules.push_back(std::move(rule));
    }
  }
  // A verdict without such a rule comes from its notes: a failed scan, old data.
  if (rules.empty()) {
    for (const std::string& note : verdict.notes) {
      rules.push_back(CutBytes(Clean(note), 100));
    }
  }
  return base::Join(rules, ", ");
}

// Rules that would say more: met and waiting for an agreement, in grace, undecided.
std::vector<std::string> WaitingRules(const model::Report& report) {
  std::vector<std::string> parts;
  if (report.verdict) {
    for (const model::RuleOutcome& outcome : report.verdict->rules) {
      if (!outcome.held_back.empty() && IsMet(outcome)) {
        parts.push_back("held back: " + CutBytes(Clean(outcome.rule), 60) + ": " +
                        CutBytes(Clean(outcome.held_back), 100));
      }
    }
    for (const model::RuleOutcome& outcome : report.verdict->rules) {
      const std::string rule = CutBytes(Clean(outcome.rule), 60);
      if (!outcome.in_grace.empty()) {
        parts.push_back("in grace: " + rule + ": " + Count(outcome.in_grace.size(), "finding") +
                        (IsMet(outcome) ? "" : ", " + RuleDate(outcome)));
      }
      if (!outcome.unknown.empty() || !outcome.unknown_why.empty()) {
        parts.push_back(
            "undecided: " + rule +
            (outcome.unknown.empty() ? "" : " for " + Count(outcome.unknown.size(), "finding")) +
            ": " + CutBytes(Clean(outcome.unknown_why), 80));
      }
    }
  }
  return parts;
}

std::string StepText(const model::Report& report, const ToldAction& step, size_t number) {
  const model::Action& action = *step.action;
  if (action.kind == model::ActionKind::kNothingYet) {
    return "  -  " + std::string(WaitText(step)) + ": " + EndsText(report, step, 3);
  }
  std::string out = "  " + std::to_string(number) + ". " + Cut(Clean(action.title), 120);
  if (const int32_t layer = action.layer >= 0 ? action.layer : step.findings.front()->layer;
      LineOf(report, layer) > 0) {
    out += "  " + CutBytes(Clean(PlaceOf(report, layer)), 80);
  }
  return out + "  ends " + EndsText(report, step, 3);
}

}  // namespace

void WriteCiText(const model::Report& report, const FormatOptions& options, base::Output& output) {
  std::string& out = output.text();
  std::string head = Cut(Clean(ImageNameOf(report)), 100) + ": ";
  Style style = Style::kBold;
  if (report.verdict) {
    const model::Verdict& verdict = *report.verdict;
    head += VerdictWord(report);
    if (verdict.stopped || verdict.warned) {
      head += ": " + DecidingRules(verdict);
      style = verdict.stopped ? Style::kBrightRed : Style::kYellow;
    }
    head += "; " + PolicyText(report);
  } else {
    head += "no policy, nothing is decided (--policy FILE)";
  }
  Line(out, head, style, options);

  const std::vector<const model::Finding*> brought = FindingsOfThisChange(report);
  if (!report.comparison) {
    Line(out,
         (brought.empty() ? "no open finding" : CountsText(brought)) +
             "; no baseline, so not only what this change brings (--against REF)",
         Style::kPlain, options);
  } else {
    const std::string against = Cut(Clean(report.comparison->against), 60);
    const size_t resolved = report.comparison->resolved.size();
    const std::string others = OthersToTellText(report);
    Line(out,
         "this change brings " + (brought.empty() ? "no finding" : CountsText(brought)) +
             (resolved == 0 ? "" : ", and resolves " + std::to_string(resolved)) +
             (others.empty() ? "" : "; " + others) +
             (against.empty() ? "" : "  (against " + against + ")"),
         Style::kPlain, options);
  }
  std::vector<ToldAction> steps = ActionsToTell(report);
  // What stops comes before what does not.
  const Stages stages(report);
  std::stable_sort(steps.begin(), steps.end(), [&](const ToldAction& a, const ToldAction& b) {
    auto strength = [&](const ToldAction& step) {
      std::optional<model::Stage> strongest;
      for (const model::Finding* finding : step.findings) {
        strongest =
            std::max(strongest, stages.Of(model::FindingKey(finding->id, finding->component)));
      }
      return strongest;
    };
    return strength(a) > strength(b);
  });
  const std::vector<std::string> waiting = WaitingRules(report);
  const size_t most = waiting.empty() ? kMostSteps : kMostSteps - 1;  // of ten lines
  for (size_t i = 0; i < steps.size() && i < most; ++i) {
    Line(out, StepText(report, steps[i], i + 1), Style::kPlain, options);
  }
  if (steps.size() > most) {
    Line(out, "  and " + Count(steps.size() - most, "more step", "more steps"), Style::kPlain,
         options);
  }
  if (!waiting.empty()) {
    Line(out, FitParts(waiting, kMostColumns), Style::kYellow, options);
  }
  if (const std::string text = NotYoursText(report); !text.empty()) {
    Line(out, "not this change's: " + text, Style::kPlain, options);
  }
  // Whole parts, and how many more there are: a line that is cut hides that it has an end.
  const auto list = [&](std::string label, const std::vector<std::string>& parts) {
    if (!parts.empty()) {
      const size_t room = kMostColumns - label.size();
      Line(out, std::move(label) + FitParts(parts, room), Style::kYellow, options);
    }
  };
  list("exceptions: ", EndingExceptions(report));
  list("not covered: ", NotCovered(report, options.screen.now));
  if (!options.link.empty()) {
    out += "all of it: " + Clean(options.link) + "\n";
  }
  output.Record();
}

void WriteFailedCiText(const model::Report& report, const FormatOptions& options,
                       base::Output& output) {
  std::string& out = output.text();
  const bool stopped = report.verdict && report.verdict->stopped;
  Line(out,
       Cut(Clean(ImageNameOf(report)), 100) + ": not scanned, " + std::string(VerdictWord(report)) +
           "; " + PolicyText(report),
       stopped ? Style::kBrightRed : Style::kYellow, options);
  Line(out, FailedText(report), Style::kPlain, options);
  Line(out, "nothing is known of its vulnerabilities", Style::kPlain, options);
  if (!options.link.empty()) {
    out += "all of it: " + Clean(options.link) + "\n";
  }
  output.Record();
}

}  // namespace scantling::report
