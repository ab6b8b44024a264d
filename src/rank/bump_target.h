// Inside of the room: which version to bump to. docs/ranking.md, "The version of a bump".
#pragma once

#include "version/ecosystem.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::rank {

// One finding as the choice sees it. Views borrow from the report.
struct BumpItem {
  std::string_view installed;
  std::span<const std::string> fixed;  // ascending, above `installed`
};

// Does `version` end a finding that was fixed in `fixed` (one version per maintained branch,
// ascending)? Yes at each of them, at and above the last, and between two of them when it is nearer
// to the lower one: 2.9.0 has the fix 2.8.1 of branch 2 when the next fix is 3.0.2; 2.13.0 does not
// have the fix 2.12.2 when the next is 2.15.0.
bool Ends(version::Ecosystem ecosystem, std::string_view version, const BumpItem& item);

struct BumpTarget {
  std::string version;  // "" when no item has a fix
  uint64_t ends = 0;
  std::string same_major;  // the best without a change of the major version, when `version` changes
                           // it; "" none
  uint64_t same_major_ends = 0;
  uint64_t holes = 0;  // known holes of `version` itself that no step could avoid
};

// For each known hole of a version the versions that fix it, ascending.
using HolesAt = std::function<std::vector<std::vector<std::string>>(const std::string& version)>;

// Moves a target that has holes of its own up to a version that fixes them, as long as that ends no
// fewer items. At most eight steps.
void AvoidKnownHoles(version::Ecosystem ecosystem, std::span<const BumpItem> items,
                     const HolesAt& holes_at, BumpTarget& target);

// The smallest version that ends the most.
BumpTarget ChooseTarget(version::Ecosystem ecosystem, std::span<const BumpItem> items);

}  // namespace scantling::rank
