// See retry.h.
#include "net/retry.h"

#include "base/strings.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

namespace scantling::net {
namespace {

bool IsIdempotent(const HttpRequest& request) {
  static constexpr std::array<std::string_view, 5> kMethods = {"GET", "HEAD", "PUT", "DELETE",
                                                               "OPTIONS"};
  return request.body_reader == nullptr &&
         std::find(kMethods.begin(), kMethods.end(), request.method) != kMethods.end();
}

// "Fri, 31 Dec 1999 23:59:59 GMT" as RFC 3339.
std::optional<base::Seconds> ParseHttpDate(std::string_view text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT") || text[3] != ',') {
    return std::nullopt;
  }
  const size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) {
    return std::nullopt;
  }
  const std::string number = std::to_string(month / 3 + 1);
  return base::ParseTime(std::string(text.substr(12, 4)) + "-" + (number.size() < 2 ? "0" : "") +
                         number + "-" + std::string(text.substr(5, 2)) + "T" +
                         std::string(text.substr(17, 8)) + "Z");
}

const HttpResponse& Answer(const HttpResponse& response) { return response; }
const HttpStream& Answer(const std::unique_ptr<HttpStream>& stream) { return *stream; }
int StatusOf(const HttpResponse& response) { return response.status; }
int StatusOf(const HttpStream& stream) { return stream.status(); }
const Headers& HeadersOf(const HttpResponse& response) { return response.headers; }
const Headers& HeadersOf(const HttpStream& stream) { return stream.headers(); }

template <typename T, typename Try>
base::Result<T> Repeat(const HttpRequest& request, const RetryPolicy& policy, const Try& attempt) {
  for (unsigned next = 1;; ++next) {
    auto got = attempt();
    const bool last = next >= policy.attempts || !IsIdempotent(request);
    Milliseconds pause = PauseBefore(policy, next);
    if (got) {
      if (last || !IsTransientStatus(StatusOf(Answer(*got)))) {
        return got;
      }
      const auto after = HeadersOf(Answer(*got)).Find("retry-after");
      if (const auto asked = after ? ParseRetryAfter(*after, policy) : std::nullopt) {
        if (*asked > policy.longest_retry_after) {
          return got;
        }
        pause = std::max(pause, *asked);
      }
    } else if (last || got.error().code() != base::ErrorCode::kIo) {
      return got;
    }
    SCANTLING_DO(Pause(pause, request.stop));
  }
}

}  // namespace

Milliseconds PauseBefore(const RetryPolicy& policy, unsigned next) {
  const auto doublings = std::min(next > 0 ? next - 1 : 0, 20U);
  const Milliseconds full =
      std::min(policy.first_pause * (int64_t{1} << doublings), policy.longest_pause);
  const double chance = policy.jitter ? std::clamp(policy.jitter(), 0.0, 1.0) : 0.5;
  const auto half = full.count() / 2;
  return Milliseconds(full.count() - half +
                      static_cast<int64_t>(static_cast<double>(half) * chance));
}

std::optional<Milliseconds> ParseRetryAfter(std::string_view value, const RetryPolicy& policy) {
  value = base::Trim(value);
  constexpr int64_t kYear = int64_t{366} * base::kSecondsPerDay;
  if (const auto seconds = base::ParseNumber<uint64_t>(value)) {
    return Milliseconds(1000 * static_cast<int64_t>(std::min<uint64_t>(*seconds, kYear)));
  }
  const auto date = ParseHttpDate(value);
  if (!date || !policy.now) {
    return std::nullopt;
  }
  return Milliseconds(1000 * std::clamp<int64_t>(*date - policy.now(), 0, kYear));
}

base::Result<void> Pause(Milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any waker;
  std::unique_lock lock(mutex);
  waker.wait_for(lock, stop, time, [] { return false; });
  if (stop.stop_requested()) {
    return base::Error(base::ErrorCode::kUsage, "cancelled");
  }
  return {};
}

base::Result<HttpResponse> SendWithRetry(const HttpClient& client, const HttpRequest& request,
                                         const RetryPolicy& policy) {
  return Repeat<HttpResponse>(request, policy, [&] { return client.Send(request); });
}

base::Result<std::unique_ptr<HttpStream>> OpenWithRetry(const HttpClient& client,
                                                        const HttpRequest& request,
                                                        const RetryPolicy& policy) {
  return Repeat<std::unique_ptr<HttpStream>>(request, policy, [&] { return client.Open(request); });
}

}  // namespace scantling::net
