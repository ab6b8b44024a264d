// The store in a PostgreSQL database: a pool of connections, serial writes behind an advisory lock,
// LISTEN/NOTIFY for who waits.
//
// A connection that was lost is noticed by the BEGIN of the next call, which then opens a new one;
// all others of the pool are dropped with it.
#include "store/postgres.h"

#include "base/file.h"
#include "store/change_signal.h"
#include "store/postgres_connection.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <sys/eventfd.h>
#include <utility>

namespace scantling::store {
namespace {

using Clock = std::chrono::steady_clock;
using Work = std::function<base::Result<void>(Connection&)>;
using Millis = std::chrono::milliseconds;

// How often the counter is looked at by who hears the notices, and by who does not (another thread
// hears them, or the connection for them is broken).
constexpr Millis kLookHearing{1000};
constexpr Millis kLook{250};

class PostgresStore final : public Store {
 public:
  PostgresStore(const PostgresLibrary& pq, PostgresPlace place, const StoreOptions& options)
      : pq_(pq), place_(std::move(place)), left_(std::max(1U, options.connections)) {}

  base::Result<void> Start(std::span<const Migration> migrations) {
    wake_ = base::Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_.valid()) {
      return base::IoError("eventfd");
    }
    int64_t version = 0;
    SCANTLING_DO(Read([&version](Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(version, SchemaVersion(connection));
      return {};
    }));
    if (!migrations.empty() && version == migrations.back().version) {
      return {};
    }
    return BringForward([this](const Work& work) { return Run(PostgresUse::kMigration, work); },
                        migrations)
        .With(place_.shown);
  }

  Dialect dialect() const override { return Dialect::kPostgres; }

  base::Result<void> Read(const Work& work) override { return Run(PostgresUse::kRead, work); }

  base::Result<void> Write(Order order, const Work& work) override {
    auto result =
        Run(order == Order::kSerial ? PostgresUse::kSerialWrite : PostgresUse::kFreeWrite, work);
    if (result.has_value() && order == Order::kSerial) {
      signal_.Notice();
    }
    return result;
  }

  base::Result<int64_t> WaitForChange(int64_t seen, Millis patience) override {
    const auto deadline = Clock::now() + patience;
    const ChangeSignal::Waiter waiter(signal_);
    for (;;) {
      const auto before = signal_.Now();
      const std::unique_lock hearing(listening_, std::try_to_lock);
      const bool hears = hearing.owns_lock() && Listen();
      SCANTLING_TRY(const int64_t counter, ChangeCounter());
      const auto left = std::chrono::duration_cast<Millis>(deadline - Clock::now());
      if (counter > seen || left.count() <= 0 || waiter.Woken()) {
        return counter;
      }
      if (hears) {
        Hear(before, std::min(left, kLookHearing));
      } else {
        signal_.Wait(before, std::min(left, kLook));
      }
    }
  }

  void Wake() override {
    signal_.Wake();
    const uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);  // full: it is awake anyway
  }

  base::Result<uint64_t> SizeBytes() override {
    int64_t size = 0;
    SCANTLING_DO(Read([&size](Connection& connection) {
      return connection.Query("SELECT pg_database_size(current_database())", {},
                              [&size](const Row& row) -> base::Result<void> {
                                size = row.Int(0);
                                return {};
                              });
    }));
    return static_cast<uint64_t>(size);
  }

 private:
  base::Result<void> Run(PostgresUse use, const Work& work) {
    SCANTLING_TRY(auto connection, Take());
    auto begun = connection->Begin(use);
    if (!begun.has_value() && connection->lost()) {
      connection = nullptr;
      DropIdle();
      auto opened = PostgresConnection::Open(pq_, place_);
      if (!opened.has_value()) {
        Give(nullptr);
        return std::move(opened).error();
      }
      connection = *std::move(opened);
      begun = connection->Begin(use);
    }
    auto result = begun.has_value() ? connection->Finish(use, work(*connection))
                                    : connection->Finish(use, std::move(begun));
    if (connection->lost()) {
      connection = nullptr;
      DropIdle();
    }
    Give(std::move(connection));
    return result;
  }

  base::Result<std::unique_ptr<PostgresConnection>> Take() {
    {
      std::unique_lock lock(mutex_);
      if (!free_.wait_for(lock, place_.busy_timeout, [this] { return left_ > 0; })) {
        return base::Error(base::ErrorCode::kIo,
                           place_.shown + ": all connections were in use for more than " +
                               std::to_string(place_.busy_timeout.count()) + " ms");
      }
      --left_;
      if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
    }
    auto opened = PostgresConnection::Open(pq_, place_);
    if (!opened.has_value()) {
      Give(nullptr);
    }
    return opened;
  }

  void Give(std::unique_ptr<PostgresConnection> maybe_connection) {
    {
      const std::lock_guard lock(mutex_);
      ++left_;
      if (maybe_connection != nullptr) {
        idle_.push_back(std::move(maybe_connection));
      }
    }
    free_.notify_one();
  }

  void DropIdle() {
    std::vector<std::unique_ptr<PostgresConnection>> dropped;
    const std::lock_guard lock(mutex_);
    std::swap(dropped, idle_);
  }

  // Requires: listening_ is held. False: there is no connection for notices now.
  bool Listen() {
    if (listener_ != nullptr) {
      return true;
    }
    auto opened = PostgresConnection::Open(pq_, place_);
    if (!opened.has_value() || !(*opened)->Script("LISTEN scantling_change").has_value()) {
      return false;
    }
    listener_ = *std::move(opened);
    return true;
  }

  // Requires: listening_ is held. Until a notice comes, or a Wake(), or `time` is over.
  void Hear(ChangeSignal::Seen before, Millis time) {
    pollfd polled[] = {{listener_->socket(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    const auto now = signal_.Now();
    if (now.wakes == before.wakes && now.notices == before.notices) {
      (void)::poll(polled, 2, static_cast<int>(time.count()));
    }
    uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    if (polled[0].revents != 0) {
      auto heard = listener_->TakeNotices();
      if (!heard.has_value() || listener_->lost()) {
        listener_ = nullptr;
      } else if (*heard > 0) {
        signal_.Notice();
      }
    }
  }

  const PostgresLibrary& pq_;
  const PostgresPlace place_;
  ChangeSignal signal_;
  base::Fd wake_;

  std::mutex listening_;  // held by the one thread that hears; guards listener_
  std::unique_ptr<PostgresConnection> listener_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable free_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;
  unsigned left_;
};

}  // namespace

base::Result<std::unique_ptr<Store>> OpenPostgres(const StoreOptions& options,
                                                  std::span<const Migration> migrations) {
  SCANTLING_TRY(const PostgresLibrary* pq, LoadPostgresLibrary());
  SCANTLING_TRY(auto place, ReadPostgresUrl(*pq, options.database, options.busy_timeout));
  auto store = std::make_unique<PostgresStore>(*pq, std::move(place), options);
  SCANTLING_DO(store->Start(migrations));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace scantling::store
