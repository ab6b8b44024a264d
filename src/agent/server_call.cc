// See server_call.h.
#include "agent/server_call.h"

#include "base/file.h"
#include "base/strings.h"
#include "codec/json.h"
#include "net/url.h"

#include <chrono>

namespace scantling::agent {
namespace {

constexpr uint64_t kMaxAnswerBytes = uint64_t{4} << 20;
constexpr uint64_t kMaxTokenBytes = 16 << 10;
constexpr size_t kMaxDetail = 300;

// What a refusal says of itself: problem details (RFC 9457), else nothing.
std::string Detail(const std::string& body) {
  codec::Json parser;
  const auto root = parser.Parse(body, kMaxAnswerBytes);
  if (!root) {
    return "";
  }
  for (const std::string_view key : {"detail", "title", "message", "error"}) {
    if (const std::string_view text = (*root)[key].Text(); !text.empty()) {
      return ": " + base::ToUtf8(text.substr(0, kMaxDetail));
    }
  }
  return "";
}

std::string Advice(int status) {
  switch (status) {
    case 401:
      return " (is the token right, and has it not expired?)";
    case 403:
      return " (the token may not do this: it wants the scope submit)";
    case 404:
      return " (is this the address of a Scantling server?)";
    default:
      return "";
  }
}

}  // namespace

base::Result<net::HttpRequest> PostTo(const ServerAddress& server, std::string_view path,
                                      std::string body) {
  SCANTLING_TRY(const net::Url url, net::ParseUrl(server.url));
  net::HttpRequest request;
  request.method = "POST";
  request.url = url.ToString();
  while (request.url.ends_with('/')) {
    request.url.pop_back();
  }
  request.url += path;
  request.headers.Set("Content-Type", "application/json");
  request.headers.Set("Accept", "application/json");
  std::string token = server.token;
  if (token.empty() && !server.token_file.empty()) {
    SCANTLING_TRY(token, base::ReadFile(server.token_file, kMaxTokenBytes).With("the token"));
    token = base::Trim(token);
  }
  if (!token.empty()) {
    request.headers.Set("Authorization", "Bearer " + token);
  }
  request.body = std::move(body);
  request.ca_file = server.ca_file;
  request.timeouts.low_speed = std::chrono::milliseconds(60'000);
  request.timeouts.total = std::chrono::milliseconds(300'000);
  request.max_response_bytes = kMaxAnswerBytes;
  request.max_redirects = 0;
  return request;
}

base::Error Refusal(const net::HttpRequest& request, const net::HttpResponse& response) {
  const auto url = net::ParseUrl(request.url);
  return {base::ErrorCode::kIo, (url ? url->Origin() : std::string("the server")) + " answers " +
                                    std::to_string(response.status) + Detail(response.body) +
                                    Advice(response.status)};
}

}  // namespace scantling::agent
