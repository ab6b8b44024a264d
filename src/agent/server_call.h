// A request to a Scantling server: where it is, who asks, and what a refusal says. For everything
// on the client's side: the agents, `scan --submit`, `record`.
#pragma once

#include "base/result.h"
#include "net/http_client.h"

#include <string>
#include <string_view>

namespace scantling::agent {

struct ServerAddress {
  std::string url;              // "https://scantling.example.org", a path before /api is kept
  std::string token = {};       // "sct_..."; "" = none
  std::string token_file = {};  // read before each request, when `token` is empty
  std::string ca_file = {};
};

// POST of JSON to `path` ("/api/v1/running"). An error when the URL is none or the token cannot be
// read.
base::Result<net::HttpRequest> PostTo(const ServerAddress& server, std::string_view path,
                                      std::string body);
// What is wrong, in the server's own words and with what to look at, for any status but 2xx.
base::Error Refusal(const net::HttpRequest& request, const net::HttpResponse& response);
inline bool IsAccepted(const net::HttpResponse& response) {
  return response.status >= 200 && response.status <= 299;
}

}  // namespace scantling::agent
