// SHA-256 of streams that are read side by side, two at a time on one core.
//
// In one stream each round waits for the one before it; the rounds of a second stream fit into the
// pauses (x86 SHA instructions: two streams take 1.04 times as long as one). So who has a block
// waits a moment for somebody else's block, and one of both hashes the two.
#pragma once

#include "base/bytes.h"
#include "base/digest.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace scantling::base {

// Thread-safe.
class Sha256Team {
 public:
  // Has this machine the instructions? Without them members hash alone.
  static bool Helps();

  // One stream, one thread at a time. While it lives the others may wait for it, a fraction of a
  // millisecond each time.
  class Member {
   public:
    explicit Member(Sha256Team& team);
    ~Member();
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    void Update(Sha256& sha, Bytes data);

   private:
    Sha256Team& team_;
  };

 private:
  struct Block {
    Sha256& sha;
    Bytes data;
    std::condition_variable done_changed = {};
    bool taken = false;
    bool done = false;
  };

  // False: nobody came.
  bool Together(Sha256& sha, Bytes data);

  std::mutex mutex_;
  size_t members_ = 0;
  Block* maybe_waiting_ = nullptr;
};

}  // namespace scantling::base
