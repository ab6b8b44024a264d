// Cases beside a policy: what is given, and what each rule is to say. scantling.policy-cases/1,
// YAML (api/policy-cases.schema.json, docs/policy.md).
//
// Rules are judged by the stages that the policy writes, as if they were agreed.
#pragma once

#include "base/result.h"
#include "model/report.h"
#include "policy/rules/policy.h"
#include "policy/rules/variables.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

inline constexpr std::string_view kCasesSchema = "scantling.policy-cases/1";

enum class Outcome : uint8_t { kMet, kNotMet, kInGrace, kRouted, kExcepted, kUnknown };
std::string_view ToString(Outcome outcome);  // "met", "not_met", "in_grace", ...

struct PolicyCase {
  std::string name;
  std::string where;  // "policy.cases.yaml:4"
  model::Report report;
  std::vector<std::string> first_seen;  // of each finding
  RunFacts facts;                       // without first_seen
  std::string exceptions;               // text of an exceptions file; "" none
  std::string exceptions_path;
  std::map<std::string, Outcome> rules;  // what is expected
  std::optional<bool> stop;
  std::optional<bool> warn;
};

// How a case's files are read; paths are relative to the cases file, as it writes them.
struct CaseFiles {
  std::function<base::Result<model::Report>(const std::string&)> report;
  std::function<base::Result<std::string>(const std::string&)> text;
};

// All mistakes at once, with file:line:column.
base::Result<std::vector<PolicyCase>> ParseCases(std::string_view text, std::string_view path,
                                                 const CaseFiles& files = {});

struct CaseResult {
  std::string name;
  bool passed = false;
  std::string text;  // "policy.cases.yaml:4: no-kev: expected met, it is in_grace"; a line each
};

std::vector<CaseResult> RunCases(const Policy& policy, const std::vector<PolicyCase>& cases);

}  // namespace scantling::policy
