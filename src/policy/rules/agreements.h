// Agreements: who agreed that a rule is raised, for which team, when, on what replay.
// scantling.agreements/1, YAML (api/agreements.schema.json, docs/policy.md).
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "policy/rules/policy.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

inline constexpr std::string_view kAgreementsSchema = "scantling.agreements/1";

struct Agreement {
  std::string policy;  // name
  std::string rule;
  model::Stage stage = model::Stage::kEnforce;  // up to this one
  std::string team;                             // "*" = every team
  std::string who;
  std::string when;    // date; it counts from this day
  std::string replay;  // what it was agreed upon
  std::string digest;  // Rule::digest that was agreed to; "" any
  std::string where;   // "agreements.yaml:14"
};

struct Agreements {
  std::string path;
  std::vector<Agreement> entries;
};

// All mistakes at once, with file:line:column; a file with one is refused as a whole, so that no
// rule is raised by half a record.
base::Result<Agreements> ParseAgreements(std::string_view text, std::string_view path);

// The stage that holds for a rule that wants `asked`: as far as it needs no agreement or has one.
// `why` says what is missing when that is less.
model::Stage AgreedStage(const Policy& policy, const Rule& rule, model::Stage asked,
                         const std::string& team, base::Seconds now,
                         const Agreements* maybe_agreements, std::string& why);

}  // namespace scantling::policy
