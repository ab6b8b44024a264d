#include "cli/post.h"

#include "base/file.h"
#include "base/strings.h"
#include "cli/terminal.h"
#include "codec/compress.h"
#include "codec/json.h"
#include "net/http_client.h"
#include "net/url.h"

#include <chrono>

namespace scantling::cli {

std::string PercentEncode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

base::Result<std::string> PostToServer(const Settings& settings, const std::string& server,
                                       std::string_view path, std::string body) {
  std::string token = settings.token;
  if (token.empty() && !settings.token_file.empty()) {
    SCANTLING_TRY(token, base::ReadFile(settings.token_file, 4096));
    token = base::Trim(token);
  }
  if (token.empty()) {
    return base::Error(base::ErrorCode::kUsage,
                       "a token of the server is wanted: SCANTLING_TOKEN or --token-file FILE; it "
                       "is made there under Settings, with the scope submit");
  }
  net::HttpRequest request;
  request.method = "POST";
  request.url = server;
  while (request.url.ends_with("/")) {
    request.url.pop_back();
  }
  request.url += path;
  request.headers.Set("Authorization", "Bearer " + token);
  request.headers.Set("Content-Type", "application/json");
  if (body.size() > 4096) {
    body = codec::Compress(codec::Compression::kGzip, base::AsBytes(body));
    request.headers.Set("Content-Encoding", "gzip");
  }
  request.body = std::move(body);
  request.ca_file = settings.ca_file;
  request.max_redirects = 0;
  request.timeouts.total = std::chrono::minutes(5);
  const net::HttpClient client;
  SCANTLING_TRY(const net::HttpResponse response, client.Send(request).With(server));
  if (response.status >= 200 && response.status < 300) {
    return response.body;
  }
  codec::Json parser;
  const auto problem = parser.Parse(response.body);
  const std::string detail = problem && !(*problem)["detail"].Text().empty()
                                 ? base::ToUtf8((*problem)["detail"].Text())
                                 : "no reason was given";
  return base::Error(base::ErrorCode::kIo,
                     server + " answered " + std::to_string(response.status) + ": " + detail);
}

}  // namespace scantling::cli
