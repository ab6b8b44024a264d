// The HTTP/1.1 server (RFC 9112) over Boost.Asio and Beast, which only server.cc includes. TLS by
// OpenSSL. HTTP/2 is left to a reverse proxy.
//
// Each I/O thread has connections of its own; handlers run on the workers, unless their route says
// otherwise. One deadline holds for a request's header and body together, so that a slow drip ends;
// waiting for the next request and for the client to take the answer have deadlines of their own.
// Every answer carries security headers; errors are problem details. Thread-safe.
#pragma once

#include "base/result.h"
#include "server/http/router.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::server::http {

struct TlsFiles {
  std::string certificate;  // PEM, chain included; "" = no TLS
  std::string key;          // PEM
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // or "::1", "0.0.0.0", ...
  uint16_t port = 0;                  // 0 = any free one
  TlsFiles tls;
  unsigned io_threads = 2;
  unsigned workers = 8;
  uint32_t max_connections = 20'000;
  uint32_t max_waiting = 1'000;  // requests for a worker; more are answered 503
  uint32_t header_bytes = 16 * 1024;
  std::chrono::milliseconds request_time{30'000};  // header and body, from the first byte
  std::chrono::milliseconds idle_time{75'000};     // until the next request
  std::chrono::milliseconds write_time{30'000};    // for each part of an answer
  std::chrono::milliseconds handshake_time{10'000};
  std::vector<std::string> trusted_proxies;   // addresses whose X-Forwarded-For and -Proto count
  std::function<int64_t()> now;               // milliseconds since 1970; required
  std::function<void(std::string_view)> log;  // one JSON object without a newline; may be empty
};

struct ServerCounts {
  uint64_t requests = 0;
  uint64_t connections = 0;  // open now
  uint64_t refused = 0;      // connections over the limit, requests without a worker
  uint64_t timeouts = 0;
};

class Server {
 public:
  // Binds, listens and starts its threads. The router is borrowed and must not change any more.
  static base::Result<std::unique_ptr<Server>> Start(ServerOptions options, const Router& router);
  ~Server();  // Stop(0)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  uint16_t port() const;
  std::string url() const;  // "http://127.0.0.1:8080"
  // Reads the certificate and key anew, for connections from now on; with an error the old ones
  // stay.
  base::Result<void> ReloadTls();
  // No new connections; idle ones are closed, running requests end, at most for `patience`.
  void Stop(std::chrono::milliseconds patience);
  ServerCounts Counts() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Raises the limit of open files to what the system allows; the new limit.
uint64_t RaiseFileLimit();

}  // namespace scantling::server::http
