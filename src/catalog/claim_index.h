// Which cataloger wants a file: the claims of all catalogers as a few hash tables, asked once per
// tar entry.
//
// A file has at most one cataloger: the first in the registry's order whose claim fits. Thread-safe
// once built.
#pragma once

#include "base/bytes.h"
#include "base/strings.h"
#include "catalog/common/cataloger.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::catalog {

class ClaimIndex {
 public:
  // Borrows the catalogers and their patterns.
  explicit ClaimIndex(std::span<const Cataloger* const> catalogers);

  // The cataloger that claims the path by its name; an index into the registry.
  std::optional<uint32_t> ByName(std::string_view path) const;
  // The one that claims by first bytes.
  std::optional<uint32_t> ByMagic(base::Bytes head) const;
  // Files shorter than this cannot match a magic.
  size_t shortest_magic() const { return shortest_magic_; }

 private:
  struct Candidate {
    ClaimKind kind;
    std::string_view pattern;
    uint32_t cataloger;
  };
  using Table =
      std::unordered_map<std::string, std::vector<Candidate>, base::StringHash, std::equal_to<>>;

  Table by_base_name_;  // kPath, kSuffix, kBaseName by the pattern's last part
  Table by_folder_;     // kInFolder by the last part of the pattern
  Table by_extension_;  // kExtension by the text after the last dot, lower case
  std::vector<Candidate> magics_;
  size_t shortest_magic_ = static_cast<size_t>(-1);
};

}  // namespace scantling::catalog
