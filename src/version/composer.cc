// Composer: up to four numbers or a date, then a stability (dev < alpha < beta < RC < release <
// patch) with its numbers; normalised as composer/semver's VersionParser does and compared as PHP's
// version_compare() does. https://getcomposer.org/doc/articles/versions.md
// https://www.php.net/manual/function.version-compare.php
//
// "1.x-dev" is the numeric branch 1.9999999.9999999.9999999-dev. Invalid: named branches
// ("dev-main", "master"), which Composer itself does not order. Aliases ("A as B") count as A;
// "@stability" and build metadata are ignored.
#include "version/scheme.h"
#include "version/token_list.h"

#include <array>

namespace scantling::version::scheme {
namespace {

// In order; kEnd stands for "no more tokens".
enum class Kind { kDev, kAlpha, kBeta, kCandidate, kEnd, kNumber, kPatch };

struct Token {
  Kind kind = Kind::kEnd;
  std::string_view text;
};
using Tokens = TokenList<Token>;

constexpr std::string_view kBranchNumber = "9999999";

bool StartsWithLower(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) {
    return false;
  }
  for (size_t i = 0; i < lower.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) {
      return false;
    }
  }
  return true;
}

bool EndsWithLower(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         StartsWithLower(text.substr(text.size() - lower.size()), lower);
}

bool EqualsLower(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && StartsWithLower(text, lower);
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// "A as B" is A; "A@beta" is A; "A+build" is A.
std::string_view WithoutDecoration(std::string_view text) {
  text = TrimSpace(text);
  size_t blank = 0;
  while (blank < text.size() && !IsBlank(text[blank])) {
    ++blank;
  }
  if (blank < text.size()) {
    const std::string_view rest = TrimSpace(text.substr(blank));
    if (rest.starts_with("as ") &&
        rest.substr(3).find_first_not_of(' ') != std::string_view::npos) {
      text = text.substr(0, blank);
    }
  }
  const size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    for (const std::string_view stability : {"stable", "rc", "beta", "alpha", "dev"}) {
      if (EqualsLower(text.substr(at + 1), stability)) {
        text = text.substr(0, at);
        break;
      }
    }
  }
  const size_t plus = text.find('+');
  if (plus != std::string_view::npos && plus > 0 && plus + 1 < text.size()) {
    text = text.substr(0, plus);
  }
  return text;
}

// [._-]? (stability numbers)? ([.-]? dev)? to the end of the text.
bool ParseModifier(std::string_view text, Tokens& out) {
  if (text.starts_with('.') || text.starts_with('_') || text.starts_with('-')) {
    text.remove_prefix(1);
  }
  struct Word {
    std::string_view text;
    Kind kind;
  };
  static constexpr std::array<Word, 9> kWords = {{{"stable", Kind::kEnd},
                                                  {"beta", Kind::kBeta},
                                                  {"b", Kind::kBeta},
                                                  {"rc", Kind::kCandidate},
                                                  {"alpha", Kind::kAlpha},
                                                  {"a", Kind::kAlpha},
                                                  {"patch", Kind::kPatch},
                                                  {"pl", Kind::kPatch},
                                                  {"p", Kind::kPatch}}};
  bool stable = false;
  for (const Word& word : kWords) {
    if (!StartsWithLower(text, word.text)) {
      continue;
    }
    text.remove_prefix(word.text.size());
    stable = word.kind == Kind::kEnd;
    if (!stable) {
      out.Add({.kind = word.kind, .text = {}});
    }
    while (true) {
      std::string_view rest = text;
      if (rest.starts_with('.') || rest.starts_with('-')) {
        rest.remove_prefix(1);
      }
      const std::string_view digits = TakeDigits(rest);
      if (digits.empty()) {
        break;
      }
      if (!stable) {
        out.Add({.kind = Kind::kNumber, .text = digits});
      }
      text = rest;
    }
    break;
  }
  if (text.empty()) {
    return true;
  }
  if (text.starts_with('.') || text.starts_with('-')) {
    text.remove_prefix(1);
  }
  if (!EqualsLower(text, "dev")) {
    return false;
  }
  if (!stable) {
    out.Add({.kind = Kind::kDev, .text = {}});
  }
  return true;
}

// N(.N){0,3} with N of at most five digits in front, then a modifier.
bool ParseClassic(std::string_view text, Tokens& out) {
  constexpr size_t kMostDigits = 5;
  for (int i = 0; i < 4; ++i) {
    std::string_view rest = text;
    if (i > 0 && (!rest.starts_with('.') || rest.size() < 2 || !IsDigit(rest[1]))) {
      out.Add({.kind = Kind::kNumber, .text = "0"});
      continue;
    }
    if (i > 0) {
      rest.remove_prefix(1);
    }
    const std::string_view digits = TakeDigits(rest);
    if (digits.empty() || (i == 0 && digits.size() > kMostDigits)) {
      return false;
    }
    out.Add({.kind = Kind::kNumber, .text = digits});
    text = rest;
  }
  return ParseModifier(text, out);
}

// A year of four digits, one to six groups of two, perhaps one of one to three; '.', ':' or '-'
// between them or nothing.
bool ParseDate(std::string_view text, Tokens& out) {
  constexpr size_t kYear = 4;
  size_t groups = 0;
  size_t last_run = 0;
  bool first = true;
  while (true) {
    std::string_view rest = text;
    if (!first && (rest.starts_with('.') || rest.starts_with(':') || rest.starts_with('-'))) {
      rest.remove_prefix(1);
    }
    const std::string_view digits = TakeDigits(rest);
    if (digits.empty()) {
      break;
    }
    if (last_run % 2 != 0) {
      return false;  // only the last group may be odd
    }
    groups += last_run / 2;
    if (first && digits.size() < kYear) {
      return false;
    }
    last_run = first ? digits.size() - kYear : digits.size();
    first = false;
    out.Add({.kind = Kind::kNumber, .text = digits});
    text = rest;
  }
  bool fits = false;
  for (size_t tail = 0; tail <= 3 && tail <= last_run; ++tail) {
    const size_t pairs = groups + (last_run - tail) / 2;
    fits |= (last_run - tail) % 2 == 0 && pairs >= 1 && pairs <= 6;
  }
  return !first && fits && ParseModifier(text, out);
}

// "1.x-dev", "2.1.*-dev": a branch with numbers.
bool ParseBranch(std::string_view text, Tokens& out) {
  if (!EndsWithLower(text, "dev")) {
    return false;
  }
  text.remove_suffix(3);
  if (text.ends_with('.') || text.ends_with('-')) {
    text.remove_suffix(1);
  }
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (text.empty()) {
        out.Add({.kind = Kind::kNumber, .text = kBranchNumber});
        continue;
      }
      if (text.front() != '.') {
        return false;
      }
      text.remove_prefix(1);
      if (text.starts_with('x') || text.starts_with('X') || text.starts_with('*')) {
        text.remove_prefix(1);
        out.Add({.kind = Kind::kNumber, .text = kBranchNumber});
        continue;
      }
    }
    const std::string_view digits = TakeDigits(text);
    if (digits.empty()) {
      return false;
    }
    out.Add({.kind = Kind::kNumber, .text = digits});
  }
  out.Add({.kind = Kind::kDev, .text = {}});
  return text.empty();
}

bool Parse(std::string_view text, Tokens& out) {
  text = WithoutDecoration(text);
  if (text.starts_with('v') || text.starts_with('V')) {
    text.remove_prefix(1);
  }
  for (const auto parse : {ParseClassic, ParseDate, ParseBranch}) {
    out.Shrink(0);
    if (parse(text, out)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<int> CompareComposer(std::string_view a, std::string_view b) {
  Tokens left;
  Tokens right;
  if (!Parse(a, left) || !Parse(b, right)) {
    return std::nullopt;
  }
  for (size_t i = 0; i < left.size() || i < right.size(); ++i) {
    const Token l = i < left.size() ? left[i] : Token{};
    const Token r = i < right.size() ? right[i] : Token{};
    if (l.kind != r.kind) {
      return l.kind < r.kind ? -1 : 1;
    }
    if (l.kind == Kind::kNumber) {
      if (const int order = CompareDigits(l.text, r.text); order != 0) {
        return order;
      }
    }
  }
  return 0;
}

bool ValidComposer(std::string_view version) {
  Tokens tokens;
  return Parse(version, tokens);
}

}  // namespace scantling::version::scheme
