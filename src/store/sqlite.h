// The store in one SQLite file (https://www.sqlite.org/wal.html): WAL, synced at every commit, one
// writer and several readers. Inside the room only.
#pragma once

#include "base/result.h"
#include "store/schema.h"
#include "store/store.h"

#include <memory>
#include <span>
#include <string>

namespace scantling::store {

// Makes the file (mode 0600) and its folder when they are missing.
base::Result<std::unique_ptr<Store>> OpenSqlite(const std::string& path,
                                                const StoreOptions& options,
                                                std::span<const Migration> migrations);

}  // namespace scantling::store
