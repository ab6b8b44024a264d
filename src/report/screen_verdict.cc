// What a pipeline adds to the screen: the change against a baseline, the verdict with its rules,
// exceptions that end or have ended, and what closed a finding.
#include "base/strings.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/summary.h"

namespace scantling::report {
namespace {

std::string Line(std::string_view text, Style style, const ScreenOptions& options,
                 size_t indent = 3) {
  std::string out;
  bool first = true;
  for (const std::string& line : Wrap(text, WidthOf(options) - indent - 2)) {
    out += std::string(first ? indent : indent + 2, ' ') + Paint(line, style, options.color) + "\n";
    first = false;
  }
  return out;
}

std::string Heading(std::string_view word, const std::string& text, const ScreenOptions& options) {
  return "\n" + Labelled(word, text, WidthOf(options), options.color);
}

std::string RuleText(const model::RuleOutcome& outcome, const ScreenOptions& options) {
  const bool met = IsMet(outcome);
  std::string_view word = "ok";
  Style style = Style::kPlain;
  if (met && outcome.stage == model::Stage::kEnforce) {
    word = "STOP";
    style = Style::kBrightRed;
  } else if (met && outcome.stage == model::Stage::kWarn) {
    word = "warn";
    style = Style::kYellow;
  } else if (met) {
    word = "note";
  } else if (!outcome.in_grace.empty()) {
    word = "grace";
  } else if (!outcome.routed.empty()) {
    word = "told";
  } else if (!outcome.unknown.empty() || !outcome.unknown_why.empty()) {
    word = "undecided";
  }
  std::vector<std::string> facts = RuleFacts(outcome);
  if (outcome.routed.empty() && met && !outcome.who.empty()) {
    facts.push_back("for: " + Clean(outcome.who));
  }
  if (const auto date = base::ParseTime(outcome.deadline); date) {
    facts.push_back((met ? "due " : "counts from ") + base::FormatDate(*date));
  }
  std::string text = std::string(word) + " " + Clean(outcome.rule);
  if (!outcome.text.empty()) {
    text += ": " + Clean(outcome.text);
  }
  if (!facts.empty()) {
    text += " (" + base::Join(facts, "; ") + ")";
  }
  std::string out = Line(text, style, options);
  if (outcome.stage < outcome.asked) {
    out += Line("held back: the policy asks to " + std::string(model::ToString(outcome.asked)) +
                    ", here it may only " + std::string(model::ToString(outcome.stage)) +
                    (outcome.held_back.empty() ? "" : ": " + Clean(outcome.held_back)),
                Style::kDim, options, 5);
  }
  return out;
}

}  // namespace

std::string ChangeText(const model::Report& report, const ScreenOptions& options) {
  if (!report.comparison) {
    return {};
  }
  const model::Comparison& comparison = *report.comparison;
  std::string against = Clean(comparison.against.empty() ? "the baseline" : comparison.against);
  if (!comparison.recorded.empty()) {
    against += " (as of " + Clean(comparison.recorded) + ")";
  }
  std::string out = Heading("CHANGE", "against " + against, options);
  out += Line(std::to_string(comparison.introduced) + " introduced by this change, " +
                  std::to_string(comparison.inherited) + " inherited from the base, " +
                  std::to_string(comparison.existing) + " there before, " +
                  std::to_string(comparison.new_in_world) + " new in the world; " +
                  std::to_string(comparison.resolved.size()) + " resolved",
              Style::kPlain, options);
  for (const std::string& note : comparison.notes) {
    out += Line("not compared: " + Clean(note), Style::kYellow, options);
  }
  if (options.all) {
    for (const model::Finding& finding : comparison.resolved) {
      out += Line("resolved: " + Clean(finding.id) + " in " + Clean(finding.component),
                  Style::kGreen, options);
    }
  }
  return out;
}

std::string VerdictText(const model::Report& report, const ScreenOptions& options) {
  if (!report.verdict) {
    return {};
  }
  const model::Verdict& verdict = *report.verdict;
  std::string text = verdict.stopped  ? "stopped: an enforced rule is met"
                     : verdict.warned ? "passed with warnings"
                                      : "passed";
  text += "; policy " + Clean(verdict.policy.empty() ? "without a name" : verdict.policy);
  if (!verdict.environment.empty()) {
    text += ", environment " + Clean(verdict.environment);
  }
  if (!verdict.team.empty()) {
    text += ", team " + Clean(verdict.team);
  }
  std::string out = Heading("VERDICT", text, options);
  size_t quiet = 0;
  for (const model::RuleOutcome& outcome : verdict.rules) {
    if (IsWorthALine(outcome) || options.all) {
      out += RuleText(outcome, options);
    } else {
      ++quiet;
    }
  }
  if (quiet != 0) {
    out += Line("ok " + Count(quiet, "rule") + (quiet == verdict.rules.size() ? "" : " more") +
                    " met nothing",
                Style::kPlain, options);
  }
  for (const std::string& note : verdict.notes) {
    out += Line(Clean(note), Style::kYellow, options);
  }
  return out;
}

std::string ExceptionsText(const model::Report& report, const ScreenOptions& options) {
  std::string lines;
  uint64_t used = 0;
  uint64_t unused = 0;
  for (const model::ExceptionUse& use : report.exceptions) {
    used += use.state == "used" || use.state == "expiring" ? 1 : 0;
    unused += use.state == "unused" ? 1 : 0;
    if (!options.all && (use.state == "used" || use.state == "unused")) {
      continue;
    }
    std::string text = Clean(use.id) + " " + Clean(use.state);
    if (!use.until.empty()) {
      text += ", until " + Clean(use.until);
    }
    if (use.findings != 0) {
      text += ", " + Count(use.findings, "finding");
    }
    if (!use.owner.empty()) {
      text += ", owner " + Clean(use.owner);
    }
    if (!use.note.empty()) {
      text += ": " + Clean(use.note);
    }
    if (!use.where.empty()) {
      text += " [" + Clean(use.where) + "]";
    }
    const bool bad = use.state == "expired" || use.state == "invalid" || use.state == "expiring";
    lines += Line(text, bad ? Style::kYellow : Style::kPlain, options);
  }
  if (report.exceptions.empty()) {
    return {};
  }
  return Heading("EXCEPTIONS",
                 std::to_string(used) + " used, " + std::to_string(unused) + " unused, of " +
                     std::to_string(report.exceptions.size()),
                 options) +
         lines;
}

std::string TreatmentText(const model::Finding& finding) {
  if (!finding.treatment) {
    return {};
  }
  const model::Treatment& treatment = *finding.treatment;
  std::string out;
  switch (treatment.kind) {
    case model::TreatmentKind::kAccepted:
      out = "risk accepted";
      break;
    case model::TreatmentKind::kNotAffected:
      out = "not affected (VEX)";
      break;
    case model::TreatmentKind::kFixed:
      out = "fixed (VEX)";
      break;
    case model::TreatmentKind::kAffected:
      out = "affected (VEX)";
      break;
    case model::TreatmentKind::kUnderInvestigation:
      out = "under investigation (VEX)";
      break;
  }
  if (!treatment.until.empty()) {
    out += " until " + Clean(treatment.until);
  }
  std::vector<std::string> facts;
  for (const std::string* fact : {&treatment.reason, &treatment.words}) {
    if (!fact->empty()) {
      facts.push_back(Clean(*fact));
    }
  }
  if (!facts.empty()) {
    out += ": " + base::Join(facts, "; ");
  }
  if (!treatment.id.empty() || !treatment.source.empty()) {
    out += " [" + Clean(treatment.id) +
           (treatment.id.empty() || treatment.source.empty() ? "" : ", ") +
           Clean(treatment.source) + "]";
  }
  return out;
}

std::string ClosedText(const model::Report& report, const ScreenOptions& options) {
  const Summary summary = Summarize(report);
  if (summary.accepted + summary.not_affected == 0) {
    return {};
  }
  std::vector<std::string> parts;
  if (summary.accepted != 0) {
    parts.push_back(std::to_string(summary.accepted) + " accepted");
  }
  if (summary.not_affected != 0) {
    parts.push_back(std::to_string(summary.not_affected) + " closed by VEX");
  }
  return Labelled(
      "Closed:",
      base::Join(parts, ", ") + (options.all ? ", listed above" : ", not counted here (--all)"),
      WidthOf(options), options.color);
}

}  // namespace scantling::report
