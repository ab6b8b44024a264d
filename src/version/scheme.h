// Inside of the room: one comparator per scheme, and the few character and number helpers that they
// share. Others use compare.h. Every function takes any bytes, never allocates for versions of
// usual length and never recurses.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace scantling::version::scheme {

// Each scheme: -1, 0, 1, or nullopt when one of the two is not a version; Valid* says the same of
// one text.
std::optional<int> CompareDpkg(std::string_view a, std::string_view b);
bool ValidDpkg(std::string_view version);
std::optional<int> CompareApk(std::string_view a, std::string_view b);
bool ValidApk(std::string_view version);
std::optional<int> CompareRpm(std::string_view a, std::string_view b);
bool ValidRpm(std::string_view version);
std::optional<int> ComparePep440(std::string_view a, std::string_view b);
bool ValidPep440(std::string_view version);
std::optional<int> CompareNpm(std::string_view a, std::string_view b);
bool ValidNpm(std::string_view version);
std::optional<int> CompareCargo(std::string_view a, std::string_view b);
bool ValidCargo(std::string_view version);
std::optional<int> CompareMaven(std::string_view a, std::string_view b);
bool ValidMaven(std::string_view version);
std::optional<int> CompareGo(std::string_view a, std::string_view b);
bool ValidGo(std::string_view version);
std::optional<int> CompareGem(std::string_view a, std::string_view b);
bool ValidGem(std::string_view version);
std::optional<int> CompareComposer(std::string_view a, std::string_view b);
bool ValidComposer(std::string_view version);
std::optional<int> CompareNuget(std::string_view a, std::string_view b);
bool ValidNuget(std::string_view version);

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool IsAlpha(char c) { return IsLower(c) || IsUpper(c); }
inline bool IsAlnum(char c) { return IsDigit(c) || IsAlpha(c); }
inline char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

inline int Sign(int value) { return (value > 0) - (value < 0); }
inline int CompareText(std::string_view a, std::string_view b) { return Sign(a.compare(b)); }

// How many digits `text` begins with.
inline size_t DigitCount(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) {
    ++count;
  }
  return count;
}

// Takes the digits that `text` begins with.
inline std::string_view TakeDigits(std::string_view& text) {
  const std::string_view digits = text.substr(0, DigitCount(text));
  text.remove_prefix(digits.size());
  return digits;
}

inline std::string_view StripZeros(std::string_view digits) {
  while (!digits.empty() && digits.front() == '0') {
    digits.remove_prefix(1);
  }
  return digits;
}

// Numbers of any length, so that a date or a hash of digits cannot overflow. Empty = 0.
inline int CompareDigits(std::string_view a, std::string_view b) {
  a = StripZeros(a);
  b = StripZeros(b);
  if (a.size() != b.size()) {
    return a.size() < b.size() ? -1 : 1;
  }
  return CompareText(a, b);
}

inline bool AllDigits(std::string_view text) {
  return !text.empty() && DigitCount(text) == text.size();
}

inline std::string_view TrimSpace(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Semantic-versioning pre-release labels, dot-separated; "" = a release, which is above all of
// them. Shared by npm, cargo, Go and NuGet (which ignores case).
enum class LabelCase { kExact, kIgnore };
int ComparePrerelease(std::string_view a, std::string_view b, LabelCase label_case);
// One or more labels of [0-9A-Za-z-], none empty.
bool ValidLabels(std::string_view labels);

}  // namespace scantling::version::scheme
