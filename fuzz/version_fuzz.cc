// Version comparators on any two texts: no crash, and the laws that need no oracle. Input: one byte
// for the ecosystem, then the two versions with a newline between them.
#include "version/compare.h"
#include "version/compare_lines.h"
#include "version/range.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

using scantling::version::Compare;
using scantling::version::Ecosystem;
using scantling::version::IsValid;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t newline = text.find('\n');
  const std::string_view a = text.substr(0, newline);
  const std::string_view b =
      newline == std::string_view::npos ? std::string_view() : text.substr(newline + 1);
  const Ecosystem ecosystem =
      scantling::version::kAllEcosystems[data[0] % scantling::version::kAllEcosystems.size()];

  const std::optional<int> ab = Compare(ecosystem, a, b);
  const std::optional<int> ba = Compare(ecosystem, b, a);
  Require(ab.has_value() == (IsValid(ecosystem, a) && IsValid(ecosystem, b)));
  Require(ab.has_value() == ba.has_value());
  if (ab.has_value()) {
    Require(*ab == -*ba);
    Require(*ab >= -1 && *ab <= 1);
    Require(Compare(ecosystem, a, a) == 0);
  }
  (void)scantling::version::Contains(ecosystem, {a, b, {}}, b);
  (void)scantling::version::CompareLines(ecosystem, text);
  return 0;
}
