// os-release's shell quoting.
#include "catalog/os_release/os_release.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = scantling::base::AsBytes({reinterpret_cast<const char*>(data), size});
  static_cast<void>(scantling::catalog::OsReleaseCataloger().Catalog(
      {.path = "etc/os-release", .data = bytes}, {}));
  return 0;
}
