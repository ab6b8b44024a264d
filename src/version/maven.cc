// Maven: the order of Maven 3's ComparableVersion, the one that version ranges use.
// https://maven.apache.org/pom.html#version-order-specification
//
// '.' separates items; '-' and every change between digits and letters opens a list inside the
// list. Since a list is always the last item of its parent, the nest is a chain of levels, kept
// here as one flat row of tokens: no recursion. Zeros, "", "final", "ga", "release" at the end of a
// level mean nothing. Every text but "" is a version. Letters beyond ASCII compare by bytes and
// keep their case (Java lower-cases and compares UTF-16).
#include "version/scheme.h"
#include "version/token_list.h"

#include <array>

namespace scantling::version::scheme {
namespace {

// Known qualifiers in order; an unknown one is above them all.
enum Qualifier : int {
  kAlpha,
  kBeta,
  kMilestone,
  kCandidate,
  kSnapshot,
  kRelease,
  kServicePack,
  kUnknownWord
};

enum class Kind { kNumber, kWord, kList };

struct Token {
  Kind kind = Kind::kNumber;
  int qualifier = kRelease;  // of a word
  std::string_view text;
};
using Tokens = TokenList<Token>;

bool EqualsLower(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) {
      return false;
    }
  }
  return true;
}

int QualifierOf(std::string_view word, bool before_digit) {
  if (before_digit && word.size() == 1) {
    switch (ToLower(word.front())) {
      case 'a':
        return kAlpha;
      case 'b':
        return kBeta;
      case 'm':
        return kMilestone;
      default:
        return kUnknownWord;
    }
  }
  struct Known {
    std::string_view text;
    int qualifier;
  };
  static constexpr std::array<Known, 11> kKnown = {{{"alpha", kAlpha},
                                                    {"beta", kBeta},
                                                    {"milestone", kMilestone},
                                                    {"rc", kCandidate},
                                                    {"cr", kCandidate},
                                                    {"snapshot", kSnapshot},
                                                    {"", kRelease},
                                                    {"ga", kRelease},
                                                    {"final", kRelease},
                                                    {"release", kRelease},
                                                    {"sp", kServicePack}}};
  constexpr size_t kLongestKnown = 9;
  if (word.size() > kLongestKnown) {
    return kUnknownWord;
  }
  for (const Known& known : kKnown) {
    if (EqualsLower(word, known.text)) {
      return known.qualifier;
    }
  }
  return kUnknownWord;
}

// Nothing at the end of a level.
bool IsNull(const Token& token) {
  return token.kind == Kind::kNumber ? token.text.empty()
                                     : token.kind == Kind::kWord && token.qualifier == kRelease;
}

class Parser {
 public:
  static void Parse(std::string_view text, Tokens& out) {
    Parser parser(out);
    parser.Run(text);
  }

 private:
  explicit Parser(Tokens& out) : out_(out) {}

  void AddItem(bool digits, std::string_view text) {
    if (digits) {
      out_.Add({.kind = Kind::kNumber, .qualifier = 0, .text = StripZeros(text)});
    } else {
      AddWord(text, false);
    }
  }
  void AddWord(std::string_view text, bool before_digit) {
    out_.Add({.kind = Kind::kWord, .qualifier = QualifierOf(text, before_digit), .text = text});
  }
  // Drops what is null at the end of the open level.
  void CloseLevel() {
    size_t size = out_.size();
    while (size > level_ && IsNull(out_[size - 1])) {
      --size;
    }
    out_.Shrink(size);
  }
  void OpenList() {
    CloseLevel();
    out_.Add({.kind = Kind::kList, .qualifier = 0, .text = {}});
    level_ = out_.size();
  }

  // ".X1" and a last ".X" read as "-X1" and "-X".
  void OpenListForWord() {
    if (out_.size() > level_) {
      OpenList();
    }
  }

  void Run(std::string_view text) {
    bool in_digits = false;
    size_t start = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '.' || c == '-') {
        if (i == start) {
          AddItem(true, {});
        } else {
          AddItem(in_digits, text.substr(start, i - start));
        }
        start = i + 1;
        if (c == '-') {
          OpenList();
        }
      } else if (IsDigit(c)) {
        if (!in_digits && i > start) {
          OpenListForWord();
          AddWord(text.substr(start, i - start), true);
          start = i;
          OpenList();
        }
        in_digits = true;
      } else {
        if (in_digits && i > start) {
          AddItem(true, text.substr(start, i - start));
          start = i;
          OpenList();
        }
        in_digits = false;
      }
    }
    if (start < text.size()) {
      if (!in_digits) {
        OpenListForWord();
      }
      AddItem(in_digits, text.substr(start));
    }
    CloseLevel();
    // Lists that hold nothing, innermost first; a level that is now at the end has been closed
    // already.
    size_t size = out_.size();
    while (size > 0 && out_[size - 1].kind == Kind::kList) {
      --size;
    }
    out_.Shrink(size);
  }

  Tokens& out_;
  size_t level_ = 0;  // where the open level begins
};

// Against nothing: a release qualifier or zero is nothing.
int CompareToNull(const Token& token) {
  switch (token.kind) {
    case Kind::kNumber:
      return token.text.empty() ? 0 : 1;
    case Kind::kWord:
      return Sign(token.qualifier - kRelease);
    case Kind::kList:
      break;
  }
  return 0;  // the list's own items follow
}

int CompareWords(const Token& a, const Token& b) {
  if (a.qualifier != b.qualifier || a.qualifier != kUnknownWord) {
    return Sign(a.qualifier - b.qualifier);
  }
  for (size_t i = 0; i < a.text.size() && i < b.text.size(); ++i) {
    const int left = static_cast<unsigned char>(ToLower(a.text[i]));
    const int right = static_cast<unsigned char>(ToLower(b.text[i]));
    if (left != right) {
      return Sign(left - right);
    }
  }
  return a.text.size() == b.text.size() ? 0 : (a.text.size() < b.text.size() ? -1 : 1);
}

// word < list < number
int KindRank(Kind kind) { return kind == Kind::kWord ? 0 : (kind == Kind::kList ? 1 : 2); }

int CompareTokens(const Token& a, const Token& b) {
  if (a.kind != b.kind) {
    return KindRank(a.kind) < KindRank(b.kind) ? -1 : 1;
  }
  switch (a.kind) {
    case Kind::kNumber:
      return CompareDigits(a.text, b.text);
    case Kind::kWord:
      return CompareWords(a, b);
    case Kind::kList:
      break;
  }
  return 0;
}

}  // namespace

std::optional<int> CompareMaven(std::string_view a, std::string_view b) {
  if (!ValidMaven(a) || !ValidMaven(b)) {
    return std::nullopt;
  }
  Tokens left;
  Tokens right;
  Parser::Parse(a, left);
  Parser::Parse(b, right);
  for (size_t i = 0; i < left.size() || i < right.size(); ++i) {
    int order = 0;
    if (i >= right.size()) {
      order = CompareToNull(left[i]);
    } else if (i >= left.size()) {
      order = -CompareToNull(right[i]);
    } else {
      order = CompareTokens(left[i], right[i]);
    }
    if (order != 0) {
      return order;
    }
  }
  return 0;
}

bool ValidMaven(std::string_view version) { return !version.empty(); }

}  // namespace scantling::version::scheme
