// What people decide about findings: acknowledged (seen, being worked on), assigned (whose it is
// from now on), accepted (the risk is taken until a date).
//
// An acceptance has a mandatory end, a reason out of the fixed list, an owner (who asks for it) and
// an approver: whoever makes it, who is somebody else. It is judged when it is read, so nothing has
// to run for it to end. Accepted is affected, never "not affected".
#pragma once

#include "base/result.h"
#include "program/events.h"
#include "program/fleet.h"

#include <string>
#include <string_view>

namespace scantling::program {

// From the API's JSON; errors name the member. Who decides is not in it.
base::Result<Decision> ParseDecision(std::string_view json, Millis now);
// Who has signed in makes the decision, and approves of it when it is an acceptance. An error when
// that is the owner of the risk, by the name or the displayed one; case and blanks do not count.
base::Result<void> SetAuthor(Decision& decision, std::string_view name,
                             std::string_view display_name = "");
// Returns the id. An acceptance without an approver is an error.
base::Result<int64_t> StoreDecision(Change& change, const Decision& decision);
// Ends it now; kNotFound.
base::Result<void> EndDecision(Change& change, int64_t id, std::string_view author);

}  // namespace scantling::program
