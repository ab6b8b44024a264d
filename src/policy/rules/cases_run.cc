// RunCases: each case is judged as a report is.
#include "base/nearest.h"
#include "policy/rules/cases.h"
#include "policy/rules/evaluate.h"

#include <algorithm>

namespace scantling::policy {
namespace {

// What a rule says of a case, the strongest first; the case has one finding as a rule.
Outcome OutcomeOf(const model::RuleOutcome& rule) {
  if (!rule.findings.empty() || !rule.matched.empty()) {
    return Outcome::kMet;
  }
  if (!rule.unknown_why.empty()) {
    return Outcome::kUnknown;
  }
  if (!rule.in_grace.empty()) {
    return Outcome::kInGrace;
  }
  if (!rule.routed.empty()) {
    return Outcome::kRouted;
  }
  return rule.excepted.empty() ? Outcome::kNotMet : Outcome::kExcepted;
}

class OneCase {
 public:
  OneCase(const Policy& policy, const PolicyCase& given) : policy_(policy), case_(given) {}

  CaseResult Run() {
    CaseResult out;
    out.name = case_.name;
    PolicyContext context;
    context.facts = case_.facts;
    context.as_written = true;
    std::vector<Exceptions> exceptions;
    if (!case_.exceptions.empty()) {
      auto parsed = ParseExceptions(case_.exceptions, case_.exceptions_path);
      if (!parsed) {
        Say(parsed.error().Message());
      } else {
        exceptions.push_back(*std::move(parsed));
      }
    }
    // Exceptions for findings close them, in a copy; the place of a finding stays.
    model::Report report = case_.report;
    for (const Exceptions& file : exceptions) {
      ApplyExceptions(report, file, {case_.facts.environment, case_.facts.now});
    }
    context.facts.first_seen = [this, &report](const model::Finding& finding,
                                               const model::Component&) {
      const auto place = static_cast<size_t>(&finding - report.findings.data());
      return place < case_.first_seen.size() ? case_.first_seen[place] : std::string();
    };
    context.exceptions = exceptions;
    Compare(Evaluate(policy_, report, context));
    out.passed = text_.empty();
    out.text = std::move(text_);
    return out;
  }

 private:
  void Say(const std::string& text) {
    text_ += (text_.empty() ? "" : "\n") + case_.where + ": " + text;
  }

  void Compare(const model::Verdict& verdict) {
    for (const auto& [id, want] : case_.rules) {
      const auto found = std::find_if(verdict.rules.begin(), verdict.rules.end(),
                                      [&](const auto& rule) { return rule.rule == id; });
      if (found == verdict.rules.end()) {
        Missing(id);
        continue;
      }
      if (const Outcome is = OutcomeOf(*found); is != want) {
        Say(id + ": expected " + std::string(ToString(want)) + ", it is " +
            std::string(ToString(is)) +
            (is == Outcome::kUnknown ? " (" + found->unknown_why + ")" : ""));
      }
    }
    const auto check = [&](const std::optional<bool>& want, bool is, const std::string& what) {
      if (want && *want != is) {
        std::string notes;
        for (const std::string& note : verdict.notes) {
          notes += "; " + note;
        }
        Say("expected " + what + ": " + (*want ? "true" : "false") + ", it is " +
            (is ? "true" : "false") + notes);
      }
    };
    check(case_.stop, verdict.stopped, "stop");
    check(case_.warn, verdict.warned, "warn");
  }

  void Missing(const std::string& id) {
    std::vector<std::string_view> ids;
    for (const Rule& rule : policy_.rules) {
      ids.push_back(rule.id);
    }
    const std::string near = base::Nearest(id, ids);
    Say("the policy has no rule " + id + (near.empty() ? "" : "; did you mean " + near + "?"));
  }

  const Policy& policy_;
  const PolicyCase& case_;
  std::string text_;
};

}  // namespace

std::vector<CaseResult> RunCases(const Policy& policy, const std::vector<PolicyCase>& cases) {
  std::vector<CaseResult> out;
  for (const PolicyCase& each : cases) {
    out.push_back(OneCase(policy, each).Run());
  }
  return out;
}

}  // namespace scantling::policy
