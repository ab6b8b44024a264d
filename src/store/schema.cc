// The list of migrations, and running them: the table schema_version holds one row for each that
// was run. Going back is not possible: an older program refuses a newer schema.
#include "store/schema.h"

#include <array>
#include <cctype>

namespace scantling::store {

std::span<const Migration> Migrations() {
  static constexpr size_t kCount = 5;
  static const std::array<Migration, kCount> kMigrations = {{
      {1, "jobs", kSchemaJobs},
      {2, "program", kSchemaProgram},
      {3, "access", kSchemaAccess},
      {4, "watches", kSchemaWatches},
      {5, "history", kSchemaHistory},
  }};
  return kMigrations;
}

std::string MigrationText(Dialect dialect, std::string_view sql) {
  if (dialect == Dialect::kSqlite) {
    return std::string(sql);
  }
  std::string out;
  std::string_view before;  // the word before this one
  size_t at = 0;
  while (at < sql.size()) {
    const auto is_word = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    size_t end = at;
    while (end < sql.size() && is_word(sql[end])) {
      ++end;
    }
    if (end == at) {
      out.push_back(sql[at++]);
      continue;
    }
    const std::string_view word = sql.substr(at, end - at);
    out.append(word);
    if (word == "TEXT" && before != "AS") {
      out.append(" COLLATE \"C\"");
    }
    before = word;
    at = end;
  }
  return out;
}

base::Result<int64_t> SchemaVersion(Connection& connection) {
  bool exists = false;
  SCANTLING_DO(connection.Query(
      connection.dialect() == Dialect::kSqlite
          ? "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
          // Not to_regclass(): it may answer from what this session saw before it had the lock.
          : "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename "
            "= "
            "'schema_version'",
      {}, [&exists](const Row&) -> base::Result<void> {
        exists = true;
        return {};
      }));
  int64_t version = 0;
  if (exists) {
    SCANTLING_DO(connection.Query("SELECT MAX(version) FROM schema_version", {},
                                  [&version](const Row& row) -> base::Result<void> {
                                    version = row.Int(0);
                                    return {};
                                  }));
  }
  return version;
}

base::Result<void> BringForward(const Transact& transact, std::span<const Migration> migrations) {
  const int64_t newest = migrations.empty() ? 0 : migrations.back().version;
  int64_t version = -1;
  const auto step = [&](Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(version, SchemaVersion(connection));
    if (version > newest) {
      return base::Unsupported("the database has schema version " + std::to_string(version) +
                               ", this program knows versions up to " + std::to_string(newest) +
                               ": run the newer program, or restore a backup made before it");
    }
    if (version == newest) {
      return {};
    }
    if (version == 0) {
      SCANTLING_DO(connection.Script(MigrationText(
          connection.dialect(),
          "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, name "
          "TEXT NOT NULL)")));
    }
    const Migration& next = migrations[static_cast<size_t>(version)];
    SCANTLING_ASSERT(next.version == version + 1);
    const std::string place =
        "schema version " + std::to_string(next.version) + " (" + std::string(next.name) + ")";
    SCANTLING_DO(connection.Script(MigrationText(connection.dialect(), next.sql)).With(place));
    const Value values[] = {next.version, next.name};
    SCANTLING_DO(
        connection.Execute("INSERT INTO schema_version (version, name) VALUES ($1, $2)", values));
    version = next.version;
    return {};
  };
  while (version < newest) {
    SCANTLING_DO(transact(step));
  }
  return {};
}

}  // namespace scantling::store
