// See lexer.h.
#include "policy/cel/lexer.h"

#include "base/strings.h"

#include <array>
#include <charconv>
#include <optional>

namespace scantling::policy::cel {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

void AppendUtf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::expected<std::vector<Token>, CompileError> Run() {
    while (true) {
      SkipSpace();
      if (at_ >= text_.size()) {
        Token end;
        end.begin = end.end = static_cast<uint32_t>(at_);
        tokens_.push_back(std::move(end));
        return std::move(tokens_);
      }
      if (auto wrong = Next()) {
        return std::unexpected(*std::move(wrong));
      }
    }
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void SkipSpace() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (c == '/' && Peek(1) == '/') {
        while (at_ < text_.size() && text_[at_] != '\n') {
          ++at_;
        }
      } else {
        return;
      }
    }
  }

  static CompileError At(size_t offset, std::string text) {
    return {std::move(text), static_cast<uint32_t>(offset)};
  }

  Token& Push(TokenKind kind, size_t begin) {
    Token& token = tokens_.emplace_back();
    token.kind = kind;
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(at_);
    return token;
  }

  std::optional<CompileError> Next() {
    const size_t begin = at_;
    const char c = Peek();
    if (c == '"' || c == '\'') {
      return Text(begin, false);
    }
    if (IsNameStart(c)) {
      while (IsNamePart(Peek())) {
        ++at_;
      }
      const std::string_view name = text_.substr(begin, at_ - begin);
      if ((Peek() == '"' || Peek() == '\'') && name.size() <= 2) {
        const std::string lower = base::Lower(name);
        if (lower == "r") {
          return Text(begin, true);
        }
        if (lower == "b" || lower == "br" || lower == "rb") {
          return At(begin, "bytes are not supported; write a text without the " +
                               std::string(name) + " before it");
        }
      }
      Push(TokenKind::kName, begin).text = name;
      return std::nullopt;
    }
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) {
      return Number(begin);
    }
    static constexpr std::array<std::string_view, 6> kPairs = {"==", "!=", "<=", ">=", "&&", "||"};
    for (const std::string_view pair : kPairs) {
      if (text_.substr(at_, 2) == pair) {
        at_ += 2;
        Push(TokenKind::kSign, begin).text = pair;
        return std::nullopt;
      }
    }
    if (std::string_view("+-*/%!<>?:.,()[]").find(c) != std::string_view::npos) {
      ++at_;
      Push(TokenKind::kSign, begin).text = std::string(1, c);
      return std::nullopt;
    }
    if (c == '=') {
      return At(begin, "\"=\" compares nothing; write == for \"is equal to\"");
    }
    if (c == '&' || c == '|') {
      return At(begin, std::string("write ") + c + c + (c == '&' ? " for \"and\"" : " for \"or\""));
    }
    if (c == '{' || c == '}') {
      return At(begin, "maps and messages are not supported in conditions");
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F) {
      return At(begin, "a character that has no meaning in a condition (a text needs quotes)");
    }
    std::string what = "\"_\" has no meaning in a condition";
    what[1] = c;
    return At(begin, std::move(what));
  }

  std::optional<CompileError> Number(size_t begin) {
    if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X')) {
      at_ += 2;
      uint64_t value = 0;
      const auto [end, error] =
          std::from_chars(text_.data() + at_, text_.data() + text_.size(), value, 16);
      if (error == std::errc::result_out_of_range) {
        return At(begin, "the number is too large");
      }
      if (error != std::errc()) {
        return At(begin, "hexadecimal digits are missing after 0x");
      }
      at_ = static_cast<size_t>(end - text_.data());
      return FinishNumber(begin, value);
    }
    size_t end = at_;
    bool real = false;
    while (end < text_.size() && IsDigit(text_[end])) {
      ++end;
    }
    if (end + 1 < text_.size() && text_[end] == '.' && IsDigit(text_[end + 1])) {
      real = true;
      ++end;
      while (end < text_.size() && IsDigit(text_[end])) {
        ++end;
      }
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      size_t digits = end + 1;
      if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) {
        ++digits;
      }
      if (digits < text_.size() && IsDigit(text_[digits])) {
        real = true;
        end = digits;
        while (end < text_.size() && IsDigit(text_[end])) {
          ++end;
        }
      }
    }
    std::string digits(text_.substr(begin, end - begin));
    at_ = end;
    if (real) {
      if (digits.front() == '.') {
        digits.insert(0, 1, '0');
      }
      const auto value = ParseDouble(digits);
      if (!value) {
        return At(begin, "the number is too large or too small");
      }
      Push(TokenKind::kDouble, begin).real = *value;
      return Unjoined(begin);
    }
    const auto value = base::ParseNumber<uint64_t>(digits);
    if (!value) {
      return At(begin, "the number is too large");
    }
    return FinishNumber(begin, *value);
  }

  std::optional<CompileError> FinishNumber(size_t begin, uint64_t value) {
    if (Peek() == 'u' || Peek() == 'U') {
      return At(begin, "unsigned numbers are not supported; leave the u out");
    }
    if (value > uint64_t{1} << 63) {
      return At(begin, "the number is too large");
    }
    Push(TokenKind::kInt, begin).magnitude = value;
    return Unjoined(begin);
  }

  std::optional<CompileError> Unjoined(size_t begin) const {
    if (IsNamePart(Peek())) {
      return At(begin, "a number ends in a letter; days are written days(7)");
    }
    return std::nullopt;
  }

  std::optional<CompileError> Text(size_t begin, bool raw) {
    const char quote = Peek();
    const std::string three(3, quote);
    const bool triple = text_.substr(at_, 3) == three;
    at_ += triple ? 3 : 1;
    std::string out;
    while (true) {
      if (at_ >= text_.size()) {
        return At(begin, "the text does not end: its closing quote is missing");
      }
      const char c = text_[at_];
      if (triple ? text_.substr(at_, 3) == three : c == quote) {
        at_ += triple ? 3 : 1;
        break;
      }
      if (!triple && (c == '\n' || c == '\r')) {
        return At(begin, "the text does not end on its line: its closing quote is missing");
      }
      if (c != '\\' || raw) {
        out.push_back(c);
        ++at_;
        continue;
      }
      if (auto wrong = Escape(out)) {
        return wrong;
      }
    }
    Push(TokenKind::kText, begin).text = std::move(out);
    return std::nullopt;
  }

  std::optional<CompileError> Escape(std::string& out) {
    const size_t begin = at_;
    ++at_;
    const char c = Peek();
    ++at_;
    static constexpr std::string_view kFrom = "abfnrtv\\?\"'`";
    static constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\?\"'`";
    if (const size_t found = kFrom.find(c); c != '\0' && found != std::string_view::npos) {
      out.push_back(kTo[found]);
      return std::nullopt;
    }
    size_t digits = 0;
    int radix = 16;
    if (c == 'x' || c == 'X') {
      digits = 2;
    } else if (c == 'u') {
      digits = 4;
    } else if (c == 'U') {
      digits = 8;
    } else if (c >= '0' && c <= '3') {
      digits = 3;
      radix = 8;
      --at_;
    } else {
      return At(begin,
                "an unknown escape in a text; write \\\\ for a backslash, or r\"...\" for a "
                "text without escapes");
    }
    const auto code = at_ + digits <= text_.size()
                          ? base::ParseNumber<uint32_t>(text_.substr(at_, digits), radix)
                          : std::nullopt;
    if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) {
      return At(begin, "an escape in a text that names no character");
    }
    at_ += digits;
    AppendUtf8(out, *code);
    return std::nullopt;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::expected<std::vector<Token>, CompileError> Tokens(std::string_view text) {
  return Lexer(text).Run();
}

}  // namespace scantling::policy::cel
