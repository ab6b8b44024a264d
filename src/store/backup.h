// A backup: one file that either database is restored from, and the way from one to the other.
//
// The file: "scantling-backup 1\n", then blocks of zstd, each with its size before it, then an
// empty block and the SHA-256 of all before it (backup_format.h). Inside: the schema version, then
// each table's name, columns and rows. The dump is one consistent moment, made beside running
// writes; nothing of it is whole in memory.
#pragma once

#include "base/result.h"
#include "store/store.h"

#include <cstdint>
#include <string>

namespace scantling::store {

struct BackupSummary {
  int64_t schema_version = 0;
  uint64_t tables = 0;
  uint64_t rows = 0;
};

// Written beside `path` and renamed over it when it is complete and synced.
base::Result<BackupSummary> Backup(Store& store, const std::string& path);

// Into a database that is new or holds nothing; all rows in one transaction. The file is checked
// whole before the database is touched. A backup of an older schema is brought forward; one of a
// newer schema is an error that names both versions.
base::Result<BackupSummary> Restore(const std::string& path, const StoreOptions& options);

}  // namespace scantling::store
