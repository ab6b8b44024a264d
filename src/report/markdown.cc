// WriteMarkdown: a summary for people, for GITHUB_STEP_SUMMARY (at most 1 MiB there) and the like:
// the verdict, what this change brings, the steps that end it and what stops, the rules, the worst
// findings, what is not covered. CommonMark with GitHub's tables (https://github.github.com/gfm/)
// and <details>.
#include "report/markdown.h"

#include "base/strings.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/summary.h"
#include "report/text.h"

#include <algorithm>

namespace scantling::report {
namespace {

// What Markdown, HTML and the forges' own syntax ($math$, :emoji:, http://) give a meaning.
constexpr std::string_view kSyntax = "\\`*_{}[]#!|~<>&\"'$:@%";
// The same at the start of a line.
constexpr std::string_view kStart = "+-=";

void AppendEscaped(std::string& out, std::string_view clean) {
  for (size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    const bool www = c == '.' && i > 0 && (clean[i - 1] == 'w' || clean[i - 1] == 'W');
    const bool start = i == 0 && kStart.find(c) != std::string_view::npos;
    if (kSyntax.find(c) == std::string_view::npos && !www && !start) {
      out += c;
      continue;
    }
    out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    // Mentions and references are looked for in the text that is shown, where an entity is no
    // help: something between, that has no width.
    if (c == '@' || ((c == '#' || c == '!' || c == '~' || c == '%') && i + 1 < clean.size())) {
      out += "&#8203;";
    }
  }
}

std::string_view LevelWord(model::Level level) {
  return level == model::Level::kUnknown ? "unknown" : model::ToString(level);
}

// Appends rows while they fit.
class Page {
 public:
  Page(std::string* out, size_t bytes) : out_(out), end_(out->size() + bytes) {}

  bool Fits(size_t bytes) const { return out_->size() + bytes <= end_; }
  bool Add(std::string_view text) {
    if (!Fits(text.size() + kTail)) {
      return false;
    }
    *out_ += text;
    return true;
  }
  // What must be there: notes of what was left out, the end.
  void AddTail(std::string_view text) {
    if (Fits(text.size())) {
      *out_ += text;
    }
  }

 private:
  static constexpr size_t kTail = 2048;
  std::string* out_;
  size_t end_;
};

void AddHead(const model::Report& report, Page& page) {
  std::string text = "## Scantling: " + std::string(VerdictWord(report)) + ", " +
                     MarkdownCode(ImageNameOf(report)) + "\n\n";
  const auto brought = FindingsOfThisChange(report);
  const std::string counts = MarkdownText(CountsText(brought));
  if (report.comparison) {
    text += brought.empty() ? "**This change brings no finding**"
                            : "**This change brings " + counts + "**";
    text += " (against " + MarkdownCode(report.comparison->against) + ")";
    if (const size_t resolved = report.comparison->resolved.size(); resolved != 0) {
      text += " and resolves " + std::to_string(resolved);
    }
    if (const std::string others = OthersToTellText(report); !others.empty()) {
      text += "; **" + others + "**";
    }
    text += ".\n";
    if (const std::string others = NotYoursText(report); !others.empty()) {
      text += "\nNot this change's: " + MarkdownText(others, 600) + ".\n";
    }
  } else {
    text += brought.empty() ? "No open finding in what was checked" : "**" + counts + "**";
    text += ". There is no baseline: these are not only what this change brings.\n";
  }
  const Summary summary = Summarize(report);
  if (summary.accepted + summary.not_affected != 0) {
    text += "\nClosed and not counted: " + std::to_string(summary.accepted) + " accepted, " +
            std::to_string(summary.not_affected) + " by VEX.\n";
  }
  page.Add(text);
}

void AddSteps(const model::Report& report, const FormatOptions& options, size_t most, Page& page) {
  const std::vector<ToldAction> steps = ActionsToTell(report);
  if (steps.empty()) {
    return;
  }
  if (!page.Add(
          "\n### Do next\n\n| | step | ends | where | who | why |\n|---|---|---|---|---|---|\n")) {
    return;
  }
  size_t shown = 0;
  for (const ToldAction& step : steps) {
    const model::Action& action = *step.action;
    const bool wait = action.kind == model::ActionKind::kNothingYet;
    const int32_t layer = action.layer >= 0 || wait ? action.layer : step.findings.front()->layer;
    std::string row = "| " + (wait ? std::string("–") : std::to_string(shown + 1)) + " | ";
    row += wait ? std::string(WaitText(step)) : "**" + MarkdownText(action.title) + "**";
    row += " | " + MarkdownText(EndsText(report, step, 4)) + " | ";
    row += LineOf(report, layer) > 0 ? MarkdownCode(PlaceOf(report, layer))
           : layer >= 0              ? "layer " + LayerNumber(layer)
                                     : "";
    row += " | ";
    row += wait                                   ? ""
           : action.owner == model::Owner::kImage ? "image owner"
                                                  : model::ToString(action.owner);
    row += " | " + MarkdownText(ReasonText(report, action, options.screen)) + " |\n";
    if (shown == most || !page.Add(row)) {
      page.AddTail("\n" + Count(steps.size() - shown, "more step", "more steps") + ".\n");
      return;
    }
    ++shown;
  }
}

void AddRules(const model::Report& report, Page& page) {
  if (!report.verdict) {
    return;
  }
  const model::Verdict& verdict = *report.verdict;
  std::string rows;
  size_t quiet = 0;
  bool heading = false;
  for (const model::RuleOutcome& outcome : verdict.rules) {
    if (!IsWorthALine(outcome)) {
      ++quiet;
      continue;
    }
    const std::string_view rule_word = RuleWord(outcome);
    const std::string_view word = rule_word == "stops" ? "**stops**" : rule_word;
    std::vector<std::string> facts;
    for (const std::string& fact : RuleFacts(outcome)) {
      facts.push_back(MarkdownText(fact));
    }
    if (outcome.stage < outcome.asked) {
      facts.push_back("held back from " + std::string(model::ToString(outcome.asked)) + ": " +
                      MarkdownText(outcome.held_back));
    }
    rows = "| " + std::string(word) + " | " + MarkdownCode(outcome.rule) + " " +
           MarkdownText(outcome.text) + " | " + base::Join(facts, "; ") + " | " +
           MarkdownText(RuleDate(outcome), 60) + " |\n";
    if (!heading) {
      heading = true;
      page.Add("\n### Rules\n\n| | rule | what | date |\n|---|---|---|---|\n");
    }
    if (!page.Add(rows)) {
      break;
    }
  }
  std::string text = "\n" + MarkdownText(PolicyText(report), 400);
  if (quiet != 0) {
    text += "; " + Count(quiet, "rule") + " met nothing";
  }
  text += ".\n";
  for (size_t i = 0; i < verdict.notes.size() && i < 10; ++i) {
    text += "\n- " + MarkdownText(verdict.notes[i]);
  }
  page.Add(verdict.notes.empty() ? text : text + "\n");
}

void AddFindings(const model::Report& report, size_t most, Page& page) {
  const auto findings = FindingsToTell(report);
  if (findings.empty()) {
    return;
  }
  const Index index(report);
  if (!page.Add("\n<details><summary>" + Count(findings.size(), "finding") +
                "</summary>\n\n| severity | vulnerability | component | fix | facts "
                "|\n|---|---|---|---|---|\n")) {
    return;
  }
  size_t shown = 0;
  for (const model::Finding* finding : findings) {
    const model::Component* component = index.MaybeComponent(finding->component);
    const std::string link = AdvisoryLink(finding->id);
    std::string row = "| " + std::string(LevelWord(finding->severity.level)) + " | ";
    row += link.empty() ? MarkdownCode(finding->id, 80) : "[" + finding->id + "](" + link + ")";
    row += " | " + MarkdownCode(NameAndVersion(component, finding->component)) + " | " +
           MarkdownText(finding->fixed_versions.empty() ? SolutionOf(*finding, component, nullptr)
                                                        : finding->fixed_versions.front(),
                        120) +
           " | ";
    std::vector<std::string> facts;
    if (finding->kev) {
      facts.emplace_back("exploited (KEV)");
    }
    if (finding->epss) {
      facts.push_back("EPSS " + Percent(finding->epss->probability));
    }
    row += MarkdownText(base::Join(facts, ", ")) + " |\n";
    if (shown == most || !page.Add(row)) {
      break;
    }
    ++shown;
  }
  if (shown < findings.size()) {
    page.AddTail("\n" + std::to_string(findings.size() - shown) +
                 " more; the full report has them.\n");
  }
  page.AddTail("\n</details>\n");
}

// "" without a link to the web.
std::string LinkText(const FormatOptions& options) {
  if (!options.link.starts_with("https://") && !options.link.starts_with("http://")) {
    return {};
  }
  std::string link;
  for (const char c : Clean(options.link)) {
    if (std::string_view("()<> \"\\[]`|").find(c) == std::string_view::npos) {
      link += c;
    }
  }
  return "\n[The full report](" + link + ")\n";
}

}  // namespace

std::string MarkdownText(std::string_view text, size_t most_bytes) {
  std::string out;
  AppendEscaped(out, CutBytes(Clean(text.substr(0, most_bytes * 4)), most_bytes));
  return out;
}

std::string MarkdownCode(std::string_view text, size_t most_bytes) {
  return text.empty() ? std::string() : "<code>" + MarkdownText(text, most_bytes) + "</code>";
}

void AppendMarkdown(const model::Report& report, const FormatOptions& options,
                    const MarkdownBounds& bounds, std::string& out) {
  Page page(&out, bounds.bytes);
  AddHead(report, page);
  AddSteps(report, options, bounds.steps, page);
  AddRules(report, page);
  if (const std::string text = EndingExceptionsText(report); !text.empty()) {
    page.Add("\n**Exceptions**: " + MarkdownText(text, 900) + "\n");
  }
  if (const std::string text = NotCoveredText(report, options.screen.now); !text.empty()) {
    page.Add("\n**Not covered**: " + MarkdownText(text, 1200) + "\n");
  }
  AddFindings(report, bounds.findings, page);
  page.AddTail(LinkText(options));
}

void AppendFailedMarkdown(const model::Report& report, const FormatOptions& options,
                          std::string& out) {
  out += "## Scantling: not scanned, " + MarkdownCode(ImageNameOf(report)) + "\n\n**" +
         MarkdownText(FailedText(report), 2000) +
         "**\n\nThe policy's verdict: " + std::string(VerdictWord(report)) + " (" +
         MarkdownText(PolicyText(report), 400) +
         "). Nothing is known of the image's vulnerabilities.\n";
  out += LinkText(options);
}

void WriteFailedMarkdown(const model::Report& report, const FormatOptions& options,
                         base::Output& output) {
  AppendFailedMarkdown(report, options, output.text());
  output.Record();
}

void WriteMarkdown(const model::Report& report, const FormatOptions& options,
                   base::Output& output) {
  AppendMarkdown(report, options, {}, output.text());
  output.Record();
}

}  // namespace scantling::report
