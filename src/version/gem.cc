// RubyGems: segments of digits and of letters; a letter makes a pre-release.
// https://docs.ruby-lang.org/en/master/Gem/Version.html
//
// '-' reads as ".pre."; zeros at the end of the leading numbers and at the very end mean nothing
// ("1.0.a" = "1.a"); a number is above a word; words compare by bytes. An empty text is invalid
// here (RubyGems reads it as 0).
#include "version/scheme.h"
#include "version/token_list.h"

namespace scantling::version::scheme {
namespace {

struct Segment {
  std::string_view text;
  bool number = false;
};
using Segments = TokenList<Segment>;

bool IsZero(const Segment& segment) { return segment.number && StripZeros(segment.text).empty(); }

bool Valid(std::string_view text) {
  size_t i = DigitCount(text);
  if (i == 0) {
    return false;
  }
  // [0-9]+(.[0-9a-zA-Z]+)*, then -[0-9A-Za-z-]+(.[0-9A-Za-z-]+)*
  bool hyphens = false;
  bool expect = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (expect) {
        return false;
      }
      expect = true;
    } else if (c == '-' && !hyphens) {
      if (expect) {
        return false;
      }
      hyphens = true;
      expect = true;
    } else if (IsAlnum(c) || c == '-') {
      if (!hyphens && !expect && IsAlpha(c) && text.find_first_of(".-") >= i) {
        return false;  // a letter in the first segment
      }
      expect = false;
    } else {
      return false;
    }
  }
  return !expect;
}

void DropZeros(Segments& segments, size_t from) {
  size_t size = segments.size();
  while (size > from && IsZero(segments[size - 1])) {
    --size;
  }
  segments.Shrink(size);
}

void Split(std::string_view text, Segments& out) {
  size_t words_from = 0;  // size at the first word, once seen
  bool seen_word = false;
  const auto add_word = [&](std::string_view word) {
    if (!seen_word) {
      seen_word = true;
      DropZeros(out, 0);
      words_from = out.size();
    }
    out.Add({.text = word, .number = false});
  };
  while (!text.empty()) {
    if (IsDigit(text.front())) {
      out.Add({.text = TakeDigits(text), .number = true});
    } else if (IsAlpha(text.front())) {
      size_t length = 0;
      while (length < text.size() && IsAlpha(text[length])) {
        ++length;
      }
      add_word(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      if (text.front() == '-') {
        add_word("pre");
      }
      text.remove_prefix(1);
    }
  }
  DropZeros(out, words_from);
}

}  // namespace

std::optional<int> CompareGem(std::string_view a, std::string_view b) {
  a = TrimSpace(a);
  b = TrimSpace(b);
  if (!Valid(a) || !Valid(b)) {
    return std::nullopt;
  }
  Segments left;
  Segments right;
  Split(a, left);
  Split(b, right);
  const Segment zero{.text = "0", .number = true};
  for (size_t i = 0; i < left.size() || i < right.size(); ++i) {
    const Segment& l = i < left.size() ? left[i] : zero;
    const Segment& r = i < right.size() ? right[i] : zero;
    if (l.number != r.number) {
      return l.number ? 1 : -1;
    }
    const int order = l.number ? CompareDigits(l.text, r.text) : CompareText(l.text, r.text);
    if (order != 0) {
      return order;
    }
  }
  return 0;
}

bool ValidGem(std::string_view version) { return Valid(TrimSpace(version)); }

}  // namespace scantling::version::scheme
