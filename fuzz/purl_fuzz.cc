// Package URLs: what parses has a canonical form, and the canonical form is a fixed point.
#include "version/purl.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto url = scantling::version::PackageUrl::Parse(text);
  if (!url.has_value()) {
    return 0;
  }
  const std::string canonical = url->ToString();
  const auto again = scantling::version::PackageUrl::Parse(canonical);
  if (!again.has_value() || again->ToString() != canonical || *again != *url) {
    std::abort();
  }
  return 0;
}
