// Threads of one process that wait for a serial write, and what ends their wait: a write of this
// process, somebody who calls Wake(), time. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace scantling::store {

class ChangeSignal {
 public:
  struct Seen {
    uint64_t notices = 0;
    uint64_t wakes = 0;
  };

  // Before looking at the counter, so that no notice is lost between the look and the wait.
  Seen Now() const {
    const std::lock_guard lock(mutex_);
    return {notices_, wakes_};
  }
  void Notice() {
    {
      const std::lock_guard lock(mutex_);
      ++notices_;
    }
    changed_.notify_all();
  }
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      ++wakes_;
      owed_ = waiting_ == 0;
    }
    changed_.notify_all();
  }
  // Somebody who waits, from before the first look to the end.
  class Waiter {
   public:
    explicit Waiter(ChangeSignal& signal) : signal_(signal) {
      const std::lock_guard lock(signal_.mutex_);
      ++signal_.waiting_;
      wakes_ = signal_.wakes_ - (signal_.owed_ ? 1 : 0);
      signal_.owed_ = false;
    }
    ~Waiter() {
      const std::lock_guard lock(signal_.mutex_);
      --signal_.waiting_;
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    bool Woken() const {
      const std::lock_guard lock(signal_.mutex_);
      return signal_.wakes_ != wakes_;
    }

   private:
    ChangeSignal& signal_;
    uint64_t wakes_ = 0;
  };
  // Until a notice or a wake that `seen` does not count, or for `time`.
  void Wait(Seen seen, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return notices_ != seen.notices || wakes_ != seen.wakes; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t notices_ = 0;
  uint64_t wakes_ = 0;
  unsigned waiting_ = 0;
  bool owed_ = false;
};

}  // namespace scantling::store
