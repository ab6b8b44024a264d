// Header blobs to records, with dependencies resolved inside the database: by name, by provided
// capability, by file.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "catalog/common/capabilities.h"
#include "catalog/common/cataloger.h"
#include "catalog/common/kept_bytes.h"
#include "catalog/common/problems.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::catalog::rpm {

// Single thread. Borrows facts and problems.
class Packages {
 public:
  Packages(uint64_t file_bytes, const base::Limits& limits, FileFacts& facts, Problems& problems)
      : limits_(limits), facts_(facts), problems_(problems), kept_(file_bytes) {}

  void Add(base::Bytes header);
  // Once, after the last header.
  void ResolveDepends();

 private:
  bool Room(uint64_t bytes, std::string_view what);
  std::optional<uint32_t> GiverOf(std::string_view need) const;

  const base::Limits& limits_;
  FileFacts& facts_;
  Problems& problems_;
  KeptBytes kept_;
  bool full_said_ = false;
  uint64_t seen_ = 0;
  Capabilities capabilities_;
  std::vector<std::vector<std::string>> requires_;   // per record, as NeedsOf gives them
  std::unordered_map<uint64_t, uint32_t> owner_of_;  // of required paths that nobody provides
};

// "bash-5.1.8-6.el9.src.rpm" -> {"bash", "5.1.8-6.el9"}; {"", ""} when it is not of that form.
std::pair<std::string_view, std::string_view> SplitSourceRpm(std::string_view text);

}  // namespace scantling::catalog::rpm
