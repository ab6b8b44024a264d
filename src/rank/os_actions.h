// Inside of the room: what can be done about the distribution's packages: rebuild on a fresh base,
// refresh the layer that installs them, leave a base that has ended, take out what only builds.
// These compete for findings, so they are chosen greedily by the risk that they remove; the rest
// stays for "nothing to do yet".
#pragma once

#include "rank/proposal.h"

#include <vector>

namespace scantling::rank {

// `findings`: those of OS packages, and of language packages whose files a distribution's package
// owns. No finding is in two of the proposals; one without any is in none.
std::vector<Proposal> ProposeForPackages(const View& view, const FindingIndexes& findings);

// OS packages that nothing at run time needs and that are there to build, or to be read: candidates
// for taking out.
std::vector<const model::Component*> Removable(const model::Inventory& inventory);

}  // namespace scantling::rank
