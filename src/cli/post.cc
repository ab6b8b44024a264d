// See post.h.
#include "cli/post.h"

#include "agent/server_call.h"
#include "codec/compress.h"
#include "net/http_client.h"

namespace scantling::cli {
namespace {

constexpr size_t kWorthPacking = 4096;

}  // namespace

base::Result<std::string> PostToServer(const Settings& settings, const std::string& server,
                                       std::string_view path, std::string body) {
  if (settings.token.empty() && settings.token_file.empty()) {
    return base::Error(base::ErrorCode::kUsage,
                       "a token of the server is wanted: SCANTLING_TOKEN or --token-file FILE; it "
                       "is made there under Settings, with the scope submit");
  }
  SCANTLING_TRY(net::HttpRequest request,
                agent::PostTo({server, settings.token, settings.token_file, settings.ca_file}, path,
                              std::move(body)));
  if (request.body.size() > kWorthPacking) {
    request.body = codec::Compress(codec::Compression::kGzip, base::AsBytes(request.body));
    request.headers.Set("Content-Encoding", "gzip");
  }
  const net::HttpClient client;
  SCANTLING_TRY(const net::HttpResponse response, client.Send(request).With(server));
  if (!agent::IsAccepted(response)) {
    return agent::Refusal(request, response);
  }
  return response.body;
}

}  // namespace scantling::cli
