// See sender.h.
#include "agent/sender.h"

#include "base/file.h"
#include "base/strings.h"
#include "codec/json.h"
#include "net/retry.h"
#include "net/url.h"

#include <algorithm>

namespace scantling::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kMaxAnswerBytes = uint64_t{4} << 20;
constexpr uint64_t kMaxTokenBytes = 16 << 10;
constexpr size_t kMaxDetail = 300;
constexpr size_t kMaxUnscanned = 1000;

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
      return " (the token may not report what runs)";
    case 404:
      return " (is this the address of a Scantling server?)";
    default:
      return "";
  }
}

}  // namespace

base::Result<Outcome> ParseOutcome(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, kMaxAnswerBytes));
  if (!root.IsObject() || !root["running"].Int()) {
    return base::Invalid("the answer is not a Scantling server's");
  }
  const auto count = [&root](std::string_view key) {
    return static_cast<uint64_t>(std::max<int64_t>(root[key].Int().value_or(0), 0));
  };
  Outcome out;
  out.started = count("started");
  out.ended = count("ended");
  out.running = count("running");
  root["unscanned"].ForEach([&out](codec::JsonValue value) {
    out.unscanned.emplace_back(value.Text());
    return out.unscanned.size() < kMaxUnscanned;
  });
  return out;
}

Sender::Sender(const net::HttpClient& client, const World& world, ServerAddress server,
               Reporter reporter, Pace pace)
    : client_(client),
      world_(world),
      server_(std::move(server)),
      reporter_(std::move(reporter)),
      pace_(pace) {}

base::Result<Outcome> Sender::Send(const std::string& body, const std::stop_token& stop) {
  retry_after_ms_ = 0;
  SCANTLING_TRY(const net::Url url, net::ParseUrl(server_.url));
  net::HttpRequest request;
  request.method = "POST";
  std::string base = url.ToString();
  while (base.ends_with('/')) {
    base.pop_back();
  }
  request.url = base + "/api/v1/running";
  request.headers.Set("Content-Type", "application/json");
  request.headers.Set("Accept", "application/json");
  std::string token = server_.token;
  if (token.empty() && !server_.token_file.empty()) {
    SCANTLING_TRY(token, base::ReadFile(server_.token_file, kMaxTokenBytes).With("the token"));
    token = base::Trim(token);
  }
  if (!token.empty()) {
    request.headers.Set("Authorization", "Bearer " + token);
  }
  request.body = body;
  request.ca_file = server_.ca_file;
  request.timeouts.low_speed = std::chrono::milliseconds(60'000);
  request.timeouts.total = std::chrono::milliseconds(300'000);
  request.max_response_bytes = kMaxAnswerBytes;
  request.max_redirects = 0;
  request.stop = stop;
  SCANTLING_TRY(const net::HttpResponse response, client_.Send(request));
  if (response.status < 200 || response.status > 299) {
    if (const auto after = response.headers.Find("retry-after")) {
      net::RetryPolicy policy;
      policy.now = [this] { return world_.now() / 1000; };
      if (const auto asked = net::ParseRetryAfter(*after, policy)) {
        retry_after_ms_ = std::min<int64_t>(asked->count(), 10 * pace_.longest_pause_ms);
      }
    }
    return base::Error(base::ErrorCode::kIo, url.Origin() + " answers " +
                                                 std::to_string(response.status) +
                                                 Detail(response.body) + Advice(response.status));
  }
  return ParseOutcome(response.body).With(url.Origin());
}

void Sender::Run(Ledger& ledger, const std::stop_token& stop) {
  Trouble trouble(world_, "the server");
  Backoff backoff(world_, pace_.first_pause_ms, pace_.longest_pause_ms);
  bool snapshot_due = true;
  Clock::time_point next_snapshot = Clock::now();
  uint64_t dropped = 0;
  bool told = false;
  while (!stop.stop_requested()) {
    const Clock::time_point now = Clock::now();
    if (!snapshot_due && now >= next_snapshot) {
      snapshot_due = true;
    }
    const Ledger::State state = ledger.state();
    if (snapshot_due && !state.in_step) {
      // After a snapshot was due changes are not sent on their own: it will hold them.
      ledger.Wait(Ledger::Until::kInStep, now + std::chrono::hours(1), stop);
      continue;
    }
    if (!snapshot_due && !state.changed) {
      ledger.Wait(Ledger::Until::kChanges, next_snapshot, stop);
      continue;
    }
    if (!snapshot_due && !net::Pause(pace_.batch, stop)) {
      return;
    }
    auto taken = ledger.Take(
        reporter_, snapshot_due ? Ledger::What::kSnapshot : Ledger::What::kChanges, world_.now());
    if (!taken) {
      continue;  // the source fell out of step in between
    }
    const auto outcome = Send(taken->body, stop);
    if (stop.stop_requested()) {
      return;
    }
    if (!outcome) {
      trouble.Is(outcome.error().Message());
      snapshot_due = true;
      taken.reset();  // nothing large is held while we wait
      if (!net::Pause(net::Milliseconds(std::max(backoff.Next(), retry_after_ms_)), stop)) {
        return;
      }
      continue;
    }
    trouble.Over();
    backoff.Reset();
    ledger.Acknowledge(taken->revision);
    if (snapshot_due) {
      snapshot_due = false;
      next_snapshot = Clock::now() + pace_.interval;
    }
    if (!told) {
      told = true;
      world_.say("the server knows " + std::to_string(outcome->running) +
                 " running copies of this reporter; " + std::to_string(outcome->unscanned.size()) +
                 " of their images are not scanned");
    }
    if (const uint64_t ends = ledger.dropped_ends(); ends != dropped) {
      world_.say(std::to_string(ends - dropped) +
                 " ends of copies were not kept while the server was away: the snapshot ends them, "
                 "with its own time");
      dropped = ends;
    }
  }
}

}  // namespace scantling::agent
