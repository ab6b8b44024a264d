// Why a rule does or does not count, for one finding or for the image: lines for people.
#pragma once

#include "policy/rules/evaluate.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace scantling::policy {

// The stage and why, the filter by change, each part of the condition with its value, grace,
// exception, and the result. `maybe_finding`: index in report.findings, for rules about findings.
std::vector<std::string> ExplainRule(const Policy& policy, const Rule& rule,
                                     const model::Report& report,
                                     std::optional<size_t> maybe_finding,
                                     const PolicyContext& context);

}  // namespace scantling::policy
