// One connection to the SQLite file: statements, values, errors. Inside the room only.
// Single thread.
#pragma once

#include "base/result.h"
#include "base/strings.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace scantling::store {

enum class SqliteUse : uint8_t { kWriter, kReader };

class SqliteConnection final : public Connection {
 public:
  static base::Result<std::unique_ptr<SqliteConnection>> Open(const std::string& path,
                                                              SqliteUse use,
                                                              std::chrono::milliseconds busy);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Dialect dialect() const override { return Dialect::kSqlite; }
  base::Result<uint64_t> Execute(std::string_view sql, std::span<const Value> values) override;
  base::Result<void> ExecuteMany(std::string_view sql, size_t width,
                                 std::span<const Value> values) override;
  base::Result<void> Query(std::string_view sql, std::span<const Value> values,
                           const std::function<base::Result<void>(const Row&)>& visit) override;
  base::Result<void> Script(std::string_view sql) override;

  // The transaction: `begin` ("BEGIN IMMEDIATE"), work, COMMIT; ROLLBACK when anything fails.
  base::Result<void> Transaction(std::string_view begin,
                                 const std::function<base::Result<void>(Connection&)>& work);
  // Counts this transaction as a serial write.
  base::Result<void> TakeChangeNumber();

 private:
  struct Statement {
    sqlite3_stmt* handle = nullptr;
    std::vector<int> parameters;  // SQLite's index of $1, $2, ...
  };

  SqliteConnection(std::string path, SqliteUse use, std::chrono::milliseconds busy)
      : path_(std::move(path)), use_(use), busy_(busy) {}
  base::Error Failure(int code);
  base::Error Keep(base::Error error);
  base::Result<Statement*> Prepare(std::string_view sql);
  base::Result<void> Bind(const Statement& statement, std::span<const Value> values);
  base::Result<void> Step(const Statement& statement);
  base::Result<void> Plain(const char* sql);

  std::string path_;
  SqliteUse use_;
  std::chrono::milliseconds busy_;
  sqlite3* db_ = nullptr;
  std::unordered_map<std::string, Statement, base::StringHash, std::equal_to<>> statements_;
  std::optional<base::Error> failed_;  // of this transaction
};

}  // namespace scantling::store
