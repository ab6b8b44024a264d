// Outbound HTTP/1.1 and HTTP/2 over TCP, TLS and unix sockets, by libcurl (7.85 or newer), which is
// opened with dlopen at the first call: a program that calls nobody does not load it.
//
// Errors are in words with the host's name, and never carry credentials, paths or queries. Codes:
// kIo = the network (refused, reset, too slow: another try may do better), kNotFound = the host's
// name is unknown, kMismatch = the TLS certificate is not trusted or not the host's, kInvalid = the
// request or the answer is not HTTP, kLimit = the answer is too large, kUsage = the address policy
// refused, or it was cancelled, kUnsupported = no libcurl.
//
// An HTTP status is no error: it is the answer. Not handled: WebSocket, HTTP/3, NTLM, cookies.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "net/address_policy.h"
#include "net/http.h"

#include <functional>
#include <memory>
#include <string>

namespace scantling::net {

struct ClientOptions {
  // Of every connection that this client opens. With a policy that restricts, no proxy is used: the
  // proxy, and not we, would resolve the name.
  AddressPolicy policy = AddressPolicy::Any();
  std::string user_agent = "scantling";
};

// An answer whose body is pulled: nothing is read from the connection before it is asked for, so
// that a slow reader slows the sender. Outlives neither its client nor the request's reader.
// Single thread at a time.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  virtual int status() const = 0;
  virtual const Headers& headers() const = 0;
  virtual const std::string& url() const = 0;  // after redirects
  // 0 = the end. A body that ends before its length is an error.
  virtual base::Result<size_t> Read(std::span<std::byte> into) = 0;
  // Complete after Read gave 0.
  virtual const Headers& trailers() const = 0;
};

// Thread-safe; connections are kept and used again.
class HttpClient {
 public:
  explicit HttpClient(ClientOptions options = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The whole answer.
  base::Result<HttpResponse> Send(const HttpRequest& request) const;

  // The body in pieces as they come. `on_chunk` may end the exchange with an error, which is then
  // the result. The response's body is empty; on_chunk is called for every status.
  using OnChunk = std::function<base::Result<void>(const HttpResponse& so_far, base::Bytes chunk)>;
  base::Result<HttpResponse> Send(const HttpRequest& request, const OnChunk& on_chunk) const;

  // Returns when the header is there. max_response_bytes holds for what is read.
  base::Result<std::unique_ptr<HttpStream>> Open(const HttpRequest& request) const;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace scantling::net
