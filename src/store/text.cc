// A check of UTF-8, eight bytes at a time where they are ASCII.
#include "store/text.h"

#include <cstdint>
#include <cstring>

namespace scantling::store {
namespace {

// Bytes of the sequence that begins here; 0 = not valid.
size_t SequenceSize(std::string_view rest) {
  const auto byte = [rest](size_t index) -> uint32_t {
    return index < rest.size() ? static_cast<unsigned char>(rest[index]) : 0U;
  };
  const auto continues = [&byte](size_t index) { return (byte(index) & 0xC0U) == 0x80U; };
  const uint32_t first = byte(0);
  if (first >= 0xC2 && first <= 0xDF) {
    return continues(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second =
        continues(1) && (first != 0xE0 || byte(1) >= 0xA0) && (first != 0xED || byte(1) < 0xA0);
    return second && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second =
        continues(1) && (first != 0xF0 || byte(1) >= 0x90) && (first != 0xF4 || byte(1) < 0x90);
    return second && continues(2) && continues(3) ? 4 : 0;
  }
  return first != 0 && first < 0x80 ? 1 : 0;
}

}  // namespace

bool IsStorableText(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8) {
      uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      constexpr uint64_t kHigh = 0x8080808080808080U;
      constexpr uint64_t kOnes = 0x0101010101010101U;
      // No high bit, and no zero byte.
      if (((word | (word - kOnes)) & kHigh) == 0) {
        at += 8;
        continue;
      }
    }
    const size_t size = SequenceSize(text.substr(at));
    if (size == 0) {
      return false;
    }
    at += size;
  }
  return true;
}

}  // namespace scantling::store
