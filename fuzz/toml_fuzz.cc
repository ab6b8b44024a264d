// TOML documents of any bytes.
#include "codec/toml.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto document =
      scantling::codec::ParseToml({reinterpret_cast<const char*>(data), size}, 1 << 20);
  (void)document.has_value();
  return 0;
}
