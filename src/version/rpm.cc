// RPM: [epoch:]version[-release], segments of digits and letters with '~' (below the end) and '^'
// (just above it). https://rpm-software-management.github.io/rpm/man/rpm-version.7
// https://fedoraproject.org/wiki/PackagingDrafts/TildeVersioning
//
// As rpm's version objects compare: no epoch is epoch 0, and no release is below every release.
// (rpm's dependency match, which ignores the release when one side has none, is not an order and is
// not done here.) Every text but "" is a version.
#include "version/scheme.h"

namespace scantling::version::scheme {
namespace {

struct Parts {
  std::string_view epoch;
  std::string_view version;
  std::string_view release;
  bool has_release = false;
};

Parts Parse(std::string_view text) {
  Parts out;
  const size_t digits = DigitCount(text);
  if (digits < text.size() && text[digits] == ':') {
    out.epoch = text.substr(0, digits);
    text.remove_prefix(digits + 1);
  }
  const size_t hyphen = text.rfind('-');
  if (hyphen != std::string_view::npos) {
    out.has_release = true;
    out.release = text.substr(hyphen + 1);
    text = text.substr(0, hyphen);
  }
  out.version = text;
  return out;
}

bool IsSeparator(char c) { return !IsAlnum(c) && c != '~' && c != '^'; }

void SkipSeparators(std::string_view& text) {
  while (!text.empty() && IsSeparator(text.front())) {
    text.remove_prefix(1);
  }
}

std::string_view TakeLetters(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsAlpha(text[count])) {
    ++count;
  }
  const std::string_view letters = text.substr(0, count);
  text.remove_prefix(count);
  return letters;
}

int CompareSegments(std::string_view a, std::string_view b) {
  while (true) {
    SkipSeparators(a);
    SkipSeparators(b);
    const bool tilde_a = a.starts_with('~');
    const bool tilde_b = b.starts_with('~');
    if (tilde_a || tilde_b) {
      if (tilde_a != tilde_b) {
        return tilde_a ? -1 : 1;
      }
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const bool caret_a = a.starts_with('^');
    const bool caret_b = b.starts_with('^');
    if (caret_a || caret_b) {
      // Above the end of the other, below anything else that follows there.
      if (a.empty()) {
        return -1;
      }
      if (b.empty()) {
        return 1;
      }
      if (caret_a != caret_b) {
        return caret_a ? -1 : 1;
      }
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    if (a.empty() || b.empty()) {
      return a.empty() ? (b.empty() ? 0 : -1) : 1;
    }
    const bool number_a = IsDigit(a.front());
    const bool number_b = IsDigit(b.front());
    if (number_a != number_b) {
      return number_a ? 1 : -1;
    }
    const int order = number_a ? CompareDigits(TakeDigits(a), TakeDigits(b))
                               : CompareText(TakeLetters(a), TakeLetters(b));
    if (order != 0) {
      return order;
    }
  }
}

}  // namespace

std::optional<int> CompareRpm(std::string_view a, std::string_view b) {
  if (!ValidRpm(a) || !ValidRpm(b)) {
    return std::nullopt;
  }
  const Parts left = Parse(a);
  const Parts right = Parse(b);
  if (const int epoch = CompareDigits(left.epoch, right.epoch); epoch != 0) {
    return epoch;
  }
  if (const int version = CompareSegments(left.version, right.version); version != 0) {
    return version;
  }
  if (left.has_release != right.has_release) {
    return left.has_release ? 1 : -1;
  }
  return CompareSegments(left.release, right.release);
}

bool ValidRpm(std::string_view version) { return !version.empty(); }

}  // namespace scantling::version::scheme
