// What the files of Access share: its state, and rows as values. Internal to this folder.
#pragma once

#include "server/access/access.h"
#include "server/access/rate.h"
#include "server/access/secrets.h"

#include <atomic>
#include <mutex>

namespace scantling::server::access {

struct Access::State {
  State(store::Store& place, AccessOptions given)
      : store(place),
        options(std::move(given)),
        known(options.rate, options.burst),
        anonymous(options.anonymous_rate, options.anonymous_burst) {}

  store::Store& store;
  AccessOptions options;
  RateLimiter known;
  RateLimiter anonymous;
  // A hash takes much memory: one at a time, and only a few may wait for it.
  std::mutex hashing;
  std::atomic<int> hashers = 0;
};

using Values = std::initializer_list<store::Value>;

base::Result<std::vector<std::string>> OwnersOf(store::Connection& connection, int64_t user_id);
base::Result<std::optional<User>> ReadUser(store::Connection& connection, int64_t id);
std::string SubjectOf(const User& user);  // "user:alice"
inline constexpr int64_t kDay = int64_t{24} * 3600 * 1000;
inline constexpr int64_t kTouch = int64_t{60} * 1000;  // how exact "last used" is

}  // namespace scantling::server::access
