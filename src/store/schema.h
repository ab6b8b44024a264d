// The schema, as migrations that go forward only. Each owner of tables has a file of its own,
// schema_*.cc; schema.cc lists them in order. Once released, a migration is never edited: a change
// is a new one.
#pragma once

#include "store/store.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace scantling::store {

struct Migration {
  int64_t version;  // 1, 2, ... without gaps
  std::string_view name;
  // Statements that SQLite and PostgreSQL both take. The word TEXT is TEXT COLLATE "C" to
  // PostgreSQL (except after AS), so that texts have the order of their bytes in both.
  std::string_view sql;
};

std::span<const Migration> Migrations();

// One transaction of its own that no other process's migration runs beside.
using Transact =
    std::function<base::Result<void>(const std::function<base::Result<void>(Connection&)>& work)>;
// Runs what is missing, each in a transaction. Several processes may do so at once. A schema above
// the last of `migrations` is an error that names both versions.
base::Result<void> BringForward(const Transact& transact, std::span<const Migration> migrations);
// Store::Open with other migrations than all of the program's: a restore begins with those that the
// backup was made with.
base::Result<std::unique_ptr<Store>> OpenStore(const StoreOptions& options,
                                               std::span<const Migration> migrations);
// 0 when nothing is there yet.
base::Result<int64_t> SchemaVersion(Connection& connection);
std::string MigrationText(Dialect dialect, std::string_view sql);

extern const std::string_view kSchemaJobs;     // schema_jobs.cc: jobs, counters
extern const std::string_view kSchemaProgram;  // schema_program.cc: events and their folds
extern const std::string_view kSchemaAccess;   // schema_access.cc: users, sessions, tokens, audit
extern const std::string_view kSchemaWatches;  // schema_watches.cc: watched registries
extern const std::string_view kSchemaHistory;  // schema_history.cc: folds in any order of arrival

}  // namespace scantling::store
