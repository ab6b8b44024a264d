// Python: [N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local], with every spelling that PEP 440
// normalises. https://packaging.python.org/en/latest/specifications/version-specifiers/
//
// Not handled: "legacy" versions (anything else); they are invalid, as they are for pip.
#include "version/scheme.h"

#include <array>

namespace scantling::version::scheme {
namespace {

struct Version {
  std::string_view epoch;
  std::string_view release;  // digits and dots
  int pre = 0;               // 1 a, 2 b, 3 rc; 0 = none
  std::string_view pre_number;
  bool has_post = false;
  std::string_view post_number;
  bool has_dev = false;
  std::string_view dev_number;
  std::string_view local;
};

bool IsSeparator(char c) { return c == '.' || c == '-' || c == '_'; }

bool TakeWord(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) {
    return false;
  }
  for (size_t i = 0; i < word.size(); ++i) {
    if (ToLower(text[i]) != word[i]) {
      return false;
    }
  }
  text.remove_prefix(word.size());
  return true;
}

void SkipOneSeparator(std::string_view& text) {
  if (!text.empty() && IsSeparator(text.front())) {
    text.remove_prefix(1);
  }
}

struct Word {
  std::string_view text;
  int value;
};
// Longer spellings first.
constexpr std::array<Word, 8> kPreWords = {{{"alpha", 1},
                                            {"a", 1},
                                            {"beta", 2},
                                            {"b", 2},
                                            {"preview", 3},
                                            {"pre", 3},
                                            {"c", 3},
                                            {"rc", 3}}};
constexpr std::array<Word, 3> kPostWords = {{{"post", 1}, {"rev", 1}, {"r", 1}}};
constexpr std::array<Word, 1> kDevWords = {{{"dev", 1}}};

// [sep] word [sep] digits; 0 and `text` untouched when there is no such word.
template <size_t N>
int TakeSegment(std::string_view& text, const std::array<Word, N>& words,
                std::string_view& number) {
  std::string_view rest = text;
  SkipOneSeparator(rest);
  for (const Word& word : words) {
    if (TakeWord(rest, word.text)) {
      SkipOneSeparator(rest);
      number = TakeDigits(rest);
      text = rest;
      return word.value;
    }
  }
  return 0;
}

bool ValidLocal(std::string_view local) {
  bool expect = true;  // a letter or digit
  for (const char c : local) {
    if (IsAlnum(c)) {
      expect = false;
    } else if (IsSeparator(c) && !expect) {
      expect = true;
    } else {
      return false;
    }
  }
  return !expect;
}

bool Parse(std::string_view text, Version& out) {
  text = TrimSpace(text);
  if (!text.empty() && (text.front() == 'v' || text.front() == 'V')) {
    text.remove_prefix(1);
  }
  size_t length = DigitCount(text);
  if (length == 0) {
    return false;
  }
  if (length < text.size() && text[length] == '!') {
    out.epoch = text.substr(0, length);
    text.remove_prefix(length + 1);
    length = DigitCount(text);
    if (length == 0) {
      return false;
    }
  }
  while (length + 1 < text.size() && text[length] == '.' && IsDigit(text[length + 1])) {
    length += 1 + DigitCount(text.substr(length + 1));
  }
  out.release = text.substr(0, length);
  text.remove_prefix(length);
  if (text.empty()) {
    return true;
  }

  out.pre = TakeSegment(text, kPreWords, out.pre_number);
  if (text.size() > 1 && text[0] == '-' && IsDigit(text[1])) {
    text.remove_prefix(1);
    out.has_post = true;
    out.post_number = TakeDigits(text);
  } else {
    out.has_post = TakeSegment(text, kPostWords, out.post_number) != 0;
  }
  out.has_dev = TakeSegment(text, kDevWords, out.dev_number) != 0;
  if (!text.empty() && text.front() == '+') {
    out.local = text.substr(1);
    return ValidLocal(out.local);
  }
  return text.empty();
}

int CompareRelease(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view left = TakeDigits(a);
    const std::string_view right = TakeDigits(b);
    if (const int order = CompareDigits(left, right); order != 0) {
      return order;
    }
    SkipOneSeparator(a);
    SkipOneSeparator(b);
  }
  return 0;
}

// A dev release without pre and post stands below a, b, rc; without any of them above.
int PreRank(const Version& v) {
  if (v.pre != 0) {
    return v.pre;
  }
  return v.has_dev && !v.has_post ? 0 : 4;
}

std::string_view TakeLocalSegment(std::string_view& text) {
  size_t length = 0;
  while (length < text.size() && IsAlnum(text[length])) {
    ++length;
  }
  const std::string_view segment = text.substr(0, length);
  text.remove_prefix(length < text.size() ? length + 1 : length);
  return segment;
}

int CompareLower(std::string_view a, std::string_view b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int difference = ToLower(a[i]) - ToLower(b[i]); difference != 0) {
      return Sign(difference);
    }
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

// None < text < number, segment by segment; a prefix is below what it begins.
int CompareLocal(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    if (a.empty() || b.empty()) {
      return a.empty() ? -1 : 1;
    }
    const std::string_view left = TakeLocalSegment(a);
    const std::string_view right = TakeLocalSegment(b);
    const bool number_left = AllDigits(left);
    const bool number_right = AllDigits(right);
    if (number_left != number_right) {
      return number_left ? 1 : -1;
    }
    const int order = number_left ? CompareDigits(left, right) : CompareLower(left, right);
    if (order != 0) {
      return order;
    }
  }
  return 0;
}

}  // namespace

std::optional<int> ComparePep440(std::string_view a, std::string_view b) {
  Version left;
  Version right;
  if (!Parse(a, left) || !Parse(b, right)) {
    return std::nullopt;
  }
  if (const int order = CompareDigits(left.epoch, right.epoch); order != 0) {
    return order;
  }
  if (const int order = CompareRelease(left.release, right.release); order != 0) {
    return order;
  }
  if (const int order = Sign(PreRank(left) - PreRank(right)); order != 0) {
    return order;
  }
  if (const int order = CompareDigits(left.pre_number, right.pre_number); order != 0) {
    return order;
  }
  if (left.has_post != right.has_post) {
    return left.has_post ? 1 : -1;
  }
  if (const int order = CompareDigits(left.post_number, right.post_number); order != 0) {
    return order;
  }
  if (left.has_dev != right.has_dev) {
    return left.has_dev ? -1 : 1;
  }
  if (const int order = CompareDigits(left.dev_number, right.dev_number); order != 0) {
    return order;
  }
  return CompareLocal(left.local, right.local);
}

bool ValidPep440(std::string_view version) {
  Version parsed;
  return Parse(version, parsed);
}

}  // namespace scantling::version::scheme
