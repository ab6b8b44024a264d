// Is a version inside an affected interval? The meaning of the three bounds is OSV's:
// introduced <= version < fixed, version <= last_affected.
// https://ossf.github.io/osv-schema/#affectedrangesevents-fields
//
// Not handled: git ranges, "limit" events. Versions are compared with the ecosystem's own order, so
// a pre-release of the fixed version is inside the interval (npm's rule that ranges skip
// pre-releases is for installing, not for this).
#pragma once

#include "version/ecosystem.h"

#include <cstdint>
#include <string_view>

namespace scantling::version {

// Views: whoever holds the bytes keeps them. Empty = open. `introduced` "0" or empty = from the
// beginning.
struct Interval {
  std::string_view introduced;
  std::string_view fixed;
  std::string_view last_affected;
};

// kUnknown: the version, or a bound that decides, is not a version of the ecosystem. A bound that
// excludes the version decides even when the other bound cannot be read.
enum class InRange : uint8_t { kNo, kYes, kUnknown };

InRange Contains(Ecosystem ecosystem, const Interval& interval, std::string_view version);

}  // namespace scantling::version
