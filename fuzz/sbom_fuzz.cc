// Bills of materials in: any bytes are an answer, and what was read holds what the model promises.
#include "report/sbom_in.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace model = scantling::model;
  const auto inventory = scantling::report::ReadSbom(
      std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.json");
  if (!inventory) {
    return 0;
  }
  std::set<std::string> refs;
  for (const model::Component& component : inventory->components) {
    const auto layers = static_cast<int32_t>(inventory->image.layers.size());
    if (component.locations.empty() || component.layer < -1 || component.layer >= layers) {
      __builtin_trap();
    }
    refs.insert(component.ref);
  }
  if (refs.size() != inventory->components.size() ||
      !std::is_sorted(inventory->coverage.skipped.begin(), inventory->coverage.skipped.end())) {
    __builtin_trap();
  }
  return 0;
}
