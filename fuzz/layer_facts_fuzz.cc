// The layer cache's payload: any bytes are an answer; what parses, serialises to something that
// parses to the same bytes.
#include "catalog/layer_facts.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto facts = scantling::catalog::ParseFacts(
      scantling::base::Bytes(reinterpret_cast<const std::byte*>(data), size));
  if (facts) {
    const std::string bytes = scantling::catalog::SerializeFacts(*facts);
    const auto again = scantling::catalog::ParseFacts(scantling::base::AsBytes(bytes));
    if (!again || scantling::catalog::SerializeFacts(*again) != bytes) {
      __builtin_trap();
    }
  }
  return 0;
}
