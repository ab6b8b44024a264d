// Small text helpers that the standard library lacks. ASCII only, locale-free.
#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::base {

std::string_view Trim(std::string_view text);  // spaces, tabs, CR, LF at both ends
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Lower(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
// The part after the last '/', and the part before it ("" when there is none).
std::string_view BaseName(std::string_view path);
std::string_view DirName(std::string_view path);
// The valid UTF-8 of `text`; each byte that is not part of a valid sequence becomes U+FFFD. Names
// in images are bytes.
std::string ToUtf8(std::string_view text);

template <typename T>
std::optional<T> ParseNumber(std::string_view text, int radix = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// For unordered containers that are looked up by string_view.
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace scantling::base
