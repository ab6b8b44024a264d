// Inside of the room: component versions as matching sees them. Two components of any images are
// one version when everything that a verdict depends on is equal: the names and versions, the
// distribution, and the OS package that owns the file.
#pragma once

#include "base/result.h"
#include "model/component.h"
#include "model/inventory.h"
#include "program/events.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct VersionIds {
  std::vector<int64_t> ids;    // one per component of the inventory, in its order
  std::vector<int64_t> fresh;  // those that were not known, ascending
};

// Finds or makes the rows.
base::Result<VersionIds> StoreVersions(Change& change, const model::Inventory& inventory);

// Those component versions (all of them for an empty list) as an inventory that match:: takes: the
// refs are "c" and the id. Owners are among them.
base::Result<model::Inventory> ReadVersions(store::Connection& connection,
                                            const std::vector<int64_t>& ids);
int64_t IdOfRef(std::string_view ref);  // "c17" -> 17

}  // namespace scantling::program
