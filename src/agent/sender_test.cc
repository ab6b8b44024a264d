#include "agent/sender.h"

#include "agent/run.h"
#include "codec/json.h"
#include "net/test_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>

namespace scantling::agent {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Answer(const std::string& status, const std::string& body,
                   const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string kOk =
    Answer("200 OK", R"({"started":1,"ended":0,"running":1,"unscanned":["sha256:aa"]})");

Copy Named(const std::string& uid) {
  Copy out;
  out.uid = uid;
  return out;
}

// A world whose lines are kept.
struct Watched {
  std::mutex mutex;
  std::vector<std::string> lines;
  World world{[] { return Millis{1'700'000'000'000}; }, [] { return 0.5; },
              [this](std::string_view line) {
                const std::lock_guard lock(mutex);
                lines.emplace_back(line);
              }};
};

Sender::Pace Quick() {
  Sender::Pace out;
  out.batch = std::chrono::milliseconds(1);
  out.first_pause_ms = 1;
  out.longest_pause_ms = 4;
  return out;
}

// Answers with the given texts one after another, then with kOk; stops once `enough` came.
struct Exchange {
  explicit Exchange(std::deque<std::string> first, size_t enough)
      : answers(std::move(first)), server([this, enough](const std::string& request) {
          const std::lock_guard lock(mutex);
          bodies.push_back(request.substr(request.find("\r\n\r\n") + 4));
          std::string out = kOk;
          if (!answers.empty()) {
            out = answers.front();
            answers.pop_front();
          }
          if (bodies.size() >= enough) {
            stop.request_stop();
          }
          return out;
        }) {}
  std::mutex mutex;
  std::deque<std::string> answers;
  std::vector<std::string> bodies;
  std::stop_source stop;
  net::TestServer server;
};

std::string TypeOf(const std::string& body) {
  codec::Json parser;
  const auto root = parser.Parse(body);
  return root ? std::string((*root)["type"].Text()) : "no JSON";
}

TEST(Sender, SendsWithItsToken) {
  const net::TestServer server([](const std::string&) { return kOk; });
  const net::HttpClient client;
  Watched watched;
  Sender sender(client, watched.world, {.url = server.Url("/below/"), .token = "sct_abc"}, {}, {});
  const auto outcome = sender.Send("{}", {});
  ASSERT_TRUE(outcome) << outcome.error().Message();
  EXPECT_EQ(outcome->running, 1);
  EXPECT_THAT(outcome->unscanned, ElementsAre("sha256:aa"));
  EXPECT_THAT(server.requests()[0], testing::StartsWith("POST /below/api/v1/running HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests()[0], HasSubstr("Authorization: Bearer sct_abc\r\n"));
  EXPECT_THAT(server.requests()[0], testing::EndsWith("\r\n\r\n{}"));
}

TEST(Sender, RefusalsAreSaidInTheServersWords) {
  std::string next;
  const net::TestServer server([&](const std::string&) { return next; });
  const net::HttpClient client;
  Watched watched;
  Sender sender(client, watched.world, {.url = server.Url("/"), .token = "sct_secret"}, {}, {});
  for (const auto& [answer, want] : std::vector<std::pair<std::string, std::string>>{
           {Answer("401 No", R"({"detail":"the token has expired"})"),
            "answers 401: the token has expired (is the token right"},
           {Answer("503 Away", "<html>"), "answers 503"},
           {Answer("200 OK", "<html>"), "http://127.0.0.1"},
           {Answer("200 OK", "{}"), "not a Scantling server"}}) {
    next = answer;
    const auto outcome = sender.Send("{}", {});
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().Message(), HasSubstr(want));
    EXPECT_THAT(outcome.error().Message(), Not(HasSubstr("sct_secret")));
  }
}

TEST(Sender, ASnapshotThenChanges) {
  Exchange exchange({}, 2);
  const net::HttpClient client;
  Watched watched;
  Sender sender(client, watched.world, {.url = exchange.server.Url("/")},
                {"host one", "host", "", "", 60}, Quick());
  Ledger ledger;
  ledger.Replace({Named("a")}, 1);
  const std::jthread later([&] {
    while (ledger.state().changed && !exchange.stop.stop_requested()) {
      std::this_thread::yield();
    }
    ledger.Put(Named("b"), 2);
  });
  sender.Run(ledger, exchange.stop.get_token());
  ASSERT_EQ(exchange.bodies.size(), 2);
  EXPECT_EQ(TypeOf(exchange.bodies[0]), "snapshot");
  EXPECT_EQ(TypeOf(exchange.bodies[1]), "changes");
  EXPECT_THAT(exchange.bodies[1], Not(HasSubstr("\"uid\":\"a\"")));
  EXPECT_THAT(exchange.bodies[1], HasSubstr("\"uid\":\"b\""));
}

TEST(Sender, AServerThatIsAwayGetsASnapshotAfterwards) {
  const std::string away = Answer("503 Away", "{}");
  Exchange exchange({away, away, away}, 4);
  const net::HttpClient client;
  Watched watched;
  Sender sender(client, watched.world, {.url = exchange.server.Url("/")},
                {"host one", "host", "", "", 60}, Quick());
  Ledger ledger;
  ledger.Replace({Named("a")}, 1);
  ledger.Put(Named("short"), 2);
  ledger.Remove("short", 3);
  sender.Run(ledger, exchange.stop.get_token());
  ASSERT_EQ(exchange.bodies.size(), 4);
  EXPECT_EQ(TypeOf(exchange.bodies[3]), "snapshot");
  EXPECT_THAT(exchange.bodies[3], HasSubstr("\"uid\":\"a\""));
  EXPECT_THAT(exchange.bodies[3], HasSubstr("\"gone\":[{\"uid\":\"short\""));
  const std::lock_guard lock(watched.mutex);
  EXPECT_EQ(std::count_if(watched.lines.begin(), watched.lines.end(),
                          [](const std::string& line) {
                            return line.find("answers 503") != std::string::npos;
                          }),
            1);
}

TEST(Sender, ASignOfLifeEveryInterval) {
  Exchange exchange({}, 3);
  const net::HttpClient client;
  Watched watched;
  Sender::Pace pace = Quick();
  pace.interval = std::chrono::milliseconds(20);
  Sender sender(client, watched.world, {.url = exchange.server.Url("/")}, {"r", "host", "", "", 60},
                pace);
  Ledger ledger;
  ledger.Replace({}, 1);
  sender.Run(ledger, exchange.stop.get_token());
  for (const std::string& body : exchange.bodies) {
    EXPECT_EQ(TypeOf(body), "snapshot");
  }
}

TEST(Trouble, IsSaidOnceAndWhenItIsOver) {
  Watched watched;
  Trouble trouble(watched.world, "x");
  trouble.Is("cut");
  trouble.Over();  // a cut that mends at once is no news
  trouble.Is("away");
  trouble.Is("away");
  trouble.Is("away");
  trouble.Over();
  trouble.Over();
  EXPECT_THAT(watched.lines, ElementsAre("x: away; it is tried again", "x: works again"));
}

TEST(Backoff, GrowsToItsEnd) {
  Watched watched;
  Backoff backoff(watched.world, 100, 350);
  EXPECT_EQ(backoff.Next(), 75);
  EXPECT_EQ(backoff.Next(), 150);
  EXPECT_EQ(backoff.Next(), 262);
  EXPECT_EQ(backoff.Next(), 262);
  backoff.Reset();
  EXPECT_EQ(backoff.Next(), 75);
}

}  // namespace
}  // namespace scantling::agent
