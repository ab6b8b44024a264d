// dpkg's files: the first byte picks which one, the rest is its content.
#include "catalog/dpkg/dpkg.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::string_view kPaths[] = {"var/lib/dpkg/status", "var/lib/dpkg/status.d/x",
                                         "var/lib/dpkg/info/x.list", "var/lib/dpkg/info/x.md5sums"};
  if (size == 0) {
    return 0;
  }
  const auto bytes = scantling::base::AsBytes({reinterpret_cast<const char*>(data) + 1, size - 1});
  static_cast<void>(scantling::catalog::DpkgCataloger().Catalog(
      {.path = kPaths[data[0] % 4], .data = bytes}, {}));
  return 0;
}
