// Words and signs of a condition, by the lexis of CEL
// (https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax). Literals are decoded
// here; bytes ("b'...'") and unsigned numbers ("1u") are refused by name.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy::cel {

// A place in the condition's text and what is wrong there. Line and column count from 1, the column
// in characters.
struct CompileError {
  std::string text;
  uint32_t offset = 0;  // in bytes
};

enum class TokenKind : uint8_t { kEnd, kName, kInt, kDouble, kText, kSign };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint64_t magnitude = 0;  // of kInt; a minus sign is a token of its own
  double real = 0;
  std::string text;  // of kText: decoded; of kName and kSign: as written
};

std::expected<std::vector<Token>, CompileError> Tokens(std::string_view text);

}  // namespace scantling::policy::cel
