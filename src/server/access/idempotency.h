// Idempotency keys (draft-ietf-httpapi-idempotency-key-header): the first answer to a key is kept
// for 24 hours in the store and given again to the same request.
//
// A process that dies between a handler's commit and keeping its answer leaves the key free after a
// minute, and the request runs again: handlers that use keys are written so that this is no harm.
#pragma once

#include "base/result.h"
#include "server/http/message.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::server::access {

// An answer instead of the handler's (the first one, 409 while that runs, 422 for another request),
// or nothing: the key is ours now. `subject`: who, and the key.
base::Result<std::optional<http::Response>> ClaimKey(store::Store& store, std::string_view subject,
                                                     const http::Request& request, int64_t now);
// Keeps the answer; one that invites another attempt (5xx, 429, a stream) frees the key instead.
base::Result<void> KeepAnswer(store::Store& store, std::string_view subject,
                              const http::Response& response);

}  // namespace scantling::server::access
