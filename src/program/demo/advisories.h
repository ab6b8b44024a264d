// The advisories that the demonstration company knew on a day: the starter set, dated as if it were
// new, without what comes out in the company's 90 days later, so that there are days on which
// findings open, a fix comes, something is listed as exploited, or is withdrawn. EPSS scores are
// made up (the set has none). One namespace (alpine:v3.16) stays old.
#pragma once

#include "base/result.h"
#include "program/types.h"

#include <string>
#include <vector>

namespace scantling::program::demo {

// Days before the end, the earliest first, on which the advisories change; the last is 0.
std::vector<int> AdvisoryDays();
// The bytes of the database of that day; `end` is the moment at which the 90 days end.
base::Result<std::string> MakeAdvisories(Millis end, int days_before_end);

}  // namespace scantling::program::demo
