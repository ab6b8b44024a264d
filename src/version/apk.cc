// Alpine: number{.number}[letter[number]]{_suffix[number]}[~hash][-rN], the order of apk-tools.
// https://gitlab.alpinelinux.org/alpine/apk-tools (src/version.c) and its apk-package(5)
//
// Suffixes: _alpha < _beta < _pre < _rc < none < _cvs < _svn < _git < _hg < _p. A number after a
// dot that begins with zeros is below every number that does not, and the more zeros the lower
// ("1.00" < "1.0" < "1.01" < "1.1"). From apk-tools 2: a number may follow the letter ("3.3.3p1").
// From apk-tools 3: "~hash", and numbers that are missing
// ("1.", "1.0-r") are invalid, not zero. One accident of apk-tools 2 is left out: it puts "1.0_rc1"
// above "1.0" (but "1.1_rc1" below "1.1") because a zero ends its token early; here, as in
// apk-tools 3, a pre-release is always below.
#include "version/scheme.h"

#include <array>
#include <cstdint>
#include <utility>

namespace scantling::version::scheme {
namespace {

// In order: what comes next decides when all before it was equal. A suffix is kPreSuffix or
// kPostSuffix by its value.
enum class Kind : int8_t {
  kInvalid = -2,
  kPreSuffix = -1,
  kEnd = 0,
  kRevision = 1,
  kHash = 2,
  kSuffixNumber = 3,
  kPostSuffix = 4,
  kLetter = 5,
  kPatch = 6,  // the number after a letter
  kDotted = 7,
  kFirst = 8,
};

struct Token {
  Kind kind = Kind::kEnd;
  int rank = 0;           // a suffix's or a letter's
  std::string_view text;  // digits, or the hash
};

constexpr std::array<std::pair<std::string_view, int>, 9> kSuffixes = {{{"alpha", -4},
                                                                        {"beta", -3},
                                                                        {"pre", -2},
                                                                        {"rc", -1},
                                                                        {"cvs", 1},
                                                                        {"svn", 2},
                                                                        {"git", 3},
                                                                        {"hg", 4},
                                                                        {"p", 5}}};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  Token Next() {
    Token token = Read();
    before_ = token.kind;
    return token;
  }

 private:
  Token Number(Kind kind) {
    const std::string_view digits = TakeDigits(rest_);
    return {.kind = digits.empty() ? Kind::kInvalid : kind, .rank = 0, .text = digits};
  }

  bool InNumbers() const {
    return before_ == Kind::kFirst || before_ == Kind::kDotted || before_ == Kind::kPatch;
  }

  Token Read() {
    if (first_) {
      first_ = false;
      return Number(Kind::kFirst);
    }
    if (rest_.empty()) {
      return {.kind = Kind::kEnd, .rank = 0, .text = {}};
    }
    const char c = rest_.front();
    if (IsDigit(c)) {
      if (before_ == Kind::kLetter) {
        return Number(Kind::kPatch);
      }
      if (before_ == Kind::kPreSuffix || before_ == Kind::kPostSuffix) {
        return Number(Kind::kSuffixNumber);
      }
      return {.kind = Kind::kInvalid, .rank = 0, .text = {}};
    }
    rest_.remove_prefix(1);
    if (IsLower(c) && InNumbers()) {
      return {.kind = Kind::kLetter, .rank = c, .text = {}};
    }
    if (c == '.' && InNumbers()) {
      return Number(Kind::kDotted);
    }
    if (c == '_' && before_ != Kind::kRevision && before_ != Kind::kHash) {
      for (const auto& [name, rank] : kSuffixes) {
        if (rest_.starts_with(name)) {
          rest_.remove_prefix(name.size());
          return {
              .kind = rank < 0 ? Kind::kPreSuffix : Kind::kPostSuffix, .rank = rank, .text = {}};
        }
      }
      return {.kind = Kind::kInvalid, .rank = 0, .text = {}};
    }
    if (c == '~' && before_ != Kind::kRevision && before_ != Kind::kHash) {
      size_t count = 0;
      while (count < rest_.size() &&
             (IsDigit(rest_[count]) || (rest_[count] >= 'a' && rest_[count] <= 'f'))) {
        ++count;
      }
      const std::string_view hash = rest_.substr(0, count);
      rest_.remove_prefix(count);
      return {.kind = hash.empty() ? Kind::kInvalid : Kind::kHash, .rank = 0, .text = hash};
    }
    if (c == '-' && before_ != Kind::kRevision && rest_.starts_with('r')) {
      rest_.remove_prefix(1);
      return Number(Kind::kRevision);
    }
    return {.kind = Kind::kInvalid, .rank = 0, .text = {}};
  }

  std::string_view rest_;
  Kind before_ = Kind::kEnd;
  bool first_ = true;
};

size_t LeadingZeros(std::string_view digits) { return digits.size() - StripZeros(digits).size(); }

// Requires: the same kind.
int CompareTokens(const Token& a, const Token& b) {
  switch (a.kind) {
    case Kind::kDotted: {
      const size_t zeros_a = LeadingZeros(a.text);
      const size_t zeros_b = LeadingZeros(b.text);
      if (zeros_a != zeros_b) {
        return zeros_a > zeros_b ? -1 : 1;
      }
      return CompareDigits(a.text, b.text);
    }
    case Kind::kFirst:
    case Kind::kPatch:
    case Kind::kSuffixNumber:
    case Kind::kRevision:
      return CompareDigits(a.text, b.text);
    case Kind::kHash:
      return CompareText(a.text, b.text);
    case Kind::kLetter:
    case Kind::kPreSuffix:
    case Kind::kPostSuffix:
      return Sign(a.rank - b.rank);
    case Kind::kEnd:
    case Kind::kInvalid:
      break;
  }
  return 0;
}

}  // namespace

std::optional<int> CompareApk(std::string_view a, std::string_view b) {
  Lexer left(a);
  Lexer right(b);
  int order = 0;
  // To the end of both: what follows the difference must be a version, too.
  Token token_a;
  Token token_b;
  bool end_a = false;
  bool end_b = false;
  while (!end_a || !end_b) {
    if (!end_a) {
      token_a = left.Next();
      end_a = token_a.kind == Kind::kEnd;
    }
    if (!end_b) {
      token_b = right.Next();
      end_b = token_b.kind == Kind::kEnd;
    }
    if (token_a.kind == Kind::kInvalid || token_b.kind == Kind::kInvalid) {
      return std::nullopt;
    }
    if (order == 0) {
      order = token_a.kind == token_b.kind ? CompareTokens(token_a, token_b)
                                           : (token_a.kind < token_b.kind ? -1 : 1);
    }
  }
  return order;
}

bool ValidApk(std::string_view version) {
  Lexer lexer(version);
  while (true) {
    const Kind kind = lexer.Next().kind;
    if (kind == Kind::kEnd || kind == Kind::kInvalid) {
      return kind == Kind::kEnd;
    }
  }
}

}  // namespace scantling::version::scheme
