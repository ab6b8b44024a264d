// Header blobs to records, with dependencies resolved inside the database: by name, by provided
// capability, by file.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "catalog/common/capabilities.h"
#include "catalog/common/cataloger.h"
#include "catalog/common/problems.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::catalog::rpm {

// Single thread. Borrows facts and problems.
class Packages {
 public:
  Packages(FileFacts& facts, Problems& problems) : facts_(facts), problems_(problems) {}

  void Add(base::Bytes header);
  // Once, after the last header.
  void ResolveDepends();

 private:
  FileFacts& facts_;
  Problems& problems_;
  uint64_t seen_ = 0;
  Capabilities capabilities_;
  std::vector<std::vector<std::string>> requires_;  // per record
};

// "bash-5.1.8-6.el9.src.rpm" -> {"bash", "5.1.8-6.el9"}; {"", ""} when it is not of that form.
std::pair<std::string_view, std::string_view> SplitSourceRpm(std::string_view text);

}  // namespace scantling::catalog::rpm
