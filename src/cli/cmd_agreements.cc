// scantling agreements: who agreed that a rule is raised.
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "report/text.h"

namespace scantling::cli {
namespace {

// Why it does not count, for the policy that it names; "" it does.
std::string Problem(const policy::Agreement& entry, const policy::Policy& policy,
                    base::Seconds now) {
  const policy::Rule* rule = policy.MaybeRule(entry.rule);
  if (rule == nullptr) {
    return "policy " + policy.name + " has no rule \"" + entry.rule + "\"";
  }
  if (!entry.digest.empty() && entry.digest != rule->digest) {
    return "it is for another wording of the rule, whose digest is now " + rule->digest;
  }
  if (base::ParseTime(entry.when).value_or(now + 1) > now) {
    return "it counts from " + entry.when;
  }
  return {};
}

}  // namespace

int RunAgreementsCheck(const Invocation& invocation) {
  Settings settings = invocation.settings;
  settings.agreements = invocation.arguments[0];
  const auto now = Now(settings);
  if (!now) {
    return Fail(now.error());
  }
  const auto agreements = ReadAgreements(settings);
  if (!agreements) {
    return Fail(agreements.error());
  }
  std::optional<policy::Policy> policy;
  if (!settings.policy.empty()) {
    auto read = ReadPolicy(settings, settings.policy);
    if (!read) {
      return Fail(read.error());
    }
    policy = *std::move(read);
  }
  std::string out;
  size_t problems = 0;
  size_t others = 0;
  for (const policy::Agreement& entry : (*agreements)->entries) {
    std::string line = entry.where + ": " + entry.policy + ", " + entry.rule + " up to " +
                       std::string(model::ToString(entry.stage)) + " for " +
                       (entry.team == "*" ? "every team" : "team " + entry.team) + ", by " +
                       entry.who + " on " + entry.when;
    if (policy && entry.policy != policy->name) {
      ++others;
    } else if (const std::string problem = policy ? Problem(entry, *policy, *now) : "";
               !problem.empty()) {
      ++problems;
      line += ": does not count: " + problem;
    }
    out += report::Clean(line) + "\n";
  }
  out += report::Count((*agreements)->entries.size(), "agreement");
  if (policy) {
    out += ", " + std::to_string(problems) + " without effect" +
           (others == 0 ? "" : ", " + std::to_string(others) + " for other policies");
  }
  const int printed = Print(out + "\n");
  return printed == kDone && problems != 0 ? kThresholdMet : printed;
}

}  // namespace scantling::cli
