// What a source saw, held until the server knows it: the copies that run now, and the ends (and the
// copies that came and went) that were not acknowledged yet. The newest state wins; what the server
// missed while it was away is bounded, and a snapshot afterwards ends whatever was dropped.
//
// Thread-safe: the source's thread writes, the sender's thread reads.
#pragma once

#include "agent/copy.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::agent {

class Ledger {
 public:
  explicit Ledger(size_t max_ends = 10'000) : max_ends_(max_ends) {}

  // The source's side. Replace: these run, and no others; the ledger is now in step with the world.
  void Replace(std::vector<Copy> copies, Millis at);
  void Put(Copy copy, Millis at);
  void Remove(std::string_view uid, Millis at);  // an unknown uid is no error
  // Does the source still hear of changes? Without that its copies are not vouched for: no
  // snapshots are taken, and the server will call them unknown.
  void SetLive(bool live);

  // The sender's side.
  struct Taken {
    std::string body;
    uint64_t revision = 0;  // for Acknowledge
    size_t copies = 0;
    size_t gone = 0;
  };
  enum class What : uint8_t { kSnapshot, kChanges };
  // nullopt: nothing changed, or (a snapshot) the source is not in step.
  std::optional<Taken> Take(const Reporter& reporter, What what, Millis now);
  // The server has what was taken with that revision.
  void Acknowledge(uint64_t revision);

  struct State {
    bool in_step = false;  // replaced at least once, and live
    bool changed = false;  // something is not acknowledged
  };
  State state() const;
  // Until something is not acknowledged (`for_changes`), in_step becomes true (else), the time has
  // come, or it was stopped.
  enum class Until : uint8_t { kChanges, kInStep };
  void Wait(Until until, std::chrono::steady_clock::time_point deadline,
            const std::stop_token& stop);
  uint64_t dropped_ends() const;

 private:
  struct Entry {
    Copy copy;
    Millis at = 0;  // of the sighting
    uint64_t changed = 0;
    uint64_t told = 0;
  };
  struct End {
    std::string uid;
    Millis at = 0;
    uint64_t revision = 0;
    std::optional<Entry> untold;  // the server may not know the copy itself
  };
  void PutLocked(Copy copy, Millis at);
  void RemoveLocked(std::map<std::string, Entry, std::less<>>::iterator entry, Millis at);
  State StateLocked() const;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::deque<End> ends_;
  size_t max_ends_;
  uint64_t revision_ = 0;
  uint64_t acknowledged_ = 0;
  uint64_t dropped_ends_ = 0;
  bool replaced_ = false;
  bool live_ = false;
};

}  // namespace scantling::agent
