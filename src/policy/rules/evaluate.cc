// See evaluate.h.
#include "policy/rules/evaluate.h"

#include "base/strings.h"

#include <algorithm>
#include <functional>

namespace scantling::policy {
namespace {

std::string Earlier(std::string a, const std::string& b) {
  return b.empty() || (!a.empty() && a <= b) ? std::move(a) : b;
}

// A condition as it is shown: on one line.
std::string OneLine(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  return std::string(base::Trim(out));
}

// Rules for one team and environment, with the stage that holds.
class Run {
 public:
  Run(const Policy& policy, const PolicyContext& context, model::Verdict& out)
      : policy_(policy), context_(context), out_(out) {
    out.policy = policy.name;
    out.policy_digest = policy.digest;
    out.environment = context.facts.environment;
    out.team = context.facts.team;
    for (const Rule& rule : policy.rules) {
      model::RuleOutcome outcome;
      outcome.rule = rule.id;
      outcome.text = rule.text;
      outcome.who = rule.who;
      const auto own = rule.environments.find(context.facts.environment);
      outcome.asked = own == rule.environments.end() ? rule.stage : own->second;
      outcome.stage = context.as_written ? outcome.asked
                                         : AgreedStage(policy, rule, outcome.asked,
                                                       context.facts.team, context.facts.now,
                                                       context.maybe_agreements, outcome.held_back);
      highest_ = std::max(highest_, outcome.stage);
      out.rules.push_back(std::move(outcome));
    }
  }

  void Judge(const model::Report& report) {
    compared_ = report.comparison.has_value();
    Variables variables(report, context_.facts);
    std::vector<const cel::Program*> programs;
    for (const Rule& rule : policy_.rules) {
      if (!rule.about_image) {
        programs.push_back(&rule.when);
      }
    }
    variables.FillOnly(programs);
    std::vector<RuleExceptions> exceptions;
    for (const Exceptions& file : context_.exceptions) {
      exceptions.emplace_back(report, file,
                              ExceptionContext{context_.facts.environment, context_.facts.now});
    }
    for (size_t i = 0; i < report.findings.size(); ++i) {
      if (model::IsOpen(report.findings[i])) {
        JudgeFinding(report.findings[i], i, variables, exceptions);
      }
    }
    for (size_t at = 0; at < policy_.rules.size(); ++at) {
      if (policy_.rules[at].about_image) {
        JudgeImage(policy_.rules[at], out_.rules[at], variables, exceptions);
      }
    }
    for (model::RuleOutcome& outcome : out_.rules) {
      for (auto* keys : {&outcome.findings, &outcome.in_grace, &outcome.routed, &outcome.excepted,
                         &outcome.unknown}) {
        std::sort(keys->begin(), keys->end());
      }
      const bool met = !outcome.findings.empty() || !outcome.matched.empty();
      out_.stopped = out_.stopped || (met && outcome.stage == model::Stage::kEnforce);
      out_.warned = out_.warned || (met && outcome.stage == model::Stage::kWarn);
      if (!outcome.unknown_why.empty()) {
        const Answer answer = policy_.on_failure.unknown[std::to_underlying(outcome.stage)];
        Take(answer, "rule " + outcome.rule + " is not decided for " +
                         (outcome.unknown.empty()
                              ? "the image"
                              : std::to_string(outcome.unknown.size()) + " of the findings") +
                         ": " + outcome.unknown_why);
      }
    }
    JudgeData(report);
  }

  // What happens when there is no judgement.
  void Fail(const Answers& answers, const std::string& what) {
    Take(answers[std::to_underlying(highest_)], what);
  }

 private:
  void Take(Answer answer, const std::string& what) {
    out_.notes.push_back(what + " (" + std::string(ToString(answer)) + ")");
    out_.warned = out_.warned || answer == Answer::kWarn;
    out_.stopped = out_.stopped || answer == Answer::kStop;
  }

  void JudgeFinding(const model::Finding& finding, size_t index, Variables& variables,
                    const std::vector<RuleExceptions>& exceptions) {
    const cel::Rows* rows = nullptr;
    std::string key;
    for (size_t at = 0; at < policy_.rules.size(); ++at) {
      const Rule& rule = policy_.rules[at];
      if (rule.about_image || !rule.changes[std::to_underlying(finding.change)]) {
        continue;
      }
      if (rows == nullptr) {
        rows = &variables.ForFinding(index);
      }
      const cel::Value value = evaluator_.Run(rule.when, *rows);
      if (value.IsFalse()) {
        continue;
      }
      model::RuleOutcome& outcome = out_.rules[at];
      if (key.empty()) {
        key = model::FindingKey(finding.id, finding.component);
      }
      if (std::any_of(exceptions.begin(), exceptions.end(),
                      [&](const auto& file) { return file.RuleIsExcepted(rule.id, finding); }) ||
          WasExcepted(rule.id, key)) {
        outcome.excepted.push_back(key);
      } else if (finding.change == model::Change::kNewInWorld ||
                 (compared_ && finding.change == model::Change::kUnknown)) {
        // Also what the baseline could not read: nobody knows that this change brought it.
        outcome.routed.push_back(key);
      } else if (value.IsError()) {
        if (outcome.unknown_why.empty()) {
          outcome.unknown_why = cel::FaultText(rule.when.schema(), value);
        }
        outcome.unknown.push_back(key);
      } else {
        Count(rule, finding, variables.FirstSeen(index), key, outcome);
      }
    }
  }

  bool WasExcepted(std::string_view rule, std::string_view key) const {
    if (context_.maybe_recorded == nullptr) {
      return false;
    }
    for (const model::RuleOutcome& outcome : context_.maybe_recorded->rules) {
      if (outcome.rule == rule) {
        return std::binary_search(outcome.excepted.begin(), outcome.excepted.end(), key,
                                  std::less<>());
      }
    }
    return false;
  }

  // Met: it counts now, or its grace runs.
  void Count(const Rule& rule, const model::Finding& finding, base::Seconds first_seen,
             const std::string& key, model::RuleOutcome& outcome) {
    const base::Seconds now = context_.facts.now;
    if (rule.grace.days > 0) {
      // What has no fix yet, or that the baseline shows to be new here, has its whole grace before
      // it. What has a fix of an unknown day errs early: by the day of publication. Whether it is
      // new here, nobody knows without a baseline: then there is no grace.
      const bool fixed = finding.fix_state == model::FixState::kFixed;
      base::Seconds start = Start(rule.grace.since, finding, first_seen);
      if (start < 0 && fixed && rule.grace.since == Since::kFixAvailable) {
        start = Start(Since::kPublished, finding, first_seen);
      }
      const bool unstarted =
          start < 0 && ((rule.grace.since == Since::kFixAvailable && !fixed) ||
                        (rule.grace.since == Since::kFirstSeen && context_.facts.first_seen));
      const base::Seconds end = (unstarted ? now : start) + rule.grace.days * base::kSecondsPerDay;
      if (unstarted || (start >= 0 && now < end)) {
        outcome.in_grace.push_back(key);
        outcome.deadline = Earlier(outcome.deadline, base::FormatDate(end));
        return;
      }
    }
    outcome.findings.push_back(key);
    switch (rule.deadline.kind) {
      case Deadline::Kind::kNone:
        break;
      case Deadline::Kind::kPriority:
        outcome.deadline = Earlier(outcome.deadline, finding.priority.due);
        break;
      case Deadline::Kind::kKevDue:
        outcome.deadline = Earlier(outcome.deadline, finding.kev ? finding.kev->due_date : "");
        break;
      case Deadline::Kind::kDays:
        if (const base::Seconds start = Start(rule.deadline.since, finding, first_seen);
            start >= 0) {
          outcome.deadline =
              Earlier(outcome.deadline,
                      base::FormatDate(start + rule.deadline.days * base::kSecondsPerDay));
        }
        break;
    }
  }

  void JudgeImage(const Rule& rule, model::RuleOutcome& outcome, Variables& variables,
                  const std::vector<RuleExceptions>& exceptions) {
    const cel::Rows& rows = variables.ForImage();
    const cel::Value value = evaluator_.Run(rule.when, rows);
    if (value.IsFalse()) {
      return;
    }
    if (std::any_of(exceptions.begin(), exceptions.end(),
                    [&](const auto& file) { return file.FindForImage(rule.id) != nullptr; }) ||
        WasExcepted(rule.id, kImageExcepted)) {
      outcome.excepted.emplace_back(kImageExcepted);
    } else if (value.IsError()) {
      outcome.unknown_why = cel::FaultText(rule.when.schema(), value);
    } else {
      outcome.matched = OneLine(rule.when.text());
    }
  }

  // Data that is old or missing, and an image in which nothing was looked up.
  void JudgeData(const model::Report& report) {
    const auto& inventory = report.inventory;
    uint64_t covered = 0;
    std::string old;
    for (const model::EcosystemCoverage& row : report.ecosystems) {
      if (row.data_as_of.empty()) {
        continue;
      }
      covered += row.components;
      const auto as_of = base::ParseTime(row.data_as_of);
      if (as_of && context_.facts.now - *as_of >
                       policy_.on_failure.stale_after_days * base::kSecondsPerDay) {
        old += (old.empty() ? "" : ", ") + row.name + " is of " + row.data_as_of;
      }
    }
    if (covered == 0) {
      Fail(policy_.on_failure.unscanned,
           inventory.components.empty()
               ? "nothing that is installed was found in the image"
               : "no component of the image could be looked up: there are no advisories for them");
    } else if (!old.empty()) {
      Fail(policy_.on_failure.data_stale, "the advisories are older than " +
                                              std::to_string(policy_.on_failure.stale_after_days) +
                                              " days: " + old);
    }
  }

  const Policy& policy_;
  const PolicyContext& context_;
  model::Verdict& out_;
  model::Stage highest_ = model::Stage::kObserve;
  bool compared_ = false;
  cel::Evaluator evaluator_;
};

}  // namespace

base::Seconds Start(Since since, const model::Finding& finding, base::Seconds first_seen) {
  switch (since) {
    case Since::kPublished:
      return base::ParseTime(finding.published).value_or(-1);
    case Since::kFixAvailable:
      return base::ParseTime(finding.fix_available).value_or(-1);
    case Since::kFirstSeen:
      return first_seen;
  }
  return -1;
}

model::Verdict Evaluate(const Policy& policy, const model::Report& report,
                        const PolicyContext& context) {
  model::Verdict out;
  Run(policy, context, out).Judge(report);
  return out;
}

model::Verdict ScanFailed(const Policy& policy, const std::string& reason,
                          const PolicyContext& context) {
  model::Verdict out;
  Run(policy, context, out)
      .Fail(policy.on_failure.scan_failed, "the image could not be scanned: " + reason);
  return out;
}

}  // namespace scantling::policy
