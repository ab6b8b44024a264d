// YAML documents of any bytes.
#include "codec/yaml.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scantling::codec::YamlLimits limits;
  limits.nodes = 100'000;
  const auto documents =
      scantling::codec::ParseYaml({reinterpret_cast<const char*>(data), size}, limits);
  (void)documents.has_value();
  return 0;
}
