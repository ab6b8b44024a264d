// Templates from outside, filled from a small document.
#include "report/template.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto compiled = scantling::report::Template::Compile(
      text, {.template_bytes = 4096, .steps = 20'000, .output_bytes = 1 << 20});
  if (!compiled) {
    return 0;
  }
  scantling::codec::Json json;
  auto root = json.Parse(R"({"a": [1, {"b": "<x>"}, []], "b": {"c": null}, "d": true, "e": 0.5})");
  if (root) {
    (void)scantling::base::Rendered(
        [&](scantling::base::Output& output) { (void)compiled->Render(*root, output); });
  }
  return 0;
}
