// Names of tar entries and links, as paths inside the root.
#pragma once

#include "base/limits.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::image {

// Resolves by text alone: no leading "/", no empty or "." parts, ".." never above the root. The
// root is "".
void NormalizePath(std::string_view raw, std::string& out);
// The same, and an error when the path is too long, too deep, or has a zero byte.
base::Result<void> CheckedPath(std::string_view raw, const base::Limits& limits, std::string& out);

}  // namespace scantling::image
