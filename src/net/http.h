// What an HTTP exchange is made of: a request, the fields of an answer. Plain values; http_client.h
// sends them.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::net {

using Milliseconds = std::chrono::milliseconds;

// Fields in the order in which they came; names are compared without regard to case.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  void Add(std::string_view name, std::string_view value);
  void Set(std::string_view name, std::string_view value);  // replaces all of that name
  void Remove(std::string_view name);
  // The first of that name.
  std::optional<std::string_view> Find(std::string_view name) const;
  std::string_view Text(std::string_view name) const { return Find(name).value_or(""); }
  std::vector<std::string_view> All(std::string_view name) const;
  const std::vector<Field>& fields() const { return fields_; }
  void Clear() { fields_.clear(); }

 private:
  std::vector<Field> fields_;
};

// All have a default that suits a call over the Internet; zero switches a limit off.
struct Timeouts {
  Milliseconds connect{10'000};  // name, connection and TLS
  Milliseconds total{0};         // from the start to the last byte
  // Of the time in which we wait for bytes: fewer than low_speed_bytes within low_speed is an
  // error. A reader that takes its time is not counted.
  Milliseconds low_speed{30'000};
  uint64_t low_speed_bytes = 1;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  // In place of `body`: fills at most the span, 0 = the end. A request with a reader is sent once:
  // it follows no redirect that wants the body again, and is not retried.
  std::function<base::Result<size_t>(std::span<std::byte>)> body_reader;
  std::optional<uint64_t> body_bytes;  // the reader's length, where it is known

  std::string unix_socket;  // path; the URL's host is then a name only ("http://localhost/...")
  Timeouts timeouts;
  uint64_t max_response_bytes = uint64_t{64} << 20;  // after decompression; 0 = no limit
  // Redirects followed. Credentials (Authorization, Cookie, Proxy-Authorization) do not go along to
  // another origin, and https never goes back to http.
  unsigned max_redirects = 5;
  bool accept_compressed = false;      // gzip, br, zstd are asked for and unpacked
  bool http2_prior_knowledge = false;  // HTTP/2 without TLS: gRPC over unix sockets

  std::string ca_file;  // PEM, in addition to the system's
  std::string client_certificate;
  std::string client_key;
  bool insecure = false;  // the server's certificate is not checked
  bool use_proxy = true;  // HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, as curl does

  // Ends the exchange from another thread, within milliseconds.
  std::stop_token stop;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  Headers trailers;  // after the body: gRPC's status
  std::string body;
  std::string url;  // after redirects
};

// Is the status one that a later try may better (429, 500, 502, 503, 504, 408)?
bool IsTransientStatus(int status);

}  // namespace scantling::net
