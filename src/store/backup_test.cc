// Backup and restore, from each database to the other and back.
#include "store/backup.h"

#include "base/digest.h"
#include "store/backup_format.h"
#include "store/jobs.h"
#include "store/schema.h"
#include "tests/support/stores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace scantling::store {
namespace {

using testing::ErrorOf;
using testing::StoreTest;
using testing::TemporaryFolder;

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every row of every table as a text, sorted.
class Collected final : public BackupVisitor {
 public:
  base::Result<void> Table(std::string_view name,
                           std::span<const std::string_view> columns) override {
    table_ = std::string(name);
    for (const std::string_view column : columns) {
      rows.push_back(table_ + ":" + std::string(column));
    }
    return {};
  }
  base::Result<void> AddRow(std::span<const Value> values) override {
    std::string row = table_;
    for (const Value& value : values) {
      row += "|" + std::to_string(value.index()) + ":";
      if (const auto* number = std::get_if<int64_t>(&value)) {
        row += std::to_string(*number);
      } else if (const auto* real = std::get_if<double>(&value)) {
        row += std::to_string(*real);
      } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        row += *text;
      } else if (const auto* bytes = std::get_if<base::Bytes>(&value)) {
        row += base::AsText(*bytes);
      }
    }
    rows.push_back(std::move(row));
    return {};
  }
  base::Result<void> EndOfBlock() override { return {}; }

  std::vector<std::string> rows;

 private:
  std::string table_;
};

std::vector<std::string> RowsOf(const std::string& path) {
  const std::string bytes = ReadAll(path);
  const auto file = BackupFile::Open(base::AsBytes(bytes));
  EXPECT_TRUE(file.has_value()) << ErrorOf(file);
  Collected out;
  if (file.has_value()) {
    const auto read = file->Read(&out);
    EXPECT_TRUE(read.has_value()) << ErrorOf(read);
  }
  std::ranges::sort(out.rows);
  return out.rows;
}

class BackupTest : public StoreTest {
 protected:
  void Fill() {
    const std::string document("zero \0 and \xff", 12);
    const auto done = store_->Write(Order::kSerial, [&](Connection& c) -> base::Result<void> {
      SCANTLING_TRY(const int64_t first, c.NextIds("event", 1200));
      std::vector<std::string> names;
      for (int i = 0; i < 1200; ++i) {
        names.push_back("event \xE2\x82\xAC " + std::to_string(i));
      }
      std::vector<Value> rows;
      for (int i = 0; i < 1200; ++i) {
        rows.emplace_back(first + i);
        rows.emplace_back(std::string_view(names[static_cast<size_t>(i)]));
      }
      SCANTLING_DO(
          c.ExecuteMany("INSERT INTO events (seq, id, kind, at, recorded, subject, body) "
                        "VALUES ($1, $2, 'k', 1, 2, '', '{}')",
                        2, rows));
      const Value inventory[] = {int64_t{1}, base::AsBytes(document)};
      SCANTLING_DO(
          c.Execute("INSERT INTO inventories (content, document) VALUES ($1, $2)", inventory));
      const Value score[] = {0.125};
      SCANTLING_DO(c.Execute(
          "INSERT INTO vulnerabilities (id, name, aliases, summary, level, score, epss, "
          "epss_percentile, kev_added, kev_due, exploit, published, changed) VALUES (1, 'CVE-1', "
          "'', '', 1, $1, 1, 0, 0, 0, 0, 0, 1)",
          score));
      SCANTLING_DO(Enqueue(c, {.kind = "scan", .key = "a"}, 1));
      return {};
    });
    ASSERT_TRUE(done.has_value()) << ErrorOf(done);
  }
  std::string File(const char* name) { return folder_.path() + "/" + name; }
};
SCANTLING_ON_BOTH(BackupTest);

TEST_P(BackupTest, ToTheOtherDatabaseAndBack) {
  if (!testing::Postgres::Missing().empty()) {
    GTEST_SKIP() << testing::Postgres::Missing();
  }
  Fill();
  const auto made = Backup(*store_, File("first"));
  ASSERT_TRUE(made.has_value()) << ErrorOf(made);
  EXPECT_EQ(made->schema_version, Migrations().back().version);
  EXPECT_GE(made->rows, 1203U);
  struct stat status{};
  ASSERT_EQ(::stat(File("first").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);

  const std::string other =
      NewDatabase(GetParam() == Dialect::kSqlite ? Dialect::kPostgres : Dialect::kSqlite);
  const auto there = Restore(File("first"), {.database = other});
  ASSERT_TRUE(there.has_value()) << ErrorOf(there);
  EXPECT_EQ(there->rows, made->rows);
  EXPECT_EQ(there->tables, made->tables);
  ASSERT_TRUE(Backup(*OpenAt(other), File("second")).has_value());

  const std::string home = NewDatabase(GetParam());
  const auto back = Restore(File("second"), {.database = home});
  ASSERT_TRUE(back.has_value()) << ErrorOf(back);
  const auto restored = OpenAt(home);
  ASSERT_TRUE(Backup(*restored, File("third")).has_value());

  const auto first = RowsOf(File("first"));
  EXPECT_EQ(first, RowsOf(File("second")));
  EXPECT_EQ(first, RowsOf(File("third")));
  EXPECT_EQ(restored->ChangeCounter().value_or(-1), 1);
  // Work goes on where it was.
  const auto next = restored->Write(Order::kSerial, [](Connection& c) -> base::Result<void> {
    SCANTLING_TRY(const int64_t id, c.NextIds("event"));
    EXPECT_EQ(id, 1201);
    return {};
  });
  EXPECT_TRUE(next.has_value()) << ErrorOf(next);
}

TEST_P(BackupTest, OneMomentWhileWritingGoesOn) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int64_t i = 1; !stop; ++i) {
      const auto done = store_->Write(Order::kSerial, [i](Connection& c) -> base::Result<void> {
        const std::string name = std::to_string(i);
        const Value row[] = {i, std::string_view(name)};
        SCANTLING_DO(
            c.Execute("INSERT INTO components (id, key, owner, type, name, version, purl, "
                      "name_space, body, changed) VALUES ($1, $2, 0, '', '', '', '', '', "
                      "'', $1)",
                      row));
        SCANTLING_DO(
            c.Execute("INSERT INTO events (seq, id, kind, at, recorded, subject, body) "
                      "VALUES ($1, $2, '', 0, 0, '', '')",
                      row));
        return {};
      });
      EXPECT_TRUE(done.has_value()) << ErrorOf(done);
    }
  });
  for (int round = 0; round < 5; ++round) {
    const auto made = Backup(*store_, File("moment"));
    EXPECT_TRUE(made.has_value()) << ErrorOf(made);
    const auto rows = RowsOf(File("moment"));
    const auto count = [&rows](std::string_view table) {
      return std::ranges::count_if(rows, [table](const std::string& row) {
        return row.starts_with(table) && row[table.size()] == '|';
      });
    };
    EXPECT_EQ(count("components"), count("events"));
    EXPECT_TRUE(std::ranges::count(rows, "counters|3:change|1:" + std::to_string(count("events"))));
  }
  stop = true;
  writer.join();
}

TEST_P(BackupTest, ADatabaseInUseIsLeftAlone) {
  ASSERT_TRUE(Backup(*store_, File("b")).has_value());
  const auto refused = Restore(File("b"), {.database = database_});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::ErrorCode::kUsage) << ErrorOf(refused);
}

TEST_P(BackupTest, AnOlderSchemaIsBroughtForward) {
  const std::string database = NewDatabase(GetParam());
  {
    const auto old = OpenStore({.database = database}, Migrations().first(1));
    ASSERT_TRUE(old.has_value()) << ErrorOf(old);
    ASSERT_TRUE((*old)
                    ->Write(Order::kSerial,
                            [](Connection& c) -> base::Result<void> {
                              SCANTLING_DO(Enqueue(c, {.kind = "scan", .key = "old"}, 1));
                              return {};
                            })
                    .has_value());
    ASSERT_TRUE(Backup(**old, File("old")).has_value());
  }
  const std::string target = NewDatabase(GetParam());
  const auto restored = Restore(File("old"), {.database = target});
  ASSERT_TRUE(restored.has_value()) << ErrorOf(restored);
  EXPECT_EQ(restored->schema_version, 1);
  const auto store = OpenAt(target);
  EXPECT_EQ(Number(*store, "SELECT COUNT(*) FROM jobs WHERE key = 'old'"), 1);
  EXPECT_EQ(Number(*store, "SELECT COUNT(*) FROM events"), 0);
}

// What an older program kept of scans and names, as the history that is wanted now.
TEST_P(BackupTest, WhatAnOlderSchemaKeptIsTheLastOfItsHistory) {
  const std::string database = NewDatabase(GetParam());
  {
    const auto old = OpenStore({.database = database}, Migrations().first(4));
    ASSERT_TRUE(old.has_value()) << ErrorOf(old);
    const auto written = (*old)->Write(Order::kSerial, [](Connection& c) {
      std::string sql;
      const auto content = [&](int id, const std::string& state, const std::string& detail,
                               int scanned) {
        sql +=
            "INSERT INTO contents (id, digest, state, detail, state_since, scanned, first_seen, "
            "created, platform, distro, size_bytes, layers, base_layers, base_name, base_digest, "
            "labels, skipped, components, changed) VALUES (" +
            std::to_string(id) + ", 'd" + std::to_string(id) + "', '" + state + "', '" + detail +
            "', 500, " + std::to_string(scanned) +
            ", 100, 0, '', '', 0, 0, -1, '', 'base', '{}', 0, NULL, 7);";
      };
      content(1, "never", "", 0);
      content(2, "ok", "", 300);
      content(3, "failed", "why", 300);
      content(4, "queued", "", 0);
      content(5, "unsupported", "no package was found in it", 300);
      content(6, "unsupported", "a chart", 0);
      content(7, "alias", "", 0);
      sql +=
          "INSERT INTO names (repository, tag, content, since, until, changed) VALUES "
          "('r', 't', 2, 100, 200, 7), ('r', 't', 3, 200, 0, 7);";
      return c.Script(sql);
    });
    ASSERT_TRUE(written.has_value()) << ErrorOf(written);
  }
  const auto store = OpenAt(database);
  std::string out;
  const auto read = store->Read([&](Connection& c) -> base::Result<void> {
    SCANTLING_DO(
        c.Query("SELECT content, at, key, state, detail, changed FROM scan_states "
                "ORDER BY content, at, key",
                {}, [&](const Row& row) -> base::Result<void> {
                  out += std::to_string(row.Int(0)) + " " + std::to_string(row.Int(1)) +
                         std::string(row.Text(2)) + " " + std::string(row.Text(3)) + " " +
                         std::string(row.Text(4)) + " " + std::to_string(row.Int(5)) + "\n";
                  return {};
                }));
    SCANTLING_DO(c.Query("SELECT since, digest FROM names ORDER BY since", {},
                         [&](const Row& row) -> base::Result<void> {
                           out += std::to_string(row.Int(0)) + std::string(row.Text(1)) + "\n";
                           return {};
                         }));
    return c.Query("SELECT id, state_since, state_key, base_by, base_at FROM contents ORDER BY id",
                   {}, [&](const Row& row) -> base::Result<void> {
                     out += std::to_string(row.Int(0)) + " " + std::to_string(row.Int(1)) +
                            std::string(row.Text(2)) + " " + std::to_string(row.Int(3)) +
                            std::to_string(row.Int(4)) + "\n";
                     return {};
                   });
  });
  ASSERT_TRUE(read.has_value()) << ErrorOf(read);
  EXPECT_EQ(out,
            "2 300 ok  7\n3 300 ok  7\n3 500~ failed why 7\n4 500~ queued  7\n"
            "5 300 unsupported no package was found in it 7\n6 500~ unsupported a chart 7\n"
            "100d2\n200d3\n"
            "1 0 1100\n2 300 1100\n3 500~ 1100\n4 500~ 1100\n5 300 1100\n6 500~ 1100\n"
            "7 500 1100\n");
}

std::string Summed(std::string bytes) {
  const base::Digest sum = base::Sha256Of(base::AsBytes(bytes));
  return bytes.append(base::AsText(sum.bytes));
}

TEST(BackupFile, ADamagedFileIsRefusedBeforeTheDatabaseIsMade) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/b";
  {
    auto store = Store::Open({.database = "sqlite:" + folder.path() + "/s.db"});
    ASSERT_TRUE(store.has_value()) << ErrorOf(store);
    ASSERT_TRUE(Backup(**store, path).has_value());
  }
  const std::string good = ReadAll(path);
  const std::string target = folder.path() + "/new.db";
  for (size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(BackupFile::Open(base::AsBytes(bad)).has_value()) << at;
  }
  // Cut anywhere, even with a checksum that fits what is left.
  const std::string content = good.substr(0, good.size() - 32);
  for (size_t size = 0; size < content.size(); ++size) {
    EXPECT_FALSE(BackupFile::Open(base::AsBytes(good).first(size)).has_value());
    const std::string cut = Summed(content.substr(0, size));
    const auto file = BackupFile::Open(base::AsBytes(cut));
    EXPECT_FALSE(file.has_value() && file->Read(nullptr).has_value()) << size;
  }
  std::ofstream(path) << good.substr(0, good.size() / 2);
  const auto refused = Restore(path, {.database = "sqlite:" + target});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::ErrorCode::kMismatch) << ErrorOf(refused);
  EXPECT_FALSE(std::filesystem::exists(target));
}

TEST(BackupFile, ANewerSchemaIsRefused) {
  const TemporaryFolder folder;
  std::string bytes;
  BackupWriter writer([&bytes](base::Bytes block) -> base::Result<void> {
    bytes.append(base::AsText(block));
    return {};
  });
  ASSERT_TRUE(writer.Begin(998).has_value());
  ASSERT_TRUE(writer.End().has_value());
  std::ofstream(folder.path() + "/b") << bytes;
  const auto refused =
      Restore(folder.path() + "/b", {.database = "sqlite:" + folder.path() + "/s.db"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(ErrorOf(refused).find("998"), std::string::npos) << ErrorOf(refused);
}

// Names from a file become SQL only when the schema has them.
TEST(BackupFile, ATableThatTheSchemaDoesNotHaveIsRefused) {
  const TemporaryFolder folder;
  std::string bytes;
  BackupWriter writer([&bytes](base::Bytes block) -> base::Result<void> {
    bytes.append(base::AsText(block));
    return {};
  });
  ASSERT_TRUE(writer.Begin(1).has_value());
  ASSERT_TRUE(writer.Table("jobs\" (id) VALUES (1); --", {"id"}).has_value());
  ASSERT_TRUE(writer.End().has_value());
  std::ofstream(folder.path() + "/b") << bytes;
  const auto refused =
      Restore(folder.path() + "/b", {.database = "sqlite:" + folder.path() + "/s.db"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(ErrorOf(refused).find("does not have"), std::string::npos) << ErrorOf(refused);
}

}  // namespace
}  // namespace scantling::store
