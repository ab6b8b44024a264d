// Inside of the folder: reading a YAML mapping by a fixed form. Mistakes are collected as
// "file:line:column: what is wrong; what to write", so that a person mends a file in one go.
#pragma once

#include "base/result.h"
#include "codec/yaml.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

class Mistakes {
 public:
  explicit Mistakes(std::string_view path) : path_(path) {}
  void Add(uint32_t line, uint32_t column, std::string_view text);
  void Add(const codec::YamlNode& node, std::string_view text) {
    Add(node.line, node.column, text);
  }
  bool any() const { return count_ > 0; }
  base::Error ToError() const;  // in the file's order, the first 20
  const std::string& path() const { return path_; }

 private:
  struct Mistake {
    uint32_t line;
    uint32_t column;
    std::string text;
  };
  std::string path_;
  size_t count_ = 0;
  std::vector<Mistake> mistakes_;
};

// The one document of a text, which is a mapping with `schema: want`.
base::Result<codec::YamlNode> ReadDocument(std::string_view text, std::string_view path,
                                           std::string_view want);

// One mapping that is being read.
class Form {
 public:
  // `what`: "rule no-root", for messages.
  Form(const codec::YamlNode& node, std::string what, Mistakes& mistakes);
  // Names the keys that exist; any other one is a mistake.
  void Keys(std::span<const std::string_view> known);
  bool Has(std::string_view key) const { return node_.Has(key); }
  const codec::YamlNode& At(std::string_view key) const { return node_[key]; }
  std::string Text(std::string_view key);          // "" when it is missing
  std::string RequiredText(std::string_view key);  // missing or empty: a mistake
  std::optional<int64_t> Int(std::string_view key, int64_t least, int64_t most);
  std::optional<double> Number(std::string_view key);
  std::optional<bool> Bool(std::string_view key);
  std::vector<std::string> Texts(std::string_view key);  // a list of texts, or one text
  std::optional<std::string> Date(std::string_view key);
  // The place of one of `words`.
  std::optional<size_t> Word(std::string_view key, std::span<const std::string_view> words);
  const std::string& what() const { return what_; }

 private:
  const codec::YamlNode& node_;
  std::string what_;
  Mistakes& mistakes_;
};

std::optional<size_t> WordOf(const codec::YamlNode& node, std::span<const std::string_view> words,
                             std::string_view what, Mistakes& mistakes);

// Where the byte `offset` of a scalar's decoded text stands in the file: line and column.
struct Place {
  uint32_t line;
  uint32_t column;
};
Place PlaceInScalar(std::string_view file, const codec::YamlNode& scalar, size_t offset);

}  // namespace scantling::policy
