// An image against its baseline: which findings this change brought. The rules in words, and the
// edge cases: docs/changes.md.
//
// The same finding = the same id (or an alias) in the same package (ComponentKey), whatever the
// version, the path and the layer. Both sides are judged against the same database: the caller
// matches the baseline's inventory again and hands the result in.
#pragma once

#include "model/report.h"
#include "policy/change/baseline.h"

#include <vector>

namespace scantling::policy {

// Sets change on every finding of `current`, and current.comparison. `rematched`: the findings of
// baseline.inventory under current's database, in any order (match::Match of it, or a report's of
// the same database). Ranked first, so that origins are known.
void Compare(model::Report& current, const Baseline& baseline,
             const std::vector<model::Finding>& rematched);

}  // namespace scantling::policy
