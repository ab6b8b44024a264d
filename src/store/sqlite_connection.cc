// One connection to the SQLite file (https://www.sqlite.org/c3ref/intro.html).
//
// Not memory-mapped: a read error of a mapped file would be a signal instead of an error.
#include "store/sqlite_connection.h"

#include "store/text.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace scantling::store {
namespace {

constexpr size_t kStatements = 256;  // kept prepared

base::Result<void> Check(std::string_view text) {
  if (!IsStorableText(text)) {
    return base::Invalid("a text to be stored is no valid UTF-8, or has a zero byte");
  }
  return {};
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  double Real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view Text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? std::string_view()
                           : std::string_view(text, sqlite3_column_bytes(statement_, column));
  }
  base::Bytes Blob(int column) const override {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {bytes,
            bytes == nullptr ? 0U : static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }
  int Columns() const override { return sqlite3_data_count(statement_); }
  Value Get(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_INTEGER:
        return Int(column);
      case SQLITE_FLOAT:
        return Real(column);
      case SQLITE_TEXT:
        return Text(column);
      case SQLITE_BLOB:
        return Blob(column);
      default:
        return std::monostate();
    }
  }

 private:
  sqlite3_stmt* statement_;
};

// A statement in use; reset however it is left.
class InUse {
 public:
  explicit InUse(sqlite3_stmt* statement) : statement_(statement) {}
  ~InUse() { sqlite3_reset(statement_); }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

base::Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(
    const std::string& path, SqliteUse use, std::chrono::milliseconds busy) {
  std::unique_ptr<SqliteConnection> out(new SqliteConnection(path, use, busy));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (const int code = sqlite3_open_v2(path.c_str(), &out->db_, flags, nullptr);
      code != SQLITE_OK) {
    return out->Failure(code);
  }
  if (sqlite3_db_readonly(out->db_, "main") == 1) {
    return out->Failure(SQLITE_READONLY);
  }
  sqlite3_busy_timeout(out->db_, static_cast<int>(busy.count()));
  sqlite3_db_config(out->db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (use == SqliteUse::kWriter) {
    std::string mode;
    SCANTLING_DO(
        out->Query("PRAGMA journal_mode = WAL", {}, [&mode](const Row& row) -> base::Result<void> {
          mode = row.Text(0);
          return {};
        }));
    if (mode != "wal") {
      return base::Error(base::ErrorCode::kIo,
                         path +
                             ": SQLite cannot keep a write-ahead log there (a network or "
                             "read-only file system?): use a local folder");
    }
  }
  sqlite3_db_config(out->db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  SCANTLING_DO(out->Plain(use == SqliteUse::kWriter
                              ? "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA "
                                "cache_size = -16384; PRAGMA journal_size_limit = 67108864"
                              : "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA "
                                "cache_size = -8192"));
  return out;
}

SqliteConnection::~SqliteConnection() {
  for (const auto& [text, statement] : statements_) {
    sqlite3_finalize(statement.handle);
  }
  sqlite3_close(db_);
}

base::Error SqliteConnection::Failure(int code) {
  const std::string text = db_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db_);
  const int system = db_ == nullptr ? 0 : sqlite3_system_errno(db_);
  const auto io = [this](std::string_view what) {
    return base::Error(base::ErrorCode::kIo, path_ + ": " + std::string(what));
  };
  const int primary = code & 0xFF;
  const bool of_system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
  if (primary == SQLITE_FULL || (of_system && system == ENOSPC)) {
    return io("the disk is full: make room and try again; nothing of this write was kept");
  }
  if (primary == SQLITE_READONLY && use_ == SqliteUse::kReader &&
      sqlite3_db_readonly(db_, "main") == 0) {
    return base::Invalid("a statement that writes, in a read");
  }
  if (primary == SQLITE_READONLY || (of_system && (system == EROFS || system == EACCES))) {
    return io(
        "cannot be written: the file, its folder or the file system is read-only for this "
        "user");
  }
  switch (primary) {
    case SQLITE_CONSTRAINT:
      return base::Invalid("constraint of the database: " + text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return io("locked by another process for more than " + std::to_string(busy_.count()) +
                " ms: wait for its write to end, or end that process");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return io("damaged, or not a database of this program (" + text +
                "): stop the program, keep a copy of the file and restore the last backup");
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return io(text + (system == 0 ? "" : ": " + std::string(std::strerror(system))));
    case SQLITE_NOMEM:
      return io("out of memory");
    case SQLITE_TOOBIG:
      return base::LimitMet("a value is larger than SQLite keeps (1 GB)");
    default:
      return base::Invalid("SQLite: " + text);
  }
}

base::Error SqliteConnection::Keep(base::Error error) {
  if (!failed_.has_value()) {
    failed_ = error.Clone();
  }
  return error;
}

base::Result<void> SqliteConnection::Plain(const char* sql) {
  if (const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); code != SQLITE_OK) {
    return Failure(code);
  }
  return {};
}

base::Result<SqliteConnection::Statement*> SqliteConnection::Prepare(std::string_view sql) {
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    return &found->second;
  }
  if (statements_.size() >= kStatements) {
    for (const auto& [text, statement] : statements_) {
      sqlite3_finalize(statement.handle);
    }
    statements_.clear();
  }
  Statement statement;
  const char* rest = nullptr;
  if (const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &statement.handle, &rest);
      code != SQLITE_OK) {
    return Keep(Failure(code).With("\"" + std::string(sql.substr(0, 200)) + "\""));
  }
  if (statement.handle == nullptr) {
    return Keep(base::Invalid("an empty statement"));
  }
  const int count = sqlite3_bind_parameter_count(statement.handle);
  for (int number = 1; number <= count; ++number) {
    const int index =
        sqlite3_bind_parameter_index(statement.handle, ("$" + std::to_string(number)).c_str());
    if (index == 0) {
      sqlite3_finalize(statement.handle);
      return Keep(base::Invalid("parameters are not $1 to $" + std::to_string(count) + " in \"" +
                                std::string(sql.substr(0, 200)) + "\""));
    }
    statement.parameters.push_back(index);
  }
  return &statements_.emplace(std::string(sql), std::move(statement)).first->second;
}

base::Result<void> SqliteConnection::Bind(const Statement& statement,
                                          std::span<const Value> values) {
  if (values.size() != statement.parameters.size()) {
    return Keep(base::Invalid(std::to_string(values.size()) + " values for " +
                              std::to_string(statement.parameters.size()) + " parameters"));
  }
  sqlite3_stmt* handle = statement.handle;
  for (size_t i = 0; i < values.size(); ++i) {
    const int index = statement.parameters[i];
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<int64_t>(&values[i])) {
      code = sqlite3_bind_int64(handle, index, *number);
    } else if (const auto* real = std::get_if<double>(&values[i])) {
      code = sqlite3_bind_double(handle, index, *real);
    } else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
      if (auto checked = Check(*text); !checked) {
        return Keep(std::move(checked).error());
      }
      code = sqlite3_bind_text64(handle, index, text->data() == nullptr ? "" : text->data(),
                                 text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<base::Bytes>(&values[i])) {
      code = blob->empty()
                 ? sqlite3_bind_zeroblob(handle, index, 0)
                 : sqlite3_bind_blob64(handle, index, blob->data(), blob->size(), SQLITE_STATIC);
    } else {
      code = sqlite3_bind_null(handle, index);
    }
    if (code != SQLITE_OK) {
      return Keep(Failure(code));
    }
  }
  return {};
}

base::Result<void> SqliteConnection::Step(const Statement& statement) {
  const InUse in_use(statement.handle);
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) {
    code = sqlite3_step(statement.handle);
  }
  if (code != SQLITE_DONE) {
    return Keep(Failure(code));
  }
  return {};
}

base::Result<uint64_t> SqliteConnection::Execute(std::string_view sql,
                                                 std::span<const Value> values) {
  SCANTLING_TRY(Statement * statement, Prepare(sql));
  SCANTLING_DO(Bind(*statement, values));
  const sqlite3_int64 before = sqlite3_total_changes64(db_);
  SCANTLING_DO(Step(*statement));
  return static_cast<uint64_t>(sqlite3_total_changes64(db_) - before);
}

base::Result<void> SqliteConnection::ExecuteMany(std::string_view sql, size_t width,
                                                 std::span<const Value> values) {
  SCANTLING_ASSERT(width > 0 && values.size() % width == 0);
  SCANTLING_TRY(Statement * statement, Prepare(sql));
  for (size_t at = 0; at < values.size(); at += width) {
    SCANTLING_DO(Bind(*statement, values.subspan(at, width)));
    SCANTLING_DO(Step(*statement));
  }
  return {};
}

base::Result<void> SqliteConnection::Query(
    std::string_view sql, std::span<const Value> values,
    const std::function<base::Result<void>(const Row&)>& visit) {
  SCANTLING_TRY(Statement * statement, Prepare(sql));
  SCANTLING_DO(Bind(*statement, values));
  const InUse in_use(statement->handle);
  const SqliteRow row(statement->handle);
  for (;;) {
    const int code = sqlite3_step(statement->handle);
    if (code == SQLITE_DONE) {
      return {};
    }
    if (code != SQLITE_ROW) {
      return Keep(Failure(code));
    }
    SCANTLING_DO(visit(row));
  }
}

base::Result<void> SqliteConnection::Script(std::string_view sql) {
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  if (auto done = Plain(std::string(sql).c_str()); !done) {
    return Keep(std::move(done).error());
  }
  return {};
}

base::Result<void> SqliteConnection::TakeChangeNumber() {
  return Query("UPDATE counters SET value = value + 1 WHERE name = 'change' RETURNING value", {},
               [this](const Row& row) -> base::Result<void> {
                 change_ = row.Int(0);
                 return {};
               });
}

base::Result<void> SqliteConnection::Transaction(
    std::string_view begin, const std::function<base::Result<void>(Connection&)>& work) {
  failed_.reset();
  change_ = 0;
  SCANTLING_DO(Execute(begin, {}));
  auto result = work(*this);
  if (result.has_value() && failed_.has_value()) {
    result = failed_->Clone();
  }
  if (result.has_value()) {
    if (auto committed = Execute("COMMIT", {}); !committed) {
      result = std::move(committed).error();
    }
  }
  failed_.reset();
  change_ = 0;
  if (!result.has_value() && sqlite3_get_autocommit(db_) == 0) {
    (void)Execute("ROLLBACK", {});  // it was not kept either way
    failed_.reset();
  }
  return result;
}

}  // namespace scantling::store
