// Backup and restore: all tables but schema_version, row by row, by the names of their columns.
#include "store/backup.h"

#include "base/file.h"
#include "base/strings.h"
#include "store/backup_format.h"
#include "store/schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

namespace scantling::store {
namespace {

constexpr size_t kRows = 500;  // inserted at once

using Tables = std::map<std::string, std::vector<std::string>, std::less<>>;

base::Result<Tables> ReadTables(Connection& connection) {
  Tables out;
  SCANTLING_DO(connection.Query(
      connection.dialect() == Dialect::kSqlite
          ? "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE "
            "m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
          : "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM "
            "information_schema.columns WHERE table_schema = current_schema() ORDER BY "
            "table_name, ordinal_position",
      {}, [&out](const Row& row) -> base::Result<void> {
        if (row.Text(0) != "schema_version") {
          out[std::string(row.Text(0))].emplace_back(row.Text(1));
        }
        return {};
      }));
  return out;
}

// "key" is a word of SQL to one of the two.
std::string Quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

template <typename Names>
std::string QuotedList(const Names& names) {
  std::string out;
  for (const auto& name : names) {
    out += (out.empty() ? "" : ", ") + Quoted(name);
  }
  return out;
}

// Inserts what is read. Names are those of tables that exist, so that a file cannot bring SQL.
class Loader final : public BackupVisitor {
 public:
  Loader(Connection& connection, const Tables& tables) : connection_(connection), tables_(tables) {}

  base::Result<void> Table(std::string_view name,
                           std::span<const std::string_view> columns) override {
    SCANTLING_DO(EndOfBlock());
    const auto found = tables_.find(name);
    if (found == tables_.end()) {
      return base::Invalid("the backup has a table that its schema version does not have");
    }
    for (const std::string_view column : columns) {
      if (std::ranges::find(found->second, column) == found->second.end()) {
        return base::Invalid("the backup has a column of " + found->first +
                             " that its schema version does not have");
      }
    }
    width_ = columns.size();
    sql_ = "INSERT INTO " + Quoted(name) + " (" + QuotedList(columns) + ") VALUES (";
    for (size_t i = 1; i <= width_; ++i) {
      sql_ += (i == 1 ? "$" : ", $") + std::to_string(i);
    }
    sql_ += ")";
    return {};
  }

  base::Result<void> AddRow(std::span<const Value> values) override {
    values_.insert(values_.end(), values.begin(), values.end());
    return values_.size() < kRows * width_ ? base::Result<void>() : EndOfBlock();
  }

  base::Result<void> EndOfBlock() override {
    if (values_.empty()) {
      return {};
    }
    auto done = connection_.ExecuteMany(sql_, width_, values_);
    values_.clear();
    return done;
  }

 private:
  Connection& connection_;
  const Tables& tables_;
  std::string sql_;
  size_t width_ = 0;
  std::vector<Value> values_;
};

// A file for its owner only (it holds password hashes), under another name until it is complete.
class PrivateFile {
 public:
  static base::Result<PrivateFile> Create(const std::string& path) {
    PrivateFile out;
    out.path_ = path;
    std::string temporary = path + ".XXXXXX";
    out.fd_ = base::Fd(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
    if (!out.fd_.valid()) {
      return base::IoError("cannot write beside " + path);
    }
    out.temporary_ = std::move(temporary);
    return out;
  }
  PrivateFile(PrivateFile&& other) noexcept
      : fd_(std::move(other.fd_)),
        path_(std::move(other.path_)),
        temporary_(std::exchange(other.temporary_, {})) {}
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile() {
    if (!temporary_.empty()) {
      ::unlink(temporary_.c_str());
    }
  }

  base::Result<void> Write(base::Bytes data) {
    while (!data.empty()) {
      const ssize_t written = ::write(fd_.get(), data.data(), data.size());
      if (written < 0 && errno != EINTR) {
        return base::IoError("cannot write " + path_);
      }
      data = data.subspan(static_cast<size_t>(std::max<ssize_t>(written, 0)));
    }
    return {};
  }

  base::Result<void> Commit() {
    if (::fsync(fd_.get()) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
      return base::IoError("cannot write " + path_);
    }
    temporary_.clear();
    const std::string folder(base::DirName(path_));
    const base::Fd directory(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.valid() || ::fsync(directory.get()) != 0) {
      return base::IoError("cannot sync the folder of " + path_);
    }
    return {};
  }

 private:
  PrivateFile() = default;
  base::Fd fd_;
  std::string path_;
  std::string temporary_;  // "" once it is renamed
};

base::Result<BackupSummary> WriteTables(Connection& connection, BackupWriter& writer) {
  BackupSummary out;
  SCANTLING_TRY(out.schema_version, SchemaVersion(connection));
  SCANTLING_DO(writer.Begin(out.schema_version));
  SCANTLING_TRY(const Tables tables, ReadTables(connection));
  for (const auto& [name, columns] : tables) {
    ++out.tables;
    SCANTLING_DO(writer.Table(name, columns));
    SCANTLING_DO(connection.Query("SELECT " + QuotedList(columns) + " FROM " + Quoted(name), {},
                                  [&writer](const Row& row) { return writer.AddRow(row); }));
  }
  SCANTLING_DO(writer.End());
  out.rows = writer.rows();
  return out;
}

base::Result<BackupSummary> Load(Connection& connection, const BackupFile& file) {
  SCANTLING_TRY(const Tables tables, ReadTables(connection));
  for (const auto& [name, columns] : tables) {
    SCANTLING_TRY(const uint64_t begun,  // rows that the migrations made
                  connection.Execute("DELETE FROM " + Quoted(name)));
    (void)begun;
  }
  Loader loader(connection, tables);
  SCANTLING_TRY(const BackupRecords records, file.Read(&loader));
  return BackupSummary{file.schema_version(), records.tables(), records.rows()};
}

}  // namespace

base::Result<BackupSummary> Backup(Store& store, const std::string& path) {
  SCANTLING_TRY(PrivateFile file, PrivateFile::Create(path));
  BackupWriter writer([&file](base::Bytes bytes) { return file.Write(bytes); });
  BackupSummary out;
  SCANTLING_DO(store.Read([&](Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(out, WriteTables(connection, writer));
    return {};
  }));
  SCANTLING_DO(file.Commit());
  return out;
}

base::Result<BackupSummary> Restore(const std::string& path, const StoreOptions& options) {
  SCANTLING_TRY(const base::MappedFile mapped, base::MappedFile::Open(path));
  auto opened = BackupFile::Open(mapped.bytes());
  if (!opened.has_value()) {
    return std::move(opened).error().With(path);
  }
  const BackupFile& file = *opened;
  if (auto checked = file.Read(nullptr); !checked.has_value()) {
    return std::move(checked).error().With(path);
  }
  const std::span<const Migration> migrations = Migrations();
  if (file.schema_version() > static_cast<int64_t>(migrations.size())) {
    return base::Unsupported(path + ": made with schema version " +
                             std::to_string(file.schema_version()) +
                             ", this program knows versions up to " +
                             std::to_string(migrations.size()) + ": restore with a newer program");
  }
  if (auto empty = OpenStore(options, {}); !empty.has_value()) {
    return empty.error().code() == base::ErrorCode::kUnsupported
               ? base::Error(base::ErrorCode::kUsage,
                             "the database is in use already: a backup is restored into a new one")
               : std::move(empty).error();
  }
  BackupSummary out;
  {
    SCANTLING_TRY(auto store,
                  OpenStore(options, migrations.first(static_cast<size_t>(file.schema_version()))));
    auto loaded = store->Write(Order::kFree, [&](Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(out, Load(connection, file));
      return {};
    });
    if (!loaded.has_value()) {
      return std::move(loaded).error().With(
          "nothing was restored (remove the new database before you try again)");
    }
  }
  SCANTLING_TRY(const auto current, OpenStore(options, migrations));
  (void)current;
  return out;
}

}  // namespace scantling::store
