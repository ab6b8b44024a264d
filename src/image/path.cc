// See path.h.
#include "image/path.h"

#include <algorithm>

namespace scantling::image {

void NormalizePath(std::string_view raw, std::string& out) {
  out.clear();
  size_t at = 0;
  while (at < raw.size()) {
    const size_t slash = std::min(raw.find('/', at), raw.size());
    const std::string_view part = raw.substr(at, slash - at);
    at = slash + 1;
    if (part.empty() || part == ".") {
      continue;
    }
    if (part == "..") {
      const size_t parent = out.rfind('/');
      out.resize(parent == std::string::npos ? 0 : parent);
      continue;
    }
    if (!out.empty()) {
      out += '/';
    }
    out += part;
  }
}

base::Result<void> CheckedPath(std::string_view raw, const base::Limits& limits, std::string& out) {
  if (raw.size() > limits.path_bytes) {
    return base::LimitMet("a path of " + std::to_string(raw.size()) + " bytes (limit path-bytes)");
  }
  if (raw.find('\0') != std::string_view::npos) {
    return base::Invalid("a path with a zero byte");
  }
  NormalizePath(raw, out);
  if (static_cast<uint64_t>(std::count(out.begin(), out.end(), '/')) >= limits.path_depth) {
    return base::LimitMet("a path of more than " + std::to_string(limits.path_depth) +
                          " levels (limit path-depth)");
  }
  return {};
}

}  // namespace scantling::image
