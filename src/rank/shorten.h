// Inside of the room: a list of actions that fits a screen. When there are more than kMaxActions to
// do, the least of one family share a line ("bump 14 more npm packages: a, b, c"), with the steps
// of each inside.
#pragma once

#include "rank/proposal.h"

#include <cstddef>
#include <vector>

namespace scantling::rank {

// Beside these stands one more line, "nothing to do yet".
inline constexpr size_t kMaxActions = 7;

// The order in which to do them: risk removed, then due date, then id.
void SortProposals(std::vector<Proposal>& proposals);

// Requires: sorted. Gives at most kMaxActions, sorted, and those that share a line last.
std::vector<Proposal> Shorten(const View& view, std::vector<Proposal> proposals);

}  // namespace scantling::rank
