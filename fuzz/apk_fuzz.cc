// apk's installed database.
#include "catalog/apk/apk.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = scantling::base::AsBytes({reinterpret_cast<const char*>(data), size});
  static_cast<void>(scantling::catalog::ApkCataloger().Catalog(
      {.path = "lib/apk/db/installed", .data = bytes}, {}));
  return 0;
}
