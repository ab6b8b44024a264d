// XXH3-64 (https://github.com/Cyan4973/xxHash), header-only; included by .cc files of this room
// alone.
#pragma once

#define XXH_INLINE_ALL
#include "base/bytes.h"

#include <xxhash.h>

#include <string_view>

namespace scantling::advisory {

inline uint64_t HashOf(base::Bytes bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// Of (namespace index, package name).
inline uint64_t PackageHash(uint32_t name_space, std::string_view name) {
  return XXH3_64bits_withSeed(name.data(), name.size(), name_space);
}
inline uint64_t IdHash(std::string_view id) { return XXH3_64bits(id.data(), id.size()); }

}  // namespace scantling::advisory
