// Trying again: bounded, with growing pauses that are spread by chance, and the pause that the
// server asks for (Retry-After, RFC 9110 section 10.2.3).
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "net/http_client.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>

namespace scantling::net {

struct RetryPolicy {
  unsigned attempts = 4;  // in all
  Milliseconds first_pause{500};
  Milliseconds longest_pause{20'000};
  Milliseconds longest_retry_after{60'000};  // a server that asks for more is not waited for
  // From 0 up to 1: how much of a pause's random half is taken. Without it the middle.
  std::function<double()> jitter;
  // The present, for Retry-After with a date; without it such a date is not understood.
  std::function<base::Seconds()> now;
};

// The pause before attempt `next` (the second is 1).
Milliseconds PauseBefore(const RetryPolicy& policy, unsigned next);
// "120" or "Fri, 31 Dec 1999 23:59:59 GMT".
std::optional<Milliseconds> ParseRetryAfter(std::string_view value, const RetryPolicy& policy);
// kUsage when it was stopped.
base::Result<void> Pause(Milliseconds time, const std::stop_token& stop);

// GET, HEAD, PUT, DELETE and OPTIONS without a body reader are sent again after a network error or
// a transient status; anything else is sent once. The last answer is returned, whatever it is.
base::Result<HttpResponse> SendWithRetry(const HttpClient& client, const HttpRequest& request,
                                         const RetryPolicy& policy);
// The same for an answer that is pulled: until its header is there.
base::Result<std::unique_ptr<HttpStream>> OpenWithRetry(const HttpClient& client,
                                                        const HttpRequest& request,
                                                        const RetryPolicy& policy);

}  // namespace scantling::net
