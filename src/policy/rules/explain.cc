// See explain.h. The parts of a condition are those that the compiler noted; each is run by itself.
#include "policy/rules/explain.h"

#include "policy/rules/plain_text.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace scantling::policy {
namespace {

constexpr size_t kShownItems = 5;
constexpr size_t kShownBytes = 80;

std::string Number(double number) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::string(text.data(), end) : std::string("?");
}

std::string Short(std::string_view text) {
  return PlainText(text.substr(0, kShownBytes)) + (text.size() > kShownBytes ? "..." : "");
}

std::string ValueText(const cel::Value& value, const cel::Type& type, const cel::Schema& schema) {
  switch (value.kind) {
    case cel::Kind::kError:
      return cel::FaultText(schema, value);
    case cel::Kind::kNull:
      return "null";
    case cel::Kind::kBool:
      return value.truth ? "true" : "false";
    case cel::Kind::kInt:
      return std::to_string(value.number);
    case cel::Kind::kDouble:
      return Number(value.real);
    case cel::Kind::kString:
      return "\"" + Short(value.Text()) + "\"";
    case cel::Kind::kDate:
      return value.number % base::kSecondsPerDay == 0 ? base::FormatDate(value.number)
                                                      : base::FormatTime(value.number);
    case cel::Kind::kDuration:
      return Number(static_cast<double>(value.number) / base::kSecondsPerDay) + " days";
    case cel::Kind::kEnum:
      return type.enumeration != nullptr && value.number >= 0 &&
                     static_cast<size_t>(value.number) < type.enumeration->words.size()
                 ? "\"" + std::string(type.enumeration->words[static_cast<size_t>(value.number)]) +
                       "\""
                 : "a word";
    case cel::Kind::kList: {
      if (type.element == cel::Kind::kRecord) {
        return std::to_string(value.size) + (value.size == 1 ? " record" : " records");
      }
      std::string out = "[";
      cel::Type element = type;
      element.kind = type.element;
      for (size_t i = 0; i < std::min<size_t>(value.size, kShownItems); ++i) {
        out += (i == 0 ? "" : ", ") + ValueText(value.items[i], element, schema);
      }
      return out + (value.size > kShownItems ? ", ...]" : "]");
    }
    case cel::Kind::kRecord:
      return "a record";
  }
  return "?";
}

std::string_view SinceText(Since since) {
  switch (since) {
    case Since::kPublished:
      return "published";
    case Since::kFixAvailable:
      return "a fix is available";
    case Since::kFirstSeen:
      return "it was first seen here";
  }
  return "";
}

class Explainer {
 public:
  Explainer(const Policy& policy, const Rule& rule, const model::Report& report,
            const PolicyContext& context)
      : policy_(policy), rule_(rule), report_(report), context_(context) {}

  std::vector<std::string> Run(std::optional<size_t> maybe_finding) {
    StageLine();
    if (rule_.about_image) {
      Image();
      return std::move(out_);
    }
    if (!maybe_finding || *maybe_finding >= report_.findings.size()) {
      Say("the rule is about findings; name one");
      return std::move(out_);
    }
    Finding(*maybe_finding);
    return std::move(out_);
  }

 private:
  void Say(std::string_view text) { out_.push_back(PlainText(text)); }

  void StageLine() {
    const auto own = rule_.environments.find(context_.facts.environment);
    const model::Stage asked = own == rule_.environments.end() ? rule_.stage : own->second;
    std::string why;
    stage_ = context_.as_written ? asked
                                 : AgreedStage(policy_, rule_, asked, context_.facts.team,
                                               context_.facts.now, context_.maybe_agreements, why);
    std::string text = "stage: " + std::string(model::ToString(stage_));
    if (own != rule_.environments.end()) {
      text += ", as written for " + context_.facts.environment;
    }
    if (stage_ != asked) {
      text +=
          "; the policy writes " + std::string(model::ToString(asked)) + ", but there is " + why;
    }
    Say(text);
  }

  cel::Value Condition(const cel::Rows& rows) {
    const cel::Program& program = rule_.when;
    std::set<std::string> said;
    for (const cel::Part& part : program.parts()) {
      if (part.connective || part.in_loop) {
        continue;
      }
      const cel::Value value = evaluator_.Run(program, rows, part);
      const std::string text = Short(std::string_view(program.text())
                                         .substr(part.text_begin, part.text_end - part.text_begin));
      const std::string shown = ValueText(value, part.type, program.schema());
      std::string line = value.IsError()  ? text + ": " + shown
                         : part.selection ? text + " = " + shown
                                          : text + " is " + shown;
      if (said.insert(line).second) {
        Say("  " + line);
      }
    }
    const cel::Value value = evaluator_.Run(program, rows);
    Say("condition: " + (value.IsError() ? "no value: " + cel::FaultText(program.schema(), value)
                                         : std::string(value.IsTrue() ? "true" : "false")));
    return value;
  }

  void Undecided() {
    Say("result: not decided; on_failure.condition_unknown says " +
        std::string(ToString(policy_.on_failure.unknown[std::to_underlying(stage_)])));
  }

  const Exception* MaybeException(const model::Finding* maybe_finding) {
    for (const Exceptions& file : context_.exceptions) {
      const RuleExceptions exceptions(report_, file,
                                      {context_.facts.environment, context_.facts.now});
      const Exception* found = maybe_finding == nullptr ? exceptions.FindForImage(rule_.id)
                                                        : exceptions.Find(rule_.id, *maybe_finding);
      if (found != nullptr) {
        return found;
      }
    }
    return nullptr;
  }

  // True: an exception leaves it out.
  bool Excepted(const model::Finding* maybe_finding) {
    const Exception* exception = MaybeException(maybe_finding);
    if (exception == nullptr) {
      return false;
    }
    Say("exception: " + exception->id + " (" + exception->where + ") of " + exception->owner +
        ", until " + exception->until);
    Say("result: left out by the exception");
    return true;
  }

  void Counts() {
    Say(stage_ == model::Stage::kEnforce ? "result: met; it stops"
        : stage_ == model::Stage::kWarn  ? "result: met; it warns"
                                         : "result: met; it is only observed");
  }

  void Image() {
    Variables variables(report_, context_.facts);
    const cel::Value value = Condition(variables.ForImage());
    if (value.IsError()) {
      Undecided();
    } else if (!value.IsTrue()) {
      Say("result: not met");
    } else if (!Excepted(nullptr)) {
      Counts();
    }
  }

  void Finding(size_t index) {
    const model::Finding& finding = report_.findings[index];
    if (!model::IsOpen(finding)) {
      Say("result: not looked at; the finding is closed: " +
          std::string(model::ToString(finding.treatment->kind)) + " by " + finding.treatment->id +
          " (" + finding.treatment->source + ")");
      return;
    }
    std::string wanted;
    for (size_t i = 1; i < rule_.changes.size(); ++i) {
      if (rule_.changes[i]) {
        wanted += (wanted.empty() ? "" : ", ") +
                  std::string(model::ToString(static_cast<model::Change>(i)));
      }
    }
    const std::string change(model::ToString(finding.change));
    if (!rule_.changes[std::to_underlying(finding.change)]) {
      Say("change: " + change + "; the rule looks at " + wanted);
      Say("result: not looked at");
      return;
    }
    Say(finding.change == model::Change::kUnknown
            ? "change: unknown, there is no baseline; every finding counts"
            : "change: " + change + ", which the rule looks at");
    Variables variables(report_, context_.facts);
    const cel::Value value = Condition(variables.ForFinding(index));
    if (value.IsError()) {
      Undecided();
    } else if (!value.IsTrue()) {
      Say("result: not met");
    } else if (!Excepted(&finding)) {
      if (finding.change == model::Change::kNewInWorld) {
        Say("result: told to " + (rule_.who.empty() ? std::string("its owner") : rule_.who) +
            "; what is new in the world does not stop this change");
      } else if (!InGrace(finding, variables.FirstSeen(index))) {
        Counts();
      }
    }
  }

  bool InGrace(const model::Finding& finding, base::Seconds first_seen) {
    if (rule_.grace.days <= 0) {
      return false;
    }
    const base::Seconds start = Start(rule_.grace.since, finding, first_seen);
    const std::string grace = "grace: " + std::to_string(rule_.grace.days) + " days since " +
                              (rule_.grace.since == Since::kPublished ? "it was " : "") +
                              std::string(SinceText(rule_.grace.since));
    if (start < 0) {
      if (rule_.grace.since == Since::kPublished) {
        Say(grace + ": that date is not known, so it has none");
        return false;
      }
      Say(grace + ": not yet");
    } else {
      const base::Seconds end = start + rule_.grace.days * base::kSecondsPerDay;
      Say(grace + " (" + base::FormatDate(start) + "): until " + base::FormatDate(end));
      if (context_.facts.now >= end) {
        return false;
      }
    }
    Say("result: met, and in its grace time; it does not count yet");
    return true;
  }

  const Policy& policy_;
  const Rule& rule_;
  const model::Report& report_;
  const PolicyContext& context_;
  model::Stage stage_ = model::Stage::kObserve;
  cel::Evaluator evaluator_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> ExplainRule(const Policy& policy, const Rule& rule,
                                     const model::Report& report,
                                     std::optional<size_t> maybe_finding,
                                     const PolicyContext& context) {
  return Explainer(policy, rule, report, context).Run(maybe_finding);
}

}  // namespace scantling::policy
