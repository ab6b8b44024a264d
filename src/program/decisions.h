// What people decide about findings: acknowledged (seen, being worked on), assigned (whose it is
// from now on), accepted (the risk is taken until a date).
//
// An acceptance has a mandatory end, a reason out of the fixed list, an owner and an approver who
// is another person; it is judged when it is read, so nothing has to run for it to end. Accepted is
// affected, never "not affected".
#pragma once

#include "base/result.h"
#include "program/events.h"
#include "program/fleet.h"

#include <string>
#include <string_view>

namespace scantling::program {

// From the API's JSON; errors name the member.
base::Result<Decision> ParseDecision(std::string_view json, Millis now);
// Returns the id.
base::Result<int64_t> StoreDecision(Change& change, const Decision& decision);
// Ends it now; kNotFound.
base::Result<void> EndDecision(Change& change, int64_t id, std::string_view author);

}  // namespace scantling::program
