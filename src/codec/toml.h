// TOML 1.0 in (https://toml.io/en/v1.0.0): documents as trees of our own nodes. Every node knows
// its line and column (from 1). Bytes and depth are limited (64 brackets within one another, 64
// parts of a key), nothing recurses.
//
// A parser of our own: the one that Debian has, toml++ 3.3, meets its own assertions and
// unreachable code on hostile input. Deliberately not handled: numbers and dates as values of their
// own type; they keep the text that the document writes (a local time gets a "Z"), so that a reader
// decides what they are.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

struct TomlNode {
  enum class Kind : uint8_t { kMissing, kText, kNumber, kBool, kDate, kArray, kTable };
  struct Key {
    std::string text;
    uint32_t line = 0;
    uint32_t column = 0;
  };

  Kind kind = Kind::kMissing;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string text;                // of a text; "true", "12", "2026-01-31", "2026-01-31T00:00:00Z"
  std::vector<TomlNode> children;  // of an array; of a table: the values, in the order of `keys`
  std::vector<Key> keys;           // of a table, sorted

  bool IsTable() const { return kind == Kind::kTable; }
  bool IsArray() const { return kind == Kind::kArray; }
  // The value of a key; a shared missing node when this is no table or has no such key.
  const TomlNode& operator[](std::string_view key) const;
};

// The document's table. Errors name line and column.
base::Result<TomlNode> ParseToml(std::string_view text, uint64_t max_bytes = uint64_t{16} << 20);

}  // namespace scantling::codec
