// Inside of the room: what can be done about language packages: bump one to a version, or rebuild a
// Go binary. Each finding with a fix gets exactly one proposal; those without any get none.
#pragma once

#include "rank/proposal.h"

#include <vector>

namespace scantling::rank {

std::vector<Proposal> ProposeForLanguages(const View& view, const FindingIndexes& findings);

}  // namespace scantling::rank
