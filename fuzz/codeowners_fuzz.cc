// CODEOWNERS in, and whose some paths are. The first line is the path of the file, the second a
// path that is asked about.
#include "program/codeowners.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = [&text] {
    const std::string_view out = text.substr(0, text.find('\n'));
    text.remove_prefix(out.size() == text.size() ? out.size() : out.size() + 1);
    return out;
  };
  const std::string_view file = line();
  const std::string_view path = line();
  const auto owners = scantling::program::ParseCodeOwners(text, file);
  if (!owners) {
    return 0;
  }
  for (const std::string_view asked : {path, std::string_view("shop/Dockerfile")}) {
    const auto found = owners->OwnersOf(asked);
    if (found.size() > 4) {
      __builtin_trap();
    }
    for (const auto& one : found) {
      if (one.owners.empty() || one.line == 0) {
        __builtin_trap();
      }
    }
  }
  return 0;
}
