// The store in one SQLite file: one writing connection, readers from a pool, the counter of serial
// writes looked at for the writes of other processes.
#include "store/sqlite.h"

#include "base/file.h"
#include "store/change_signal.h"
#include "store/sqlite_connection.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <utility>

namespace scantling::store {
namespace {

using Clock = std::chrono::steady_clock;
using Work = std::function<base::Result<void>(Connection&)>;

constexpr std::chrono::milliseconds kLook{100};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, const StoreOptions& options)
      : path_(std::move(path)),
        busy_(options.busy_timeout),
        readers_left_(std::max(1U, options.connections)) {}

  base::Result<void> Start(std::span<const Migration> migrations) {
    SCANTLING_TRY(writer_, SqliteConnection::Open(path_, SqliteUse::kWriter, busy_));
    int64_t version = 0;
    SCANTLING_DO(Read([&version](Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(version, SchemaVersion(connection));
      return {};
    }));
    if (!migrations.empty() && version == migrations.back().version) {
      return {};
    }
    return BringForward([this](const Work& work) { return Write(Order::kFree, work); }, migrations)
        .With(path_);
  }

  Dialect dialect() const override { return Dialect::kSqlite; }

  base::Result<void> Read(const Work& work) override {
    SCANTLING_TRY(auto reader, TakeReader());
    auto result = reader->Transaction("BEGIN", work);
    {
      const std::lock_guard lock(mutex_);
      ++readers_left_;
      readers_.push_back(std::move(reader));
    }
    reader_free_.notify_one();
    return result;
  }

  base::Result<void> Write(Order order, const Work& work) override {
    {
      std::unique_lock lock(mutex_);
      SCANTLING_ASSERT(!writing_ || writing_thread_ != std::this_thread::get_id());
      if (!writer_free_.wait_for(lock, busy_, [this] { return !writing_; })) {
        return base::Error(base::ErrorCode::kIo, path_ + ": another write took more than " +
                                                     std::to_string(busy_.count()) + " ms");
      }
      writing_ = true;
      writing_thread_ = std::this_thread::get_id();
    }
    auto result = writer_->Transaction("BEGIN IMMEDIATE", [&](Connection& connection) {
      if (order == Order::kSerial) {
        if (auto taken = writer_->TakeChangeNumber(); !taken) {
          return taken;
        }
      }
      return work(connection);
    });
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      writing_thread_ = {};
    }
    writer_free_.notify_one();
    if (result.has_value() && order == Order::kSerial) {
      signal_.Notice();
    }
    return result;
  }

  base::Result<int64_t> WaitForChange(int64_t seen, std::chrono::milliseconds patience) override {
    const auto deadline = Clock::now() + patience;
    const ChangeSignal::Waiter waiter(signal_);
    for (;;) {
      const auto before = signal_.Now();
      SCANTLING_TRY(const int64_t counter, ChangeCounter());
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (counter > seen || left.count() <= 0 || waiter.Woken()) {
        return counter;
      }
      signal_.Wait(before, std::min(left, kLook));
    }
  }

  void Wake() override { signal_.Wake(); }

  base::Result<uint64_t> SizeBytes() override {
    uint64_t size = 0;
    for (const char* suffix : {"", "-wal"}) {
      struct stat status{};
      if (::stat((path_ + suffix).c_str(), &status) == 0) {
        size += static_cast<uint64_t>(status.st_size);
      } else if (*suffix == '\0') {
        return base::IoError(path_);
      }
    }
    return size;
  }

 private:
  base::Result<std::unique_ptr<SqliteConnection>> TakeReader() {
    {
      std::unique_lock lock(mutex_);
      if (!reader_free_.wait_for(lock, busy_, [this] { return readers_left_ > 0; })) {
        return base::Error(base::ErrorCode::kIo,
                           path_ + ": all connections for reading were in use for more than " +
                               std::to_string(busy_.count()) + " ms");
      }
      --readers_left_;
      if (!readers_.empty()) {
        auto reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    auto opened = SqliteConnection::Open(path_, SqliteUse::kReader, busy_);
    if (!opened) {
      const std::lock_guard lock(mutex_);
      ++readers_left_;
      reader_free_.notify_one();
    }
    return opened;
  }

  const std::string path_;
  const std::chrono::milliseconds busy_;
  ChangeSignal signal_;
  std::unique_ptr<SqliteConnection> writer_;  // of the thread that set writing_

  std::mutex mutex_;  // guards what follows
  std::condition_variable reader_free_;
  std::condition_variable writer_free_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;
  unsigned readers_left_;
  bool writing_ = false;
  std::thread::id writing_thread_;
};

// The file with mode 0600 (SQLite gives its companions the same), in a folder of ours. A file that
// is there is not opened: closing it would drop the locks of this process's other connections.
base::Result<void> MakeFile(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty() && std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return base::Error(base::ErrorCode::kIo,
                       "cannot make the folder " + folder.string() + ": " + error.message());
  }
  const base::Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid() && errno != EEXIST) {
    return base::IoError("cannot make " + path);
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Store>> OpenSqlite(const std::string& path,
                                                const StoreOptions& options,
                                                std::span<const Migration> migrations) {
  if (options.make) {
    SCANTLING_DO(MakeFile(path));
  } else if (::access(path.c_str(), F_OK) != 0) {
    return base::NotFound("there is no store " + path + "; a server makes it at its first start");
  }
  auto store = std::make_unique<SqliteStore>(path, options);
  SCANTLING_DO(store->Start(migrations));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace scantling::store
