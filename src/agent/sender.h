// Sends what a ledger holds to the server: POST /api/v1/running.
//
// First a snapshot, then changes within a second of the first of them, and a snapshot every
// interval as a sign of life. While the server cannot be reached or refuses, the ledger holds what
// changes; pauses grow up to a minute; then a snapshot follows, with the ends that were missed.
// Single thread; Send and Run are for one thread at a time.
#pragma once

#include "agent/ledger.h"
#include "agent/server_call.h"
#include "agent/source.h"
#include "base/result.h"
#include "net/http_client.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace scantling::agent {

// What the server answered.
struct Outcome {
  uint64_t started = 0;
  uint64_t ended = 0;
  uint64_t running = 0;
  std::vector<std::string> unscanned;  // digests that nobody scanned yet
};
base::Result<Outcome> ParseOutcome(std::string_view json);

class Sender {
 public:
  struct Pace {
    std::chrono::milliseconds interval{60'000};
    std::chrono::milliseconds batch{500};  // how long changes are collected
    int64_t first_pause_ms = 1'000;
    int64_t longest_pause_ms = 60'000;
  };
  Sender(const net::HttpClient& client, const World& world, ServerAddress server, Reporter reporter,
         Pace pace);

  // One message. Errors are in words, and what the server says of itself is in them.
  base::Result<Outcome> Send(const std::string& body, const std::stop_token& stop);
  // Until it is stopped.
  void Run(Ledger& ledger, const std::stop_token& stop);

 private:
  const net::HttpClient& client_;
  const World& world_;
  ServerAddress server_;
  Reporter reporter_;
  Pace pace_;
  int64_t retry_after_ms_ = 0;  // what the last refusal asked for
};

}  // namespace scantling::agent
