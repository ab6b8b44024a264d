// The text forms of a request that we read ourselves: targets, queries, cookies, codings. Any bytes
// are an answer; what was decoded can be encoded and is the same again.
#include "net/url.h"
#include "server/http/exchange.h"
#include "server/http/router.h"
#include "server/http/uri.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

namespace http = scantling::server::http;
namespace net = scantling::net;

const http::Router& Routes() {
  static const http::Router* const router = [] {
    auto* out = new http::Router();
    const http::Handler handler = [](const http::Request&) { return http::Response(); };
    out->Add(http::Method::kGet, "/a/{b}/c", handler);
    out->Add(http::Method::kGet, "/a/b/{rest...}", handler);
    out->Add(http::Method::kPost, "/a/{b}", handler);
    return out;
  }();
  return *router;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto decoded = http::DecodePercent(text)) {
    // A NUL as it is is never in a request; an escaped one is refused.
    if (decoded->find('\0') == std::string::npos &&
        http::DecodePercent(net::PercentEncode(*decoded)) != decoded) {
      __builtin_trap();
    }
  }
  http::ParseQuery(text);
  http::AcceptsCoding(text, "gzip");
  if (http::FindCookie(text, "scantling").size() > size) {
    __builtin_trap();
  }
  http::Request request;
  const http::Decision decision = http::Decide(Routes(), text, request);
  if ((decision.route == nullptr) != decision.refusal.has_value()) {
    __builtin_trap();
  }
  return 0;
}
