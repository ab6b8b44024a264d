// GitHub's workflow commands: annotations at the Dockerfile's line
// (https://docs.github.com/actions/reference/workflow-commands). One per step that ends findings of
// this change or what a rule stops or warns about, one per rule about the image; at most ten of
// each kind, for GitHub shows no more per step. The long form is "markdown", for the file that
// GITHUB_STEP_SUMMARY names.
#include "base/strings.h"
#include "report/formats.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace scantling::report {
namespace {

constexpr size_t kMostOfAKind = 10;

enum class Kind : uint8_t { kNotice, kWarning, kError };

// Message and properties: https://github.com/actions/toolkit, command.ts.
std::string Escaped(std::string_view text, bool property, size_t most_bytes) {
  std::string out;
  for (const char c : CutBytes(Clean(text), most_bytes)) {
    if (c == '%') {
      out += "%25";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

class Commands {
 public:
  Commands(const model::Report& report, base::Output& output) : report_(report), output_(output) {}

  void Add(Kind kind, int32_t layer, std::string_view title, std::string_view message) {
    static constexpr std::array<std::string_view, 3> kNames = {"notice", "warning", "error"};
    const auto at = static_cast<size_t>(kind);
    if (++counts_[at] > kMostOfAKind) {
      return;
    }
    std::string& out = output_.text();
    out += "::";
    out += kNames[at];
    out += ' ';
    const std::string& file = report_.inventory.image.dockerfile;
    if (!file.empty()) {
      out += "file=" + Escaped(file, true, 1000) +
             ",line=" + std::to_string(std::max(LineOf(report_, layer), 1)) + ",";
    }
    out += "title=" + Escaped(title, true, 200) + "::" + Escaped(message, false, 1000) + "\n";
    output_.Record();
  }

  uint64_t LeftOut() const {
    uint64_t out = 0;
    for (const uint64_t count : counts_) {
      out += count > kMostOfAKind ? count - kMostOfAKind : 0;
    }
    return out;
  }

 private:
  const model::Report& report_;
  base::Output& output_;
  std::array<uint64_t, 3> counts_{};
};

Kind KindOf(std::optional<model::Stage> stage) {
  return stage == model::Stage::kEnforce ? Kind::kError
         : stage == model::Stage::kWarn  ? Kind::kWarning
                                         : Kind::kNotice;
}

// Without a policy nothing fails; what is exploited or high is worth a warning.
Kind KindOf(const model::Finding& finding) {
  return finding.kev || finding.severity.level >= model::Level::kHigh ? Kind::kWarning
                                                                      : Kind::kNotice;
}

}  // namespace

void WriteGithubAnnotations(const model::Report& report, const FormatOptions& options,
                            base::Output& output) {
  Commands commands(report, output);
  const Stages stages(report);
  if (report.verdict) {
    for (const model::RuleOutcome& outcome : report.verdict->rules) {
      if (!outcome.matched.empty()) {
        commands.Add(KindOf(outcome.stage), -1,
                     "Scantling: " + (outcome.text.empty() ? outcome.rule : outcome.text),
                     outcome.matched + " (rule " + outcome.rule +
                         (outcome.who.empty() ? ")" : "; for: " + outcome.who + ")"));
      }
    }
  }
  const Index index(report);
  struct Step {
    Kind kind;
    const ToldAction* action;
  };
  const std::vector<ToldAction> actions = ActionsToTell(report);
  std::vector<Step> steps;
  for (const ToldAction& action : actions) {
    Kind kind = Kind::kNotice;
    for (const model::Finding* finding : action.findings) {
      kind =
          std::max(kind, report.verdict
                             ? KindOf(stages.Of(model::FindingKey(finding->id, finding->component)))
                             : KindOf(*finding));
    }
    steps.push_back({kind, &action});
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Step& a, const Step& b) { return a.kind > b.kind; });
  for (const Step& step : steps) {
    const model::Action& action = *step.action->action;
    const model::Finding& first = *step.action->findings.front();
    const bool wait = action.kind == model::ActionKind::kNothingYet;
    std::string message = wait ? std::string(WaitText(*step.action)) + ": " : "ends ";
    std::set<std::string_view> components;
    for (const model::Finding* finding : step.action->findings) {
      components.insert(finding->component);
    }
    message += EndsText(report, *step.action, 5) + " in " +
               (components.size() > 1
                    ? std::to_string(components.size()) + " components"
                    : NameAndVersion(index.MaybeComponent(first.component), first.component));
    if (const std::string reason = ReasonText(report, action, options.screen); !reason.empty()) {
      message += "; " + reason;
    }
    commands.Add(step.kind, action.layer >= 0 || wait ? action.layer : first.layer,
                 "Scantling: " + (wait ? std::string(WaitText(*step.action)) : action.title),
                 message);
  }
  if (const std::string text = EndingExceptionsText(report); !text.empty()) {
    commands.Add(Kind::kNotice, -1, "Scantling: exceptions", text);
  }
  if (const std::string text = NotCoveredText(report, options.screen.now); !text.empty()) {
    commands.Add(Kind::kNotice, -1, "Scantling: not covered", text);
  }
  std::string& out = output.text();
  if (const uint64_t more = commands.LeftOut(); more != 0) {
    out += std::to_string(more) + " more are in the summary of this job\n";
  }
  if (steps.empty()) {
    out += report.comparison ? "this change brings no finding; " : "no open finding; ";
    out += VerdictWord(report);
    out += "\n";
  }
  output.Record();
}

void WriteFailedGithub(const model::Report& report, const FormatOptions& /*options*/,
                       base::Output& output) {
  const model::Verdict verdict = report.verdict.value_or(model::Verdict());
  Commands(report, output)
      .Add(verdict.stopped  ? Kind::kError
           : verdict.warned ? Kind::kWarning
                            : Kind::kNotice,
           -1, "Scantling: not scanned", ImageNameOf(report) + ": " + FailedText(report));
}

}  // namespace scantling::report
