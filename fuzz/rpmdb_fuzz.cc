// rpm databases of all three formats (the input's magic picks one), through to records.
#include "catalog/rpm/rpm.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = scantling::base::AsBytes({reinterpret_cast<const char*>(data), size});
  static_cast<void>(scantling::catalog::RpmCataloger().Catalog(
      {.path = "var/lib/rpm/Packages", .data = bytes}, {}));
  return 0;
}
