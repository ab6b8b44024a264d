// Work on many like things, shared among a few threads for as long as it takes.
//
// Blocks until all is done. The calling thread is worker 0, so that one worker starts no thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace scantling::base {

// Calls work(worker, i) for each i below `count`, kBlock of them at a time to whoever is free: the
// order is not fixed, so results belong into places of their own. A worker meets its items in
// ascending order. `work` throws nothing.
template <size_t kBlock = 32, typename Work>
void Share(size_t count, size_t workers, const Work& work) {
  std::atomic<size_t> next = 0;
  const auto run = [&](size_t worker) {
    for (size_t at = next.fetch_add(kBlock); at < count; at = next.fetch_add(kBlock)) {
      for (size_t i = at; i < std::min(at + kBlock, count); ++i) {
        work(worker, i);
      }
    }
  };
  std::vector<std::jthread> threads;
  for (size_t worker = 1; worker < workers; ++worker) {
    threads.emplace_back(run, worker);
  }
  run(0);
}

// For large items.
template <typename Work>
void ShareOneByOne(size_t count, size_t workers, const Work& work) {
  Share<1>(count, workers, work);
}

// How many of `jobs` workers are worth their start for `count` items.
constexpr size_t WorkersFor(size_t count, size_t items_per_worker, size_t jobs) {
  return std::clamp<size_t>(count / items_per_worker, 1, std::max<size_t>(jobs, 1));
}

}  // namespace scantling::base
