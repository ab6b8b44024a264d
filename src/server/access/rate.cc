// Token buckets.
#include "server/access/rate.h"

#include <algorithm>
#include <cmath>

namespace scantling::server::access {

int64_t RateLimiter::Take(std::string_view key, int64_t now) {
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMaxKeys) {
      Shrink(now);
    }
    found = buckets_.emplace(std::string(key), Bucket{burst_, now}).first;
  }
  Bucket& bucket = found->second;
  // A clock that was set back gives nothing and takes nothing.
  const double seconds = static_cast<double>(std::max<int64_t>(now - bucket.at, 0)) / 1000;
  bucket.left = std::min(burst_, bucket.left + seconds * rate_);
  bucket.at = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return 0;
  }
  return static_cast<int64_t>(std::ceil((1 - bucket.left) / rate_ * 1000));
}

void RateLimiter::Shrink(int64_t now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    const double seconds = static_cast<double>(now - entry.second.at) / 1000;
    return entry.second.left + seconds * rate_ >= burst_;
  });
  if (buckets_.size() >= kMaxKeys) {
    buckets_.clear();  // more at work than we can count
  }
}

}  // namespace scantling::server::access
