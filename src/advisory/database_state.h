// Inside of the room: what an open database holds.
#pragma once

#include "advisory/database.h"
#include "advisory/format.h"
#include "advisory/pages.h"
#include "base/file.h"

#include <optional>
#include <string>
#include <vector>

namespace scantling::advisory {

struct EndOfLifeRow {
  std::string_view distro;
  std::string_view version;
  std::string_view date;
};

struct Database::State {
  base::MappedFile mapped;
  std::string owned;
  Pages pages;
  model::DatabaseInfo info;
  std::vector<NamespaceInfo> name_spaces;  // sorted
  std::vector<std::string_view> small;
  std::vector<EndOfLifeRow> end_of_life;  // sorted
  uint32_t vulnerability_count = 0;

  base::Result<void> Load(base::Bytes file, bool embedded);
  std::optional<uint32_t> NamespaceIndex(std::string_view name) const;
  base::Result<std::string_view> PackageNameOf(const format::PackageRow& row) const;
  base::Result<Vulnerability> ReadVulnerability(uint32_t index) const;

  // Calls `match` with each candidate row until it says true.
  template <typename Match>
  base::Result<void> Probe(format::Section table, uint64_t hash, const Match& match) const {
    const uint64_t slots = pages.SizeOf(table) / sizeof(format::HashSlot);
    if (slots == 0 || (slots & (slots - 1)) != 0) {
      return base::Error(base::ErrorCode::kMismatch,
                         "the advisory database is damaged: a hash table's size");
    }
    uint64_t at = hash & (slots - 1);
    for (uint64_t step = 0; step < slots; ++step, at = (at + 1) & (slots - 1)) {
      SCANTLING_TRY(const base::Bytes raw,
                    pages.Get(table, at * sizeof(format::HashSlot), sizeof(format::HashSlot)));
      const auto slot = format::Load<format::HashSlot>(raw.data());
      if (slot.row_plus_1 == 0) {
        return {};
      }
      if (slot.high == static_cast<uint32_t>(hash >> 32)) {
        SCANTLING_TRY(const bool done, match(slot.row_plus_1 - 1));
        if (done) {
          return {};
        }
      }
    }
    return {};
  }
};

}  // namespace scantling::advisory
