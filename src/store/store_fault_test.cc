// What a Store does when the ground gives way: a database server that stops, a disk that is full or
// read-only, a damaged file, a process that is killed.
#include "store/store.h"
#include "tests/support/stores.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace scantling::store {
namespace {

using testing::ErrorOf;
using testing::NameOf;
using testing::SharedPostgres;
using testing::StoreTest;

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS t (id BIGINT PRIMARY KEY, half BIGINT NOT NULL, b BYTEA)";

base::Result<void> Insert(Store& store, int64_t id, std::string_view bytes = {}) {
  return store.Write(Order::kSerial, [&](Connection& c) -> base::Result<void> {
    const Value rows[] = {id * 2,     int64_t{0}, base::AsBytes(bytes),
                          id * 2 + 1, int64_t{1}, base::AsBytes(bytes)};
    return c.ExecuteMany("INSERT INTO t (id, half, b) VALUES ($1, $2, $3)", 3, rows);
  });
}

class FaultTest : public StoreTest {
 protected:
  static bool Contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
};
INSTANTIATE_TEST_SUITE_P(Only, FaultTest, ::testing::Values(Dialect::kPostgres), NameOf);

class SqliteFaultTest : public FaultTest {};
INSTANTIATE_TEST_SUITE_P(Only, SqliteFaultTest, ::testing::Values(Dialect::kSqlite), NameOf);

TEST_P(FaultTest, AServerThatStopsAndIsThereAgain) {
  testing::Postgres& server = *SharedPostgres();
  Run(kTable);
  ASSERT_TRUE(Insert(*store_, 1).has_value());
  const auto broken = store_->Write(Order::kSerial, [&](Connection& c) -> base::Result<void> {
    SCANTLING_DO(c.Execute("INSERT INTO t (id, half) VALUES (100, 0)"));
    server.Stop();
    const auto again = c.Execute("INSERT INTO t (id, half) VALUES (101, 0)");
    EXPECT_FALSE(again.has_value());
    return {};
  });
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().code(), base::ErrorCode::kIo);
  EXPECT_TRUE(Contains(ErrorOf(broken), "connection was lost")) << ErrorOf(broken);

  const auto gone = Insert(*store_, 2);
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().code(), base::ErrorCode::kIo);
  EXPECT_TRUE(Contains(ErrorOf(gone), "cannot connect to postgres://scantling@")) << ErrorOf(gone);
  EXPECT_FALSE(store_->WaitForChange(1, std::chrono::milliseconds(10)).has_value());

  ASSERT_TRUE(server.StartAgain());
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), 2);
  const auto back = Insert(*store_, 3);
  EXPECT_TRUE(back.has_value()) << ErrorOf(back);
  EXPECT_EQ(store_->WaitForChange(1, std::chrono::milliseconds(10'000)).value_or(-1), 2);

  // The connections of the pool are lost while nobody uses them: the next call does not notice.
  server.Stop();
  ASSERT_TRUE(server.StartAgain());
  const auto unnoticed = Insert(*store_, 4);
  EXPECT_TRUE(unnoticed.has_value()) << ErrorOf(unnoticed);
}

TEST_P(FaultTest, NoMessageShowsThePassword) {
  for (const char* url :
       {"postgres://user:s3cr3t@127.0.0.1:1/name", "postgres://user:s3cr3t@[::1/name",
        "postgres://user:s3cr3t@x/y@127.0.0.1:nonsense/name?a=b",
        "postgresql://127.0.0.1:1/name?password=s3cr3t", "mysql://user:s3cr3t@host/name"}) {
    const auto opened = Store::Open({.database = url});
    ASSERT_FALSE(opened.has_value());
    EXPECT_FALSE(Contains(ErrorOf(opened), "s3cr3t")) << ErrorOf(opened);
  }
}

TEST_P(SqliteFaultTest, TheFileIsForItsOwnerOnly) {
  const std::string path = database_.substr(7);
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat((path + "-wal").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_P(SqliteFaultTest, ADamagedFileIsNamed) {
  const std::string path = folder_.path() + "/damaged.db";
  std::ofstream(path) << std::string(20'000, 'x');
  const auto opened = Store::Open({.database = "sqlite:" + path});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), base::ErrorCode::kIo);
  EXPECT_TRUE(Contains(ErrorOf(opened), path + ": damaged")) << ErrorOf(opened);
  EXPECT_TRUE(Contains(ErrorOf(opened), "restore the last backup")) << ErrorOf(opened);
}

TEST_P(SqliteFaultTest, AnotherWriterThatDoesNotEnd) {
  Run(kTable);
  auto other = Store::Open(
      {.database = database_, .connections = 1, .busy_timeout = std::chrono::milliseconds(30)});
  ASSERT_TRUE(other.has_value()) << ErrorOf(other);
  const auto done = store_->Write(Order::kFree, [&](Connection&) -> base::Result<void> {
    const auto blocked = Insert(**other, 1);
    EXPECT_FALSE(blocked.has_value());
    EXPECT_TRUE(Contains(ErrorOf(blocked), "locked by another process")) << ErrorOf(blocked);
    return {};
  });
  EXPECT_TRUE(done.has_value());
  EXPECT_TRUE(Insert(**other, 1).has_value());
}

// A small file system of its own, while the test runs.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    ::mkdir(path_.c_str(), 0700);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=6m") == 0;
    error_ = errno;
  }
  ~SmallDisk() {
    if (mounted_) {
      ::umount2(path_.c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  std::string Why() const {
    return std::string("a small file system cannot be mounted here: ") + std::strerror(error_);
  }
  bool MakeReadOnly() {
    return ::mount(nullptr, path_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

 private:
  std::string path_;
  bool mounted_ = false;
  int error_ = 0;
};

TEST_P(SqliteFaultTest, AFullDiskLosesNothingAndEnds) {
  SmallDisk disk(folder_.path() + "/small");
  if (!disk.mounted()) {
    GTEST_SKIP() << disk.Why();
  }
  const std::string filler = folder_.path() + "/small/filler";
  std::ofstream(filler) << std::string(2'000'000, 'x');
  store_ = OpenAt("sqlite:" + folder_.path() + "/small/store.db");
  ASSERT_NE(store_, nullptr);
  Run(kTable);
  const std::string bytes(100'000, 'b');
  int64_t kept = 0;
  base::Result<void> last;
  while (kept < 100 && last.has_value()) {
    last = Insert(*store_, kept, bytes);
    kept += last.has_value() ? 1 : 0;
  }
  ASSERT_FALSE(last.has_value());
  EXPECT_EQ(last.error().code(), base::ErrorCode::kIo);
  EXPECT_TRUE(Contains(ErrorOf(last), "the disk is full")) << ErrorOf(last);
  EXPECT_GT(kept, 0);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), kept * 2);
  std::filesystem::remove(filler);
  const auto after = Insert(*store_, kept, bytes);
  EXPECT_TRUE(after.has_value()) << ErrorOf(after);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM t"), kept * 2 + 2);
}

TEST_P(SqliteFaultTest, AReadOnlyDiskIsNamed) {
  SmallDisk disk(folder_.path() + "/small");
  if (!disk.mounted()) {
    GTEST_SKIP() << disk.Why();
  }
  const std::string database = "sqlite:" + folder_.path() + "/small/store.db";
  ASSERT_NE(OpenAt(database), nullptr);
  ASSERT_TRUE(disk.MakeReadOnly()) << std::strerror(errno);
  for (const std::string& name : {database, "sqlite:" + folder_.path() + "/small/new/other.db"}) {
    const auto opened = Store::Open({.database = name});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code(), base::ErrorCode::kIo);
    EXPECT_TRUE(Contains(ErrorOf(opened), "ead-only file system") ||
                Contains(ErrorOf(opened), "is read-only"))
        << ErrorOf(opened);
  }
}

// Writes until it is killed, and tells each id once it is kept.
[[noreturn]] void WriteForever(const std::string& database, int64_t from, int out) {
  auto opened = Store::Open({.database = database});
  if (!opened.has_value()) {
    ::_exit(3);
  }
  const std::string bytes(3000, 'k');
  for (int64_t id = from;; ++id) {
    if (!Insert(**opened, id, bytes).has_value() ||
        ::write(out, &id, sizeof id) != static_cast<ssize_t>(sizeof id)) {
      ::_exit(4);
    }
  }
}

TEST_P(SqliteFaultTest, AKillLosesNothingThatWasAcknowledged) {
  Run(kTable);
  store_ = nullptr;
  int64_t next = 0;
  for (int round = 0; round < 30; ++round) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      WriteForever(database_, next, ends[1]);
    }
    ::close(ends[1]);
    int64_t told = -1;
    int64_t id = 0;
    for (int i = 0; i <= round; ++i) {  // at other moments of the log's life each time
      ASSERT_EQ(::read(ends[0], &id, sizeof id), static_cast<ssize_t>(sizeof id));
      told = id;
    }
    ::usleep(static_cast<useconds_t>(round * 37));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    while (::read(ends[0], &id, sizeof id) == static_cast<ssize_t>(sizeof id)) {
      told = id;
    }
    ::close(ends[0]);
    const auto store = OpenAt(database_);
    ASSERT_NE(store, nullptr);
    const int64_t rows = Number(*store, "SELECT COUNT(*) FROM t");
    const int64_t last = Number(*store, "SELECT MAX(id) FROM t");
    EXPECT_GE(last, told * 2 + 1);
    EXPECT_EQ(rows, last + 1);  // no gap, and both halves of each write
    EXPECT_EQ(last % 2, 1);
    next = (last + 1) / 2;
    EXPECT_EQ(store->ChangeCounter().value_or(-1), next);
  }
}

}  // namespace
}  // namespace scantling::store
