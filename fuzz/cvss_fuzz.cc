// CVSS vectors: no crash, and a score that parses lies between 0.0 and 10.0 in whole tenths.
#include "version/cvss.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto score = scantling::version::ParseCvss(text);
  if (score.has_value()) {
    for (const double value : {score->score, score->overall}) {
      if (!(value >= 0 && value <= 10) || std::abs(value * 10 - std::round(value * 10)) > 1e-6) {
        std::abort();
      }
    }
  }
  return 0;
}
