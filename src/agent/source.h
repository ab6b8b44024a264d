// Where copies come from: a container runtime's socket, a Kubernetes API server.
#pragma once

#include "agent/copy.h"
#include "agent/ledger.h"
#include "base/result.h"
#include "net/retry.h"

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::agent {

// What the composing layer gives: the clock, chance from 0 up to 1, and lines for people.
struct World {
  std::function<Millis()> now;
  std::function<double()> chance;
  std::function<void(std::string_view)> say;
};

class Source {
 public:
  virtual ~Source() = default;
  // For messages: "podman at /run/podman/podman.sock".
  virtual std::string Name() const = 0;
  // All that run now.
  virtual base::Result<std::vector<Copy>> List(const std::stop_token& stop) = 0;
  // Keeps the ledger in step with the world until it is stopped. Whatever fails is tried again, and
  // said once.
  virtual void Follow(Ledger& ledger, const std::stop_token& stop) = 0;
};

// Says what is wrong once, when it went wrong twice in a row (a connection that is cut now and then
// is no news), and once that it is over. One thread.
class Trouble {
 public:
  Trouble(const World& world, std::string name) : world_(world), name_(std::move(name)) {}
  void Is(std::string_view what) {
    if (++failures_ >= 2 && said_ != what) {
      said_ = what;
      world_.say(name_ + ": " + said_ + "; it is tried again");
    }
  }
  void Over() {
    failures_ = 0;
    if (!said_.empty()) {
      said_.clear();
      world_.say(name_ + ": works again");
    }
  }

 private:
  const World& world_;
  std::string name_;
  std::string said_;
  unsigned failures_ = 0;
};

// Pauses that double from `first` to `longest` (milliseconds), half of each by chance.
class Backoff {
 public:
  Backoff(const World& world, int64_t first, int64_t longest)
      : policy_{.first_pause = net::Milliseconds(first),
                .longest_pause = net::Milliseconds(longest),
                .jitter = world.chance,
                .now = {}} {}
  int64_t Next() { return net::PauseBefore(policy_, ++failures_).count(); }
  void Reset() { failures_ = 0; }

 private:
  net::RetryPolicy policy_;
  unsigned failures_ = 0;
};

}  // namespace scantling::agent
