// What a Store promises, on SQLite and on a real PostgreSQL.
#include "store/store.h"

#include "store/schema.h"
#include "tests/support/stores.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <set>
#include <thread>
#include <vector>

namespace scantling::store {
namespace {

using testing::ErrorOf;
using testing::StoreTest;

using std::chrono::milliseconds;

class ContractTest : public StoreTest {};
SCANTLING_ON_BOTH(ContractTest);

TEST_P(ContractTest, ValuesComeBackAsTheyWere) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT, r DOUBLE PRECISION, s TEXT, b BYTEA)");
  const std::string bytes("\0\x01\xff\x80z\0", 6);
  const std::string text = "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x9A\xA2 'quoted' $1 \\x00";
  const std::string large(300'000, 'x');
  const Value rows[] = {int64_t{1},
                        std::numeric_limits<int64_t>::max(),
                        0.1,
                        std::string_view(text),
                        base::AsBytes(bytes),
                        int64_t{2},
                        std::numeric_limits<int64_t>::min(),
                        -1e300,
                        std::string_view(),
                        base::Bytes(),
                        int64_t{3},
                        std::monostate(),
                        std::monostate(),
                        std::monostate(),
                        std::monostate(),
                        int64_t{4},
                        int64_t{-1},
                        5e-324,
                        std::string_view(large),
                        base::AsBytes(large)};
  const auto written = store_->Write(Order::kSerial, [&](Connection& c) {
    return c.ExecuteMany("INSERT INTO t (id, n, r, s, b) VALUES ($1, $2, $3, $4, $5)", 5, rows);
  });
  ASSERT_TRUE(written.has_value()) << ErrorOf(written);
  size_t at = 0;
  const auto read = store_->Read([&](Connection& c) {
    return c.Query("SELECT id, n, r, s, b FROM t ORDER BY id", {},
                   [&](const Row& row) -> base::Result<void> {
                     EXPECT_EQ(row.Columns(), 5);
                     for (int column = 0; column < 5; ++column, ++at) {
                       const Value got = row.Get(column);
                       EXPECT_EQ(got.index(), rows[at].index()) << at;
                       EXPECT_EQ(row.IsNull(column), rows[at].index() == 0);
                       if (const auto* number = std::get_if<int64_t>(&rows[at])) {
                         EXPECT_EQ(row.Int(column), *number);
                         EXPECT_EQ(row.Text(column), std::to_string(*number));
                       } else if (const auto* real = std::get_if<double>(&rows[at])) {
                         EXPECT_EQ(row.Real(column), *real);
                       } else if (const auto* s = std::get_if<std::string_view>(&rows[at])) {
                         EXPECT_EQ(row.Text(column), *s);
                       } else if (const auto* b = std::get_if<base::Bytes>(&rows[at])) {
                         EXPECT_EQ(base::AsText(row.Blob(column)), base::AsText(*b));
                       } else {
                         EXPECT_EQ(row.Int(column), 0);
                         EXPECT_EQ(row.Text(column), "");
                         EXPECT_TRUE(row.Blob(column).empty());
                       }
                     }
                     return {};
                   });
  });
  ASSERT_TRUE(read.has_value()) << ErrorOf(read);
  EXPECT_EQ(at, std::size(rows));
}

// What the two would understand differently without the types that values bring with them.
TEST_P(ContractTest, ExpressionsHaveTheTypesOfTheValues) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY, at BIGINT NOT NULL, s TEXT NOT NULL)");
  Run("INSERT INTO t VALUES (1, 1764000000000, 'a'), (2, 1764000001000, 'B'), (3, 5, 'b')");
  const Value since[] = {int64_t{1'764'000'000'500}};
  std::string order;
  const auto read = store_->Read([&](Connection& c) -> base::Result<void> {
    SCANTLING_DO(c.Query("SELECT COUNT(*), SUM(at), AVG(at), MAX(s) FROM t WHERE at >= $1 - 1000",
                         since, [](const Row& row) -> base::Result<void> {
                           EXPECT_EQ(row.Int(0), 2);
                           EXPECT_EQ(row.Int(1), 3'528'000'001'000);
                           EXPECT_DOUBLE_EQ(row.Real(2), 1'764'000'000'500.0);
                           return {};
                         }));
    return c.Query("SELECT $1 + 1, CASE WHEN $1 > 0 THEN $1 ELSE 0 END", since,
                   [](const Row& row) -> base::Result<void> {
                     EXPECT_EQ(row.Int(0), 1'764'000'000'501);
                     EXPECT_EQ(row.Int(1), 1'764'000'000'500);
                     return {};
                   });
  });
  EXPECT_TRUE(read.has_value()) << ErrorOf(read);
}

TEST_P(ContractTest, TextsOfTheSchemaHaveTheOrderOfTheirBytes) {
  const auto done = store_->Write(Order::kSerial, [](Connection& c) -> base::Result<void> {
    for (const char* name : {"b", "a", "B", "_", "\xC3\xA4", "a b", "ab"}) {
      SCANTLING_DO(c.NextIds(std::string("x") + name));
    }
    return {};
  });
  ASSERT_TRUE(done.has_value()) << ErrorOf(done);
  std::string order;
  const auto read = store_->Read([&](Connection& c) {
    return c.Query("SELECT name FROM counters WHERE name >= 'x' ORDER BY name", {},
                   [&](const Row& row) -> base::Result<void> {
                     order += std::string(row.Text(0).substr(1)) + ",";
                     return {};
                   });
  });
  ASSERT_TRUE(read.has_value()) << ErrorOf(read);
  EXPECT_EQ(order, "B,_,a,a b,ab,b,\xC3\xA4,");
}

TEST_P(ContractTest, NothingOfAFailedWriteIsKept) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT NOT NULL)");
  const Value row[] = {int64_t{1}, std::string_view("one")};
  const auto insert = [&](Connection& c) -> base::Result<void> {
    SCANTLING_TRY(const uint64_t changed, c.Execute("INSERT INTO t (id, s) VALUES ($1, $2)", row));
    EXPECT_EQ(changed, 1U);
    return {};
  };
  const auto own = store_->Write(Order::kSerial, [&](Connection& c) -> base::Result<void> {
    SCANTLING_DO(insert(c));
    return base::NotFound("changed my mind");
  });
  ASSERT_FALSE(own.has_value());
  EXPECT_EQ(own.error().code(), base::ErrorCode::kNotFound);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 0);
  EXPECT_EQ(store_->ChangeCounter().value_or(-1), 0);

  ASSERT_TRUE(store_->Write(Order::kSerial, insert).has_value());
  EXPECT_EQ(store_->ChangeCounter().value_or(-1), 1);
  const auto twice = store_->Write(Order::kSerial, insert);
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().code(), base::ErrorCode::kInvalid);

  // An error that is not passed on still ends the transaction.
  const auto swallowed = store_->Write(Order::kFree, [&](Connection& c) -> base::Result<void> {
    const Value other[] = {int64_t{2}, std::string_view("two")};
    SCANTLING_DO(c.Execute("INSERT INTO t (id, s) VALUES ($1, $2)", other));
    EXPECT_FALSE(c.Execute("INSERT INTO t (id, s) VALUES ($1, $2)", row).has_value());
    EXPECT_FALSE(c.Execute("DELETE FROM t").has_value());
    return {};
  });
  ASSERT_FALSE(swallowed.has_value());
  EXPECT_EQ(swallowed.error().code(), base::ErrorCode::kInvalid);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 1);
}

TEST_P(ContractTest, MistakesAreErrorsAndTheConnectionLivesOn) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT NOT NULL)");
  const std::string zero("a\0b", 3);
  const auto refused = [&](std::string_view sql, std::vector<Value> values) {
    const auto done = store_->Write(Order::kFree, [&](Connection& c) -> base::Result<void> {
      SCANTLING_DO(c.Execute(sql, values));
      return {};
    });
    EXPECT_FALSE(done.has_value()) << sql;
    EXPECT_TRUE(done.has_value() || done.error().code() == base::ErrorCode::kInvalid)
        << ErrorOf(done);
  };
  refused("INSERT INTO t (id, s) VALUES ($1, $2)", {int64_t{1}, std::string_view(zero)});
  refused("INSERT INTO t (id, s) VALUES ($1, $2)", {int64_t{1}, std::string_view("\xff\xfe")});
  refused("INSERT INTO t (id, s) VALUES ($1, $2)", {int64_t{1}, std::string_view("\xed\xa0\x80")});
  refused("INSERT INTO t (id, s) VALUES ($1, $2)", {int64_t{1}, std::monostate()});
  refused("INSERT INTO t (id, s) VALUES ($1, $2)", {int64_t{1}});
  refused("INSERT INTO nowhere (id) VALUES ($1)", {int64_t{1}});
  refused("INSRT", {});
  const auto in_read = store_->Read([](Connection& c) -> base::Result<void> {
    SCANTLING_DO(c.Execute("DELETE FROM t"));
    return {};
  });
  ASSERT_FALSE(in_read.has_value());
  EXPECT_EQ(in_read.error().code(), base::ErrorCode::kInvalid) << ErrorOf(in_read);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 0);
}

TEST_P(ContractTest, AVisitorEndsAQuery) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
  const auto done = store_->Write(Order::kFree, [&](Connection& c) -> base::Result<void> {
    std::vector<Value> rows;
    for (int64_t i = 0; i < 2500; ++i) {
      rows.emplace_back(i);
    }
    SCANTLING_DO(c.ExecuteMany("INSERT INTO t (id) VALUES ($1)", 1, rows));
    int seen = 0;
    const auto ended = c.Query("SELECT id FROM t ORDER BY id", {}, [&](const Row& row) {
      EXPECT_EQ(row.Int(0), seen);
      return ++seen == 10 ? base::Result<void>(base::LimitMet("enough")) : base::Result<void>();
    });
    EXPECT_EQ(ErrorOf(ended), "enough");
    EXPECT_EQ(seen, 10);
    SCANTLING_TRY(const uint64_t deleted, c.Execute("DELETE FROM t WHERE id < 500"));
    EXPECT_EQ(deleted, 500U);
    return {};
  });
  EXPECT_TRUE(done.has_value()) << ErrorOf(done);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 2000);
}

TEST_P(ContractTest, ManyRowsFailAsOne) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT)");
  std::vector<Value> rows;
  for (int64_t i = 0; i < 1500; ++i) {
    rows.emplace_back(i == 1200 ? int64_t{7} : i);
    rows.emplace_back(i % 3 == 0 ? Value(std::monostate()) : Value(i));
  }
  const auto done = store_->Write(Order::kSerial, [&](Connection& c) {
    return c.ExecuteMany("INSERT INTO t (id, n) VALUES ($1, $2)", 2, rows);
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code(), base::ErrorCode::kInvalid) << ErrorOf(done);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 0);
}

TEST_P(ContractTest, SerialWritesAreNumberedInTheirOrder) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY, change BIGINT NOT NULL)");
  const auto other = Open();  // as another process would
  ASSERT_NE(other, nullptr);
  std::atomic<int> failed = 0;
  const auto write = [&failed](Store& store) {
    for (int i = 0; i < 25; ++i) {
      const auto done = store.Write(Order::kSerial, [](Connection& c) -> base::Result<void> {
        SCANTLING_TRY(const int64_t change, c.NextIds("change"));
        SCANTLING_TRY(const int64_t same, c.NextIds("change"));
        EXPECT_EQ(change, same);
        SCANTLING_TRY(const int64_t id, c.NextIds("thing", 2));
        const Value row[] = {id, change, id + 1, change};
        return c.ExecuteMany("INSERT INTO t (id, change) VALUES ($1, $2)", 2, row);
      });
      failed += done.has_value() ? 0 : 1;
    }
  };
  std::thread threads[] = {
      std::thread([&] { write(*store_); }), std::thread([&] { write(*store_); }),
      std::thread([&] { write(*other); }), std::thread([&] { write(*other); })};
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(store_->ChangeCounter().value_or(-1), 100);
  EXPECT_EQ(other->ChangeCounter().value_or(-1), 100);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t WHERE change = (id + 1) / 2"), 200);
}

TEST_P(ContractTest, AReadSeesOneMoment) {
  Run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
  Run("INSERT INTO t VALUES (1)");
  const auto done = store_->Read([&](Connection& c) -> base::Result<void> {
    int64_t counts[2] = {0, 0};
    for (int64_t& count : counts) {
      SCANTLING_DO(c.Query("SELECT COUNT(*) FROM t", {}, [&count](const Row& row) {
        count = row.Int(0);
        return base::Result<void>();
      }));
      std::thread([this] { Run("INSERT INTO t SELECT MAX(id) + 1 FROM t"); }).join();
    }
    EXPECT_EQ(counts[0], 1);
    EXPECT_EQ(counts[1], 1);
    return {};
  });
  EXPECT_TRUE(done.has_value()) << ErrorOf(done);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 3);
}

TEST_P(ContractTest, WhoWaitsHearsOfOthersWrites) {
  const auto other = Open();
  ASSERT_NE(other, nullptr);
  static constexpr milliseconds kPatience{120'000};
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> waiting;
  std::atomic<int> heard = 0;
  for (Store* store : {store_.get(), store_.get(), other.get()}) {
    waiting.emplace_back(
        [store, &heard] { heard += store->WaitForChange(0, kPatience).value_or(-1) == 1 ? 1 : 0; });
  }
  const auto nothing = [](Connection&) -> base::Result<void> { return {}; };
  ASSERT_TRUE(store_->Write(Order::kFree, nothing).has_value());  // wakes nobody
  ASSERT_TRUE(store_->Write(Order::kSerial, nothing).has_value());
  for (std::thread& thread : waiting) {
    thread.join();
  }
  EXPECT_EQ(heard, 3);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience / 2);
  // Already there; patience that ends; a wake.
  EXPECT_EQ(store_->WaitForChange(0, kPatience).value_or(-1), 1);
  EXPECT_EQ(store_->WaitForChange(1, milliseconds(5)).value_or(-1), 1);
  store_->Wake();
  EXPECT_EQ(store_->WaitForChange(1, kPatience).value_or(-1), 1);
  std::thread woken([&] { (void)store_->WaitForChange(1, kPatience); });
  store_->Wake();
  woken.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience / 2);
}

TEST_P(ContractTest, TheSizeIsTold) {
  const auto before = store_->SizeBytes();
  ASSERT_TRUE(before.has_value());
  EXPECT_GT(*before, 4096U);
}

TEST_P(ContractTest, MigrationsRunOnceAndANewerSchemaIsRefused) {
  const int64_t newest = Migrations().back().version;
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM schema_version"), newest);
  EXPECT_NE(Open(), nullptr);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM schema_version"), newest);
  Run("INSERT INTO schema_version (version, name) VALUES (999, 'of the future')");
  const auto opened = Store::Open({.database = database_});
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(ErrorOf(opened).find("999"), std::string::npos) << ErrorOf(opened);
  EXPECT_NE(ErrorOf(opened).find("up to " + std::to_string(newest)), std::string::npos);
}

TEST_P(ContractTest, SeveralProcessesMayStartAtOnce) {
  const std::string database = NewDatabase(GetParam());
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { opened += OpenAt(database) != nullptr ? 1 : 0; });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(opened, 4);
}

TEST_P(ContractTest, AMigrationThatFailsLeavesTheVersionBefore) {
  const std::string database = NewDatabase(GetParam());
  const Migration good[] = {{1, "jobs", kSchemaJobs}};
  const Migration bad[] = {{1, "jobs", kSchemaJobs},
                           {2, "bad", "CREATE TABLE left_over (id BIGINT); NONSENSE"}};
  const auto failed = OpenStore({.database = database}, bad);
  ASSERT_FALSE(failed.has_value());
  EXPECT_NE(ErrorOf(failed).find("schema version 2 (bad)"), std::string::npos) << ErrorOf(failed);
  const auto opened = OpenStore({.database = database}, good);
  ASSERT_TRUE(opened.has_value()) << ErrorOf(opened);
  EXPECT_FALSE((*opened)
                   ->Read([](Connection& c) {
                     return c.Query("SELECT id FROM left_over", {},
                                    [](const Row&) { return base::Result<void>(); });
                   })
                   .has_value());
}

TEST(MigrationText, TextHasTheOrderOfBytesInPostgres) {
  EXPECT_EQ(MigrationText(Dialect::kPostgres, "a TEXT NOT NULL, CAST(b AS TEXT), TEXTS"),
            "a TEXT COLLATE \"C\" NOT NULL, CAST(b AS TEXT), TEXTS");
  EXPECT_EQ(MigrationText(Dialect::kSqlite, "a TEXT"), "a TEXT");
}

}  // namespace
}  // namespace scantling::store
