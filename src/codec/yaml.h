// YAML in: documents as trees of our own nodes, made from libyaml's events
// (https://yaml.org/spec/1.1/), which no other file includes. Every node knows its line and column
// (from 1), so that who reads a configuration can point at it.
//
// Depth, bytes, nodes and documents are limited; an alias copies what it names, and the copies
// count as nodes, so that a "billion laughs" document meets the limit. A key that occurs twice in
// one mapping is an error. Deliberately not handled: merge keys ("<<" is a key like any other),
// tags (ignored), keys that are not scalars.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

struct YamlLimits {
  uint64_t bytes = uint64_t{64} << 20;
  uint32_t depth = 64;
  uint64_t nodes = 2'000'000;  // over all documents, copies by aliases included
  uint64_t documents = 10'000;
};

struct YamlNode {
  enum class Kind : uint8_t { kScalar, kSequence, kMapping };
  struct Key {
    std::string text;
    uint32_t line = 0;
    uint32_t column = 0;
  };

  Kind kind = Kind::kScalar;
  bool quoted = false;  // a scalar in quotes or in block form: text, whatever it looks like
  uint32_t line = 0;
  uint32_t column = 0;
  std::string text;  // of a scalar
  std::vector<YamlNode>
      children;           // of a sequence; of a mapping: the values, in the order of `keys`
  std::vector<Key> keys;  // of a mapping, in document order

  bool IsScalar() const { return kind == Kind::kScalar; }
  bool IsSequence() const { return kind == Kind::kSequence; }
  bool IsMapping() const { return kind == Kind::kMapping; }
  // A plain scalar that means nothing: empty, "~", "null".
  bool IsNull() const;

  // The value of a key; a shared empty null scalar (line 0) when this is no mapping or has no such
  // key.
  const YamlNode& operator[](std::string_view key) const;
  bool Has(std::string_view key) const;
  // The text of a scalar, "" of anything else.
  std::string_view Text() const { return IsScalar() ? std::string_view(text) : std::string_view(); }
};

// All documents of the stream, in order; none for empty input. Errors name line and column.
base::Result<std::vector<YamlNode>> ParseYaml(std::string_view text, const YamlLimits& limits = {});

// An error of this reader, or of toml.h's, as editors take it: "p.yaml:3:1: YAML: key \"a\" occurs
// twice" out of "YAML: key \"a\" occurs twice at line 3, column 1".
base::Error InFile(base::Error error, std::string_view path);

}  // namespace scantling::codec
