// The threads that run handlers: a queue with an end. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace scantling::server::http {

class Workers {
 public:
  Workers(unsigned threads, uint32_t max_waiting);
  ~Workers();  // what is queued still runs
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool HasRoom();
  void Add(std::move_only_function<void()> job);  // past the end too: ask HasRoom() for new work

 private:
  void Run();

  const uint32_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::move_only_function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace scantling::server::http
