// Tests on both databases: a SQLite file in a folder of its own, and a database of a real
// PostgreSQL that all tests of the program share. Tests only.
#pragma once

#include "store/store.h"
#include "tests/support/postgres.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace scantling::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    path_ = std::filesystem::temp_directory_path() / "scantling-store-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) {
      std::abort();
    }
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Started once; null when it is missing here.
inline Postgres* SharedPostgres() {
  static const std::unique_ptr<Postgres> kServer =
      Postgres::Missing().empty() ? Postgres::Start() : nullptr;
  return kServer.get();
}

template <typename T>
std::string ErrorOf(const base::Result<T>& result) {
  return result.has_value() ? "(no error)" : result.error().Message();
}

class StoreTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    if (GetParam() == store::Dialect::kPostgres && !Postgres::Missing().empty()) {
      GTEST_SKIP() << Postgres::Missing();
    }
    database_ = NewDatabase(GetParam());
    store_ = Open();
    ASSERT_NE(store_, nullptr);
  }
  std::string NewDatabase(store::Dialect dialect) {
    if (dialect == store::Dialect::kSqlite) {
      return "sqlite:" + folder_.path() + "/new/store" + std::to_string(++files_) + ".db";
    }
    Postgres* server = SharedPostgres();
    return server == nullptr ? "" : server->NewDatabase();
  }
  std::unique_ptr<store::Store> Open() { return OpenAt(database_); }
  static std::unique_ptr<store::Store> OpenAt(const std::string& database) {
    auto opened = store::Store::Open({.database = database});
    EXPECT_TRUE(opened.has_value()) << ErrorOf(opened);
    return opened.has_value() ? *std::move(opened) : nullptr;
  }
  void Run(std::string_view sql) {
    const auto done =
        store_->Write(store::Order::kFree, [sql](store::Connection& c) { return c.Script(sql); });
    ASSERT_TRUE(done.has_value()) << ErrorOf(done);
  }
  // The first column of the first row.
  static int64_t Number(store::Store& store, std::string_view sql) {
    int64_t out = -1;
    const auto done = store.Read([&](store::Connection& c) {
      return c.Query(sql, {}, [&out](const store::Row& row) -> base::Result<void> {
        out = row.Int(0);
        return {};
      });
    });
    EXPECT_TRUE(done.has_value()) << ErrorOf(done);
    return out;
  }

  TemporaryFolder folder_;
  int files_ = 0;
  std::string database_;
  std::unique_ptr<store::Store> store_;
};

inline std::string NameOf(const ::testing::TestParamInfo<store::Dialect>& info) {
  return info.param == store::Dialect::kSqlite ? "Sqlite" : "Postgres";
}

#define SCANTLING_ON_BOTH(fixture)                                                    \
  INSTANTIATE_TEST_SUITE_P(Both, fixture,                                             \
                           ::testing::Values(::scantling::store::Dialect::kSqlite,    \
                                             ::scantling::store::Dialect::kPostgres), \
                           ::scantling::testing::NameOf)

}  // namespace scantling::testing
