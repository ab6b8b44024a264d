// Decision, answer and its bytes.
#include "server/http/exchange.h"

#include "base/bytes.h"
#include "base/strings.h"
#include "base/time.h"
#include "codec/compress.h"
#include "codec/json_writer.h"
#include "server/http/uri.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <span>
#include <utility>

namespace scantling::server::http {
namespace {

constexpr size_t kPackAbove = 1024;
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

bool IsText(std::string_view type) {
  return type.starts_with("text/") || type.find("json") != std::string_view::npos ||
         type.starts_with("application/javascript") || type.starts_with("application/xml") ||
         type.starts_with("application/yaml") || type.starts_with("image/svg");
}

std::string MakeTag(std::string_view body) {
  const XXH128_hash_t hash = XXH3_128bits(body.data(), body.size());
  std::array<char, 40> text{};
  const int size = std::snprintf(text.data(), text.size(), "W/\"%016llx%016llx\"",
                                 static_cast<unsigned long long>(hash.high64),
                                 static_cast<unsigned long long>(hash.low64));
  return {text.data(), static_cast<size_t>(size)};
}

// Weak comparison, as If-None-Match asks for.
bool TagMatches(std::string_view list, std::string_view tag) {
  if (tag.starts_with("W/")) {
    tag.remove_prefix(2);
  }
  for (std::string_view item : base::Split(list, ',')) {
    item = base::Trim(item);
    if (item == "*") {
      return true;
    }
    if (item.starts_with("W/")) {
      item.remove_prefix(2);
    }
    if (item == tag) {
      return true;
    }
  }
  return false;
}

// Puts the request's id into a problem that does not have one.
void NameRequest(const Request& request, Response& response) {
  if (response.Header("Content-Type") != "application/problem+json" ||
      !response.body.ends_with('}') || response.body.find("\"instance\"") != std::string::npos) {
    return;
  }
  response.body.pop_back();
  response.body += ",\"instance\":\"urn:scantling:request:" + request.id + "\"}";
}

std::optional<Response> Unpack(const Route& route, Request& request) {
  const std::string coding = base::Lower(request.Header("Content-Encoding"));
  if (coding.empty() || coding == "identity") {
    return std::nullopt;
  }
  if (coding != "gzip" && coding != "x-gzip" && coding != "zstd") {
    Response out = Problem(415, "bodies may be packed by gzip or zstd, not by " + coding);
    out.Add("Accept-Encoding", "gzip, zstd");
    return out;
  }
  auto plain =
      codec::Decompress(coding == "zstd" ? codec::Compression::kZstd : codec::Compression::kGzip,
                        base::AsBytes(request.body), route.options.body_bytes);
  if (!plain) {
    return Problem(std::move(plain.error()).With("the packed body"));
  }
  request.body = *std::move(plain);
  return std::nullopt;
}

// `plain` as gzip: parts of some size, however small those of `plain` are.
BodyProducer Packing(BodyProducer plain) {
  constexpr size_t kPart = size_t{16} << 10;
  constexpr size_t kTurn = size_t{1} << 20;  // plain bytes for one part
  struct State {
    BodyProducer plain;
    codec::GzipStream gzip;
    std::string text;
  };
  const auto state = std::make_shared<State>();
  state->plain = std::move(plain);
  return [state](std::string& part) -> base::Result<bool> {
    for (size_t taken = 0; part.size() < kPart && taken < kTurn; taken += state->text.size()) {
      state->text.clear();
      SCANTLING_TRY(const bool more, state->plain(state->text));
      state->gzip.Write(base::AsBytes(state->text), part);
      if (!more) {
        state->gzip.Finish(part);
        return false;
      }
    }
    return true;
  };
}

// What `gzip` unpacks to, in parts.
BodyProducer Unpacking(std::string gzip) {
  constexpr size_t kPart = size_t{64} << 10;
  class Source : public codec::ByteSource {
   public:
    explicit Source(std::string text) : text_(std::move(text)) {}
    base::Result<size_t> Read(std::span<std::byte> into) override {
      const base::Bytes rest = base::AsBytes(text_).subspan(at_);
      const size_t count = std::min(into.size(), rest.size());
      std::copy_n(rest.begin(), count, into.begin());
      at_ += count;
      return count;
    }

   private:
    std::string text_;
    size_t at_ = 0;
  };
  struct State {
    explicit State(std::string text) : source(std::move(text)) {}
    Source source;
    std::unique_ptr<codec::ByteSource> plain;
  };
  const auto state = std::make_shared<State>(std::move(gzip));
  return [state](std::string& part) -> base::Result<bool> {
    if (state->plain == nullptr) {
      // It is our own: no bomb, whatever its ratio.
      base::Limits limits;
      limits.inflate_ratio = 2000;  // more than gzip has
      SCANTLING_TRY(state->plain,
                    codec::MakeInflater(codec::Compression::kGzip, state->source, limits));
    }
    part.resize(kPart);
    SCANTLING_TRY(const size_t count, state->plain->Read(std::as_writable_bytes(std::span(part))));
    part.resize(count);
    return count != 0;
  };
}

}  // namespace

Decision Decide(const Router& router, std::string_view target, Request& request) {
  Decision out;
  // The absolute form, which a client sends to a proxy (RFC 9112 3.2.2).
  if (const size_t scheme = target.find("://");
      scheme != std::string_view::npos && !target.starts_with('/')) {
    const size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  const size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (!request.path.starts_with('/')) {
    out.refusal = Problem(400, "the request's target is no path");
    return out;
  }
  if (mark != std::string_view::npos) {
    auto query = ParseQuery(target.substr(mark + 1));
    if (!query) {
      out.refusal = Problem(400, "the query has a bad percent escape or too many fields");
      return out;
    }
    request.query = *std::move(query);
  }
  Router::Match match = router.Find(request.method, request.path);
  if (match.route == nullptr) {
    if (match.allowed.empty()) {
      out.refusal = Problem(404, "there is nothing at this address");
      return out;
    }
    std::vector<std::string> allowed;
    for (const Method method : match.allowed) {
      allowed.emplace_back(ToString(method));
    }
    out.refusal =
        Problem(405, "this address does not take " + std::string(ToString(request.method)));
    out.refusal->Add("Allow", base::Join(allowed, ", "));
    return out;
  }
  out.route = match.route;
  request.route = match.route->pattern;
  request.secret_path = match.route->options.secret_path;
  request.parameters = std::move(match.parameters);
  return out;
}

Response Answer(const Route& route, Request& request) {
  try {
    if (auto refusal = Unpack(route, request)) {
      return *std::move(refusal);
    }
    return route.handler(request);
  } catch (const std::exception& error) {  // out of memory for one request, or a library's throw
    Response out = Problem(500, "this request met an error inside the server", "internal");
    out.log = error.what();
    return out;
  }
}

Finished Finish(const Request& request, Response response, const Wire& wire) {
  Finished out;
  NameRequest(request, response);
  const bool get = request.method == Method::kGet || request.method == Method::kHead;
  if (response.Header("Cache-Control").empty()) {
    response.Add("Cache-Control", get && response.status == 200 ? "private, no-cache" : "no-store");
  }
  const bool kept = get && response.status == 200 &&
                    response.Header("Cache-Control").find("no-store") == std::string_view::npos;
  const bool was_packed = !response.packed.empty();
  if (was_packed) {
    response.Set("Vary", "Accept-Encoding");
    response.Set("ETag", MakeTag(response.packed));
    if (kept && TagMatches(request.Header("If-None-Match"), response.Header("ETag"))) {
      response.status = 304;
    } else if (AcceptsCoding(request.Header("Accept-Encoding"), "gzip")) {
      response.body = std::move(response.packed);
      response.Add("Content-Encoding", "gzip");
    } else {
      response.stream = Unpacking(std::move(response.packed));
    }
  } else if (kept && !response.stream) {
    if (response.Header("ETag").empty()) {
      response.Add("ETag", MakeTag(response.body));
    }
    if (TagMatches(request.Header("If-None-Match"), response.Header("ETag"))) {
      response.status = 304;
      response.body.clear();
    }
  }
  const bool empty = response.status == 304 || response.status == 204;
  const bool packs = response.stream != nullptr || response.body.size() > kPackAbove;
  if (!empty && packs && !was_packed && response.Header("Content-Encoding").empty() &&
      IsText(response.Header("Content-Type"))) {
    response.Set("Vary", "Accept-Encoding");
    if (AcceptsCoding(request.Header("Accept-Encoding"), "gzip")) {
      response.Add("Content-Encoding", "gzip");
      if (response.stream) {
        response.stream = Packing(std::move(response.stream));
      } else {
        response.body = codec::Compress(codec::Compression::kGzip, base::AsBytes(response.body));
      }
    }
  }
  if (response.stream && wire.http_1_0) {
    out.keep_alive = false;
  } else {
    out.keep_alive = wire.keep_alive && response.Header("Connection") != "close";
  }
  std::string& head = out.head;
  head.reserve(768);
  head += wire.http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += ReasonPhrase(response.status);
  head += "\r\nDate: ";
  head += base::FormatHeaderTime(wire.now / 1000, "GMT");
  head +=
      "\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
      "Referrer-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\nContent-Security-Policy: ";
  head += kContentSecurityPolicy;
  if (request.tls) {
    head += "\r\nStrict-Transport-Security: max-age=31536000";
  }
  for (const auto& [name, value] : response.headers) {
    if (name == "Connection") {
      continue;  // ours to say
    }
    head += "\r\n";
    head += name;
    head += ": ";
    head += value;
  }
  if (response.stream) {
    if (!wire.http_1_0) {
      head += "\r\nTransfer-Encoding: chunked";
    }
  } else if (!empty) {
    head += "\r\nContent-Length: ";
    head += std::to_string(response.body.size());
  }
  if (!out.keep_alive) {
    head += "\r\nConnection: close";
  } else if (wire.http_1_0) {
    head += "\r\nConnection: keep-alive";
  }
  head += "\r\n\r\n";
  if (request.method != Method::kHead && !empty) {
    out.body = std::move(response.body);
    out.stream = std::move(response.stream);
  }
  return out;
}

}  // namespace scantling::server::http
