// What both databases share: choosing one, and numbers from the table of counters.
#include "store/store.h"

#include "store/postgres.h"
#include "store/sqlite.h"

#include <string>
#include <utility>

namespace scantling::store {

base::Result<int64_t> Connection::NextIds(std::string_view kind, int64_t count) {
  if (change_ != 0 && kind == "change") {
    return change_;
  }
  const Value values[] = {kind, count};
  int64_t last = 0;
  SCANTLING_DO(
      Query("INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO "
            "UPDATE SET value = counters.value + excluded.value RETURNING value",
            values, [&last](const Row& row) -> base::Result<void> {
              last = row.Int(0);
              return {};
            }));
  return last - count + 1;
}

base::Result<int64_t> Store::ChangeCounter() {
  int64_t counter = 0;
  SCANTLING_DO(Read([&counter](Connection& connection) {
    return connection.Query("SELECT value FROM counters WHERE name = 'change'", {},
                            [&counter](const Row& row) -> base::Result<void> {
                              counter = row.Int(0);
                              return {};
                            });
  }));
  return counter;
}

base::Result<std::unique_ptr<Store>> Store::Open(const StoreOptions& options) {
  return OpenStore(options, Migrations());
}

base::Result<std::unique_ptr<Store>> OpenStore(const StoreOptions& options,
                                               std::span<const Migration> migrations) {
  const std::string_view database = options.database;
  if (database.starts_with("sqlite:") && database.size() > 7) {
    return OpenSqlite(std::string(database.substr(7)), options, migrations);
  }
  if (database.starts_with("postgres://") || database.starts_with("postgresql://")) {
    return OpenPostgres(options, migrations);
  }
  // The text may hold a password: it is not repeated.
  return base::Error(base::ErrorCode::kUsage,
                     "the database is named as sqlite:PATH or postgres://USER@HOST/NAME");
}

}  // namespace scantling::store
