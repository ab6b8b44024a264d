// From the text of a condition to a Program: parsed, typed against a schema and made flat in one
// pass. Wrong names, wrong types, unknown words, wrong patterns and dates are errors with a place.
//
// Of CEL: literals (int, double, text, bool, null, list), field selection, has(), in, == != < <= >
// >=, && || ! ?:, + - * / %, size(), startsWith endsWith contains matches, exists all exists_one
// filter over lists, int() double(). Of our own: date("2026-01-31") (also: timestamp), days(n),
// age(date), and words of closed lists, which are compared with literal texts only and, where they
// have an order, by it: finding.severity >= "high". Left out: maps, bytes, unsigned numbers,
// messages, dyn, map(), + for texts and lists.
#pragma once

#include "policy/cel/lexer.h"
#include "policy/cel/program.h"

#include <expected>
#include <string_view>

namespace scantling::policy::cel {

struct CompileOptions {
  Kind want = Kind::kBool;
  uint64_t cost_limit = 2'000'000;  // of the static estimate
  uint32_t text_bytes = 8192;
  uint32_t nesting = 24;
};

// `schema` must outlive the program.
std::expected<Program, CompileError> Compile(std::string_view text, const Schema& schema,
                                             const CompileOptions& options = {});

}  // namespace scantling::policy::cel
