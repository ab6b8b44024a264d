// One exchange without its socket: from a request's head to the decision who answers, and from the
// handler's response to the bytes of the answer. Thread-compatible.
#pragma once

#include "server/http/message.h"
#include "server/http/router.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::server::http {

struct Decision {
  const Route* route = nullptr;     // null: `refusal` is the answer
  std::optional<Response> refusal;  // 400, 404, 405, 415
};

// Splits the target into path and query, finds the route, and fills the request with both.
Decision Decide(const Router& router, std::string_view target, Request& request);

// Unpacks the body when it was sent packed (gzip, zstd; at most the route's body_bytes), and runs
// the handler. Never throws.
Response Answer(const Route& route, Request& request);

struct Wire {
  bool keep_alive = true;
  bool http_1_0 = false;  // no chunks: a stream ends with the connection
  int64_t now = 0;        // milliseconds
};

struct Finished {
  std::string head;     // status line and fields, with the empty line
  std::string body;     // "" for HEAD and 304
  BodyProducer stream;  // chunked, unless the client speaks HTTP/1.0
  bool keep_alive = true;
};

// ETag and 304, packing, security headers, Date, length.
Finished Finish(const Request& request, Response response, const Wire& wire);

}  // namespace scantling::server::http
