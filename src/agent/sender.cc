// See sender.h.
#include "agent/sender.h"

#include "base/strings.h"
#include "codec/json.h"
#include "net/retry.h"

#include <algorithm>

namespace scantling::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kMaxAnswerBytes = uint64_t{4} << 20;
constexpr size_t kMaxUnscanned = 1000;

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
  SCANTLING_TRY(net::HttpRequest request, PostTo(server_, "/api/v1/running", body));
  request.stop = stop;
  SCANTLING_TRY(const net::HttpResponse response, client_.Send(request));
  if (!IsAccepted(response)) {
    if (const auto after = response.headers.Find("retry-after")) {
      net::RetryPolicy policy;
      policy.now = [this] { return world_.now() / 1000; };
      if (const auto asked = net::ParseRetryAfter(*after, policy)) {
        retry_after_ms_ = std::min<int64_t>(asked->count(), 10 * pace_.longest_pause_ms);
      }
    }
    return Refusal(request, response);
  }
  return ParseOutcome(response.body).With(server_.url);
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
