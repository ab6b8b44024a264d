// Reports in: any bytes are an answer, what was read is written and read again to the same bytes,
// and every screen of it is free of control characters.
#include "report/report.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace report = scantling::report;
  const auto first = report::FromJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!first) {
    return 0;
  }
  const std::string text = report::ToJson(*first);
  const auto second = report::FromJson(text);
  if (!second || report::ToJson(*second) != text) {
    __builtin_trap();
  }
  for (const bool all : {false, true}) {
    const std::string screen =
        report::ToScreen(*first, {.width = 80, .all = all, .now = 1'700'000'000});
    for (const char c : screen) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n') {
        __builtin_trap();
      }
    }
  }
  report::InventoryToCycloneDx(first->inventory);
  report::InventoryToTable(first->inventory, {});
  return 0;
}
