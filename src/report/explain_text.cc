// ExplanationToText: for each component that an advisory names, why it is or is not a finding.
#include "base/strings.h"
#include "report/report.h"
#include "report/screen_parts.h"

namespace scantling::report {
namespace {

void Line(std::string& out, std::string_view label, std::string_view text, size_t width) {
  if (!text.empty()) {
    out += Labelled("    " + Pad(label, 9), Clean(text), width, false);
  }
}

// Of what matches, and was decided about.
std::string ClosedWord(model::TreatmentKind kind) {
  return kind == model::TreatmentKind::kAccepted      ? "accepted"
         : kind == model::TreatmentKind::kFixed       ? "fixed"
         : kind == model::TreatmentKind::kNotAffected ? "not affected"
                                                      : "finding";
}

}  // namespace

std::string ExplanationToText(const match::Explanation& explanation, const ScreenOptions& options,
                              const ClosedComponents& closed) {
  const size_t width = WidthOf(options);
  std::string out = Paint(Clean(explanation.id), Style::kBold, options.color);
  if (!explanation.aliases.empty()) {
    out += "  (also " + Clean(base::Join(explanation.aliases, ", ")) + ")";
  }
  out += "\n";
  if (!explanation.known) {
    out +=
        "The database has no advisory of that name, so this image was not checked for it.\n"
        "\"scantling db info\" shows what the database holds and how old it is.\n";
    return out;
  }
  if (!explanation.summary.empty()) {
    for (const std::string& line : Wrap(Clean(explanation.summary), width - 2)) {
      out += "  " + line + "\n";
    }
  }
  if (!explanation.unchecked.empty()) {
    out += Labelled("Not checked:",
                    "there is no data for " + Clean(base::Join(explanation.unchecked, ", ")) +
                        ", so nothing is known of those packages.",
                    width, false);
  }
  if (explanation.verdicts.empty()) {
    out += explanation.unchecked.empty()
               ? "No component of this image is named by an advisory about it: not a finding.\n"
               : "No other component of this image is named by an advisory about it.\n";
    if (!explanation.packages.empty()) {
      out += Labelled("It is about:", Clean(base::Join(explanation.packages, ", ")), width, false);
    }
    return out;
  }
  for (const match::Verdict& verdict : explanation.verdicts) {
    const auto decided = closed.find(verdict.component);
    const bool open = verdict.is_finding && decided == closed.end();
    out += "\n" + Paint(open                 ? "  FINDING      "
                        : verdict.is_finding ? Pad("  " + ClosedWord(decided->second), 15)
                                             : "  not a finding",
                        open ? Style::kRed : Style::kGreen, options.color);
    out += " " + Clean(verdict.component) + "\n";
    Line(out, "why", verdict.why, width);
    Line(out, "installed", verdict.version, width);
    Line(out, "affected", verdict.range, width);
    Line(out, "advisory", verdict.advisory, width);
    Line(out, "source", verdict.source + (verdict.as_of.empty() ? "" : ", as of " + verdict.as_of),
         width);
    Line(out, "rule", verdict.rule, width);
  }
  return out;
}

}  // namespace scantling::report
