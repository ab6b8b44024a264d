// Inside of the room: from prioritised findings to the few actions, in the order to do them.
#pragma once

#include "model/report.h"
#include "rank/rank.h"

#include <vector>

namespace scantling::rank {

// Requires: report.findings have their priority, layer and origin, and are in a fixed order. The
// union of all resolves is exactly the set of findings, and no finding is in two of them. At most
// eight actions, "nothing to do yet" included.
std::vector<model::Action> MakeActions(const model::Report& report, const KnownHoles& known_holes);

}  // namespace scantling::rank
