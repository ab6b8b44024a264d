// The server over real sockets on loopback.
#include "server/http/server.h"

#include "base/bytes.h"
#include "base/file.h"
#include "codec/compress.h"
#include "codec/inflate.h"
#include "codec/json.h"
#include "server/http/static_files.h"
#include "server/http/test_client.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

namespace scantling::server::http {
namespace {

using scantling::testing::Answer;
using scantling::testing::TestClient;

constexpr int64_t kNow = 1'795'543'836'000;  // 2026-11-24T18:10:36Z

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    router_.Add(Method::kGet, "/hello", [](const Request&) { return Response::Text("hello"); },
                {.where = RouteOptions::Where::kInline});
    router_.Add(Method::kGet, "/long",
                [](const Request&) { return Response::Json("[" + std::string(5000, ' ') + "]"); });
    router_.Add(Method::kPost, "/echo",
                [](const Request& request) { return Response::Text(request.body); },
                {.body_bytes = 4096});
    router_.Add(Method::kGet, "/rows", [](const Request& request) {
      const int count = std::atoi(std::string(request.Query("n")).c_str());
      const bool breaks = request.HasQuery("breaks");
      return Response::Stream(
          "text/csv", [count, breaks, i = 0](std::string& part) mutable -> base::Result<bool> {
            if (breaks && i == 2) {
              return base::Invalid("the table is torn");
            }
            part = "row " + std::to_string(i) + "\n";
            return ++i < count;
          });
    });
    router_.Add(Method::kGet, "/peer", [](const Request& request) {
      return Response::Text(request.peer + (request.tls ? " tls" : " plain"));
    });
    router_.Add(Method::kGet, "/slow", [this](const Request&) {
      started_.set_value();
      release_.get_future().wait();
      return Response::Text("done");
    });
    router_.Add(Method::kGet, "/throws",
                [](const Request&) { return Response::Text(std::string(1, std::string().at(7))); });
    router_.Add(Method::kGet, "/secret/{token}",
                [](const Request&) { return Response::NoContent(); }, {.secret_path = true});
    options_.now = [] { return kNow; };
    options_.log = [this](std::string_view line) {
      const std::lock_guard lock(log_mutex_);
      log_.emplace_back(line);
    };
    options_.workers = 2;
  }

  Server& Start() {
    auto started = Server::Start(options_, router_);
    if (!started) {
      ADD_FAILURE() << started.error().Message();
      std::abort();
    }
    server_ = *std::move(started);
    return *server_;
  }
  TestClient Client(SSL_CTX* tls = nullptr) {
    if (server_ == nullptr) {
      Start();
    }
    return TestClient(server_->port(), tls);
  }
  // Waits until so many lines were logged: a line is written after its answer was sent.
  std::vector<std::string> Log(size_t count) {
    for (int i = 0; i < 12'000; ++i) {
      {
        const std::lock_guard lock(log_mutex_);
        if (log_.size() >= count) {
          return log_;
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
  }

  Router router_;
  ServerOptions options_;
  std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::promise<void> started_;
  std::promise<void> release_;
  std::atomic<uint64_t> made_ = 0;  // bytes of an endless answer
  std::unique_ptr<Server> server_;  // ends first
};

TEST_F(ServerTest, AnswersARouteAndKeepsTheConnection) {
  TestClient client = Client();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.Get("/hello");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->Header("Date"), "Tue, 24 Nov 2026 18:10:36 GMT");
    EXPECT_EQ(answer->Header("X-Content-Type-Options"), "nosniff");
    EXPECT_NE(answer->Header("Content-Security-Policy").find("default-src 'self'"),
              std::string::npos);
    EXPECT_NE(answer->Header("Content-Security-Policy").find("frame-ancestors 'none'"),
              std::string::npos);
    EXPECT_EQ(answer->Header("Strict-Transport-Security"), "");
    EXPECT_EQ(answer->Header("Access-Control-Allow-Origin"), "");
  }
}

TEST_F(ServerTest, ProblemsAreProblemDetailsWithTheRequestsId) {
  TestClient client = Client();
  const auto answer = client.Get("/nothing");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->Header("Content-Type"), "application/problem+json");
  codec::Json json;
  const auto root = json.Parse(answer->body);
  ASSERT_TRUE(root) << answer->body << root.error().Message();
  EXPECT_EQ((*root)["status"].Int(), 404);
  EXPECT_EQ((*root)["title"].Text(), "Not Found");
  EXPECT_EQ((*root)["type"].Text(), "about:blank");
  const std::string instance((*root)["instance"].Text());
  ASSERT_TRUE(instance.starts_with("urn:scantling:request:"));
  const auto log = Log(1);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("\"id\":\"" + instance.substr(22) + "\""), std::string::npos) << log[0];
  EXPECT_NE(log[0].find("\"status\":404"), std::string::npos) << log[0];
}

TEST_F(ServerTest, WrongMethodNamesTheRightOnes) {
  TestClient client = Client();
  const auto answer = client.Ask("DELETE", "/hello", "", "");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 405);
  EXPECT_EQ(answer->Header("Allow"), "GET, HEAD");
  const auto unknown = client.Ask("BREW", "/hello", "", "");
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->status, 501);
}

TEST_F(ServerTest, HeadHasTheHeadersOnly) {
  TestClient client = Client();
  const auto answer = client.Ask("HEAD", "/hello", "", "");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->Header("Content-Length"), "5");
  EXPECT_EQ(client.Get("/hello")->body, "hello");  // nothing of a body was left in between
}

TEST_F(ServerTest, EntityTagsSaveTheBody) {
  TestClient client = Client();
  const auto first = client.Get("/long");
  ASSERT_TRUE(first);
  const std::string tag = first->Header("ETag");
  ASSERT_TRUE(tag.starts_with("W/\"")) << tag;
  const auto second = client.Get("/long", "If-None-Match: \"other\", " + tag + "\r\n");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 304);
  EXPECT_EQ(second->Header("ETag"), tag);
  EXPECT_EQ(client.Get("/long", "If-None-Match: W/\"other\"\r\n")->status, 200);
}

TEST_F(ServerTest, LongTextIsPackedForWhoCanUnpackIt) {
  TestClient client = Client();
  const auto plain = client.Get("/long");
  const auto packed = client.Get("/long", "Accept-Encoding: br, gzip\r\n");
  ASSERT_TRUE(plain && packed);
  EXPECT_EQ(plain->Header("Content-Encoding"), "");
  EXPECT_EQ(plain->Header("Vary"), "Accept-Encoding");
  EXPECT_EQ(packed->Header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed->Header("ETag"), plain->Header("ETag"));
  const auto again =
      codec::Decompress(codec::Compression::kGzip, base::AsBytes(packed->body), 1 << 20);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, plain->body);
  EXPECT_LT(packed->body.size(), 200u);
  EXPECT_EQ(client.Get("/long", "Accept-Encoding: gzip;q=0\r\n")->Header("Content-Encoding"), "");
  EXPECT_EQ(client.Get("/hello", "Accept-Encoding: gzip\r\n")->Header("Content-Encoding"), "");
}

TEST_F(ServerTest, StreamsArePackedOnTheWay) {
  TestClient client = Client();
  const auto plain = client.Get("/rows?n=20000");
  const auto packed = client.Get("/rows?n=20000", "Accept-Encoding: gzip\r\n");
  ASSERT_TRUE(plain && packed);
  EXPECT_EQ(plain->Header("Content-Encoding"), "");
  EXPECT_EQ(plain->Header("Vary"), "Accept-Encoding");
  EXPECT_EQ(packed->Header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed->Header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(packed->Header("Content-Length"), "");
  EXPECT_LT(packed->body.size(), plain->body.size() / 3);
  const auto again =
      codec::Decompress(codec::Compression::kGzip, base::AsBytes(packed->body), 1 << 20);
  ASSERT_TRUE(again) << again.error().Message();
  EXPECT_EQ(*again, plain->body);
  // The same connection goes on.
  EXPECT_EQ(client.Get("/rows?n=1", "Accept-Encoding: gzip;q=0\r\n")->body, "row 0\n");
  // An older client's stream ends with the connection.
  TestClient old = Client();
  old.Send("GET /rows?n=20000 HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
  const auto until_end = old.Receive();
  ASSERT_TRUE(until_end);
  const auto whole =
      codec::Decompress(codec::Compression::kGzip, base::AsBytes(until_end->body), 1 << 20);
  ASSERT_TRUE(whole) << whole.error().Message();
  EXPECT_EQ(*whole, plain->body);
}

TEST_F(ServerTest, APackedStreamThatBreaksIsNoWholeOne) {
  TestClient client = Client();
  client.Send("GET /rows?n=5&breaks HTTP/1.1\r\nHost: t\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_FALSE(client.Receive());
  EXPECT_TRUE(client.Ends());
}

TEST_F(ServerTest, WhatIsKeptPackedIsUnpackedForWhoCannot) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "row " + std::to_string(i * 7919 % 100'000) + "\n";
  }
  router_.Add(Method::kGet, "/kept", [text](const Request&) {
    return Response::Packed("text/csv",
                            codec::Compress(codec::Compression::kGzip, base::AsBytes(text)));
  });
  TestClient client = Client();
  const auto plain = client.Get("/kept");
  const auto packed = client.Get("/kept", "Accept-Encoding: gzip\r\n");
  ASSERT_TRUE(plain && packed);
  EXPECT_EQ(plain->body, text);
  EXPECT_EQ(plain->Header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(plain->Header("Vary"), "Accept-Encoding");
  EXPECT_EQ(packed->Header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed->Header("Content-Length"), std::to_string(packed->body.size()));
  EXPECT_EQ(packed->Header("ETag"), plain->Header("ETag"));
  EXPECT_EQ(*codec::Decompress(codec::Compression::kGzip, base::AsBytes(packed->body), 1 << 24),
            text);
  for (const std::string_view coding : {"", "Accept-Encoding: gzip\r\n"}) {
    const auto known = client.Get(
        "/kept", std::string(coding) + "If-None-Match: " + plain->Header("ETag") + "\r\n");
    ASSERT_TRUE(known);
    EXPECT_EQ(known->status, 304);
    EXPECT_EQ(known->Header("Content-Encoding"), "");
    EXPECT_EQ(known->body, "");
  }
  const auto head = client.Ask("HEAD", "/kept", "", "");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->body, "");
}

TEST_F(ServerTest, BodiesAreReadWholeChunkedAndPacked) {
  TestClient client = Client();
  EXPECT_EQ(client.Ask("POST", "/echo", "", "abc")->body, "abc");
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.Receive()->body, "abcde");
  const std::string gzip = codec::Compress(codec::Compression::kGzip, base::AsBytes("packed"));
  EXPECT_EQ(client.Ask("POST", "/echo", "Content-Encoding: gzip\r\n", gzip)->body, "packed");
  const std::string zstd = codec::Compress(codec::Compression::kZstd, base::AsBytes("packed"));
  EXPECT_EQ(client.Ask("POST", "/echo", "Content-Encoding: zstd\r\n", zstd)->body, "packed");
  EXPECT_EQ(client.Ask("POST", "/echo", "Content-Encoding: br\r\n", "x")->status, 415);
  EXPECT_EQ(client.Ask("POST", "/echo", "Content-Encoding: gzip\r\n", "no gzip")->status, 400);
  EXPECT_EQ(client.Ask("POST", "/echo", "Content-Encoding: gzip\r\n", gzip.substr(0, 12))->status,
            400);
}

TEST_F(ServerTest, AskingBeforeSendingABodyIsAnswered) {
  TestClient client = Client();
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(client.ReceiveContinue());
  client.Send("abc");
  const auto answer = client.Receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "abc");
}

TEST_F(ServerTest, ABombIsCutAtTheLimit) {
  TestClient client = Client();
  const std::string zeros(64 << 20, '\0');
  const std::string bomb = codec::Compress(codec::Compression::kZstd, base::AsBytes(zeros), 3);
  ASSERT_GT(bomb.size(), 4096u / 2);
  std::string small = codec::Compress(codec::Compression::kZstd,
                                      base::AsBytes(std::string_view(zeros).substr(0, 4 << 20)), 3);
  ASSERT_LT(small.size(), 4096u);
  const auto answer = client.Ask("POST", "/echo", "Content-Encoding: zstd\r\n", small);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  const std::string packed = codec::Compress(
      codec::Compression::kGzip, base::AsBytes(std::string_view(zeros).substr(0, 2 << 20)), 9);
  ASSERT_LT(packed.size(), 4096u);
  EXPECT_EQ(client.Ask("POST", "/echo", "Content-Encoding: gzip\r\n", packed)->status, 413);
}

TEST_F(ServerTest, TooLargeBodiesAreRefusedByLengthAndByChunks) {
  TestClient client = Client();
  const auto answer = client.Ask("POST", "/echo", "", std::string(100'000, 'x'));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_TRUE(client.Ends());
  TestClient chunked = Client();
  chunked.Send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 10; ++i) {
    chunked.Send("400\r\n" + std::string(1024, 'x') + "\r\n");
  }
  const auto refused = chunked.Receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  EXPECT_TRUE(chunked.Ends());
}

TEST_F(ServerTest, TooLongHeadsAreRefused) {
  TestClient client = Client();
  const auto answer = client.Get("/hello", "X-Long: " + std::string(20'000, 'x') + "\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 431);
  EXPECT_TRUE(client.Ends());
}

TEST_F(ServerTest, NonsenseIsRefused) {
  const std::vector<std::string> cases = {
      "\x16\x03\x01\x02\x00\x01 hello there\r\n\r\n",
      "GET\r\n\r\n",
      "GET /hello\r\n\r\n",
      "GET /hello HTTP/1.1\r\n\r\n",                        // no Host
      "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",  // two
      "GET hello HTTP/1.1\r\nHost: a\r\n\r\n",              // no path
      "GET /hello?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n",       // a bad escape
      "GET /hello HTTP/1.1\r\nHost: a\r\nBad Field: x\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
      "4\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
  };
  for (const std::string& text : cases) {
    TestClient client = Client();
    client.Send(text);
    const auto answer = client.Receive();
    ASSERT_TRUE(answer) << text;
    EXPECT_EQ(answer->status, 400) << text;
  }
  EXPECT_EQ(Client().Get("/hello")->status, 200);
}

TEST_F(ServerTest, ARequestCutAnywhereHarmsNobody) {
  Start();
  const std::string text = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc";
  for (size_t size = 0; size < text.size(); ++size) {
    TestClient client = Client();
    client.Send(text.substr(0, size));
  }
  EXPECT_EQ(Client().Get("/hello")->status, 200);
  for (int i = 0; i < 12'000 && server_->Counts().connections > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(server_->Counts().connections, 0u);
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  TestClient client = Client();
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n" + std::to_string(10 + i);
    text += "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n";
  }
  client.Send(text);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.Receive()->body, std::to_string(10 + i));
    EXPECT_EQ(client.Receive()->body, "hello");
  }
}

TEST_F(ServerTest, ASlowDripMeetsOneDeadline) {
  options_.request_time = std::chrono::milliseconds(300);
  TestClient client = Client();
  const auto start = std::chrono::steady_clock::now();
  client.Send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n");
  std::optional<Answer> answer;
  std::jthread drip([&client](const std::stop_token& stop) {
    while (!stop.stop_requested() && client.Send("x")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  answer = client.Receive();
  drip.request_stop();
  const auto took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_GE(took, std::chrono::milliseconds(250));  // all bytes would be another answer
  EXPECT_EQ(server_->Counts().timeouts, 1u);
}

// With a moment to read, and with all the time there is, in which others must have their answers.
class SlowReaders : public ServerTest, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(CutOrNot, SlowReaders, ::testing::Bool());

TEST_P(SlowReaders, OfALargeAnswerAreCutAndHoldNobodyUp) {
  const bool cut = GetParam();
  options_.write_time = cut ? std::chrono::milliseconds(200) : std::chrono::hours(1);
  router_.Add(Method::kGet, "/endless", [this](const Request&) {
    return Response::Stream("text/csv", [this](std::string& part) -> base::Result<bool> {
      part.assign(64 << 10, 'x');
      made_ += part.size();
      return true;
    });
  });
  router_.Add(Method::kGet, "/large",
              [](const Request&) { return Response::Text(std::string(16 << 20, 'x')); });
  // More of them than workers, so that a waiting one would be felt.
  std::vector<TestClient> readers;
  for (int i = 0; i < 8; ++i) {
    readers.push_back(Client());
    readers.back().Send(i % 2 == 0 ? "GET /endless HTTP/1.1\r\nHost: t\r\n\r\n"
                                   : "GET /large HTTP/1.1\r\nHost: t\r\n\r\n");
  }
  TestClient other = Client();
  for (int i = 0; i < 20; ++i) {
    const auto answer = other.Get("/peer");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  if (!cut) {
    EXPECT_EQ(server_->Counts().timeouts, 0u);
    return;
  }
  for (int i = 0; i < 6000 && server_->Counts().timeouts < readers.size(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(server_->Counts().timeouts, readers.size());
  // What they did not take was not made either: a socket's buffers and a part or two.
  EXPECT_LT(made_.load(), uint64_t{4} * (16 << 20));
}

TEST_F(ServerTest, AHalfRequestIsSentAway) {
  options_.request_time = std::chrono::milliseconds(100);
  TestClient half = Client();
  half.Send("GET /hel");
  const auto answer = half.Receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
}

TEST_F(ServerTest, AnIdleClientIsSentAway) {
  options_.idle_time = std::chrono::milliseconds(100);
  TestClient idle = Client();
  EXPECT_TRUE(idle.Ends());
}

TEST_F(ServerTest, StreamsAreChunked) {
  TestClient client = Client();
  const auto answer = client.Get("/rows?n=3");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "row 0\nrow 1\nrow 2\n");
  EXPECT_EQ(client.Get("/hello")->body, "hello");
  client.Send("GET /rows?n=2 HTTP/1.0\r\n\r\n");
  const auto old = client.Receive();
  ASSERT_TRUE(old);
  EXPECT_EQ(old->head.substr(0, 9), "HTTP/1.0 ");
  EXPECT_EQ(old->body, "row 0\nrow 1\n");
}

TEST_F(ServerTest, ABrokenStreamIsSeenToBeBroken) {
  TestClient client = Client();
  EXPECT_FALSE(client.Get("/rows?n=5&breaks"));
  const auto log = Log(1);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("the table is torn"), std::string::npos) << log[0];
}

TEST_F(ServerTest, AThrowingHandlerIsA500WithoutItsText) {
  TestClient client = Client();
  const auto answer = client.Get("/throws");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.find("basic_string"), std::string::npos);
  EXPECT_NE(Log(1).at(0).find("basic_string"), std::string::npos);
}

TEST_F(ServerTest, SecretsInPathsAreNotLogged) {
  EXPECT_EQ(Client().Get("/secret/abcdef")->status, 204);
  const std::string line = Log(1).at(0);
  EXPECT_EQ(line.find("abcdef"), std::string::npos) << line;
  EXPECT_NE(line.find("/secret/{token}"), std::string::npos) << line;
}

TEST_F(ServerTest, ForwardedAddressesCountFromTrustedProxiesOnly) {
  constexpr std::string_view kHeaders =
      "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
  EXPECT_EQ(Client().Get("/peer", kHeaders)->body, "127.0.0.1 plain");
  server_.reset();
  options_.trusted_proxies = {"127.0.0.1"};
  EXPECT_EQ(Client().Get("/peer", kHeaders)->body, "203.0.113.9 tls");
  EXPECT_EQ(Client().Get("/peer", "X-Forwarded-For: nonsense\r\n")->body, "127.0.0.1 plain");
}

TEST_F(ServerTest, StoppingLetsTheRunningRequestEnd) {
  TestClient busy = Client();
  TestClient idle = Client();
  ASSERT_TRUE(idle.Get("/hello"));
  busy.Send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  started_.get_future().wait();
  std::jthread stopper([this] { server_->Stop(std::chrono::seconds(10)); });
  EXPECT_TRUE(idle.Ends());
  release_.set_value();
  const auto answer = busy.Receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "done");
  EXPECT_TRUE(busy.Ends());
  stopper.join();
  EXPECT_FALSE(TestClient(server_->port()).connected());
}

TEST_F(ServerTest, TwoThousandIdleConnectionsAreHeld) {
  Start();
  std::vector<TestClient> clients;
  clients.reserve(2000);
  for (int i = 0; i < 2000; ++i) {
    clients.push_back(Client());
    ASSERT_TRUE(clients.back().connected()) << i;
  }
  EXPECT_EQ(clients.front().Get("/hello")->body, "hello");
  EXPECT_EQ(clients[1000].Get("/hello")->body, "hello");
  EXPECT_EQ(clients.back().Get("/hello")->body, "hello");
  EXPECT_EQ(server_->Counts().connections, 2000u);
}

TEST_F(ServerTest, MoreConnectionsThanAllowedAreRefused) {
  options_.max_connections = 2;
  TestClient one = Client();
  TestClient two = Client();
  ASSERT_TRUE(one.Get("/hello") && two.Get("/hello"));
  TestClient three = Client();
  const auto answer = three.Receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(one.Get("/hello")->status, 200);
}

TEST_F(ServerTest, APortInUseIsAnErrorThatNamesIt) {
  Start();
  ServerOptions second = options_;
  second.port = server_->port();
  const auto other = Server::Start(second, router_);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().Message().find(std::to_string(server_->port())), std::string::npos);
  second.address = "not an address";
  EXPECT_FALSE(Server::Start(second, router_));
}

TEST_F(ServerTest, FilesOfThePage) {
  static const std::string packed =
      codec::Compress(codec::Compression::kGzip, base::AsBytes("console.log(1)"));
  static const std::array<StaticFile, 2> files = {
      StaticFile{"/index.html", "<!doctype html>", "text/html; charset=utf-8", "", false},
      StaticFile{"/assets/app-1.js", "console.log(1)", "text/javascript", packed, true}};
  router_.SetFallback(ServeFiles(files), {.where = RouteOptions::Where::kInline});
  TestClient client = Client();
  EXPECT_EQ(client.Get("/")->body, "<!doctype html>");
  EXPECT_EQ(client.Get("/images/docker.io/library/debian:12")->body, "<!doctype html>");
  const auto script = client.Get("/assets/app-1.js");
  EXPECT_EQ(script->body, "console.log(1)");
  EXPECT_NE(script->Header("Cache-Control").find("immutable"), std::string::npos);
  const auto gzip = client.Get("/assets/app-1.js", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(gzip->Header("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip->body, packed);
  EXPECT_EQ(client.Get("/assets/app-0.js")->status, 404);
  EXPECT_EQ(client.Get("/api/v1/nothing")->status, 404);
  EXPECT_EQ(client.Ask("POST", "/", "", "")->status, 405);
  EXPECT_EQ(client.Get("/", "If-None-Match: " + client.Get("/")->Header("ETag") + "\r\n")->status,
            304);
}

// A key and a certificate of its own, in files.
void WriteCertificate(const std::string& stem, const char* name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  FILE* file = std::fopen((stem + ".crt").c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  file = std::fopen((stem + ".key").c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

std::string NameOf(SSL* ssl) {
  X509* certificate = SSL_get1_peer_certificate(ssl);
  std::array<char, 64> text{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text.data(),
                            text.size());
  X509_free(certificate);
  return text.data();
}

TEST_F(ServerTest, TlsWithACertificateThatIsReloaded) {
  const std::string stem = ::testing::TempDir() + "scantling_tls_" + std::to_string(::getpid());
  WriteCertificate(stem, "first");
  options_.tls = {stem + ".crt", stem + ".key"};
  options_.handshake_time = std::chrono::milliseconds(200);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  Start();
  {
    TestClient client = Client(context.get());
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(NameOf(client.ssl()), "first");
    const auto answer = client.Get("/peer");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "127.0.0.1 tls");
    EXPECT_EQ(answer->Header("Strict-Transport-Security"), "max-age=31536000");
    EXPECT_EQ(client.Ask("POST", "/echo", "", std::string(4000, 'x'))->body.size(), 4000u);
    WriteCertificate(stem, "second");
    ASSERT_TRUE(server_->ReloadTls());
    EXPECT_EQ(client.Get("/peer")->status, 200);  // the open one goes on
  }
  {
    TestClient client = Client(context.get());
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(NameOf(client.ssl()), "second");
  }
  // A key that is not the certificate's: the old pair stays.
  const std::string certificate = *base::ReadFile(stem + ".crt", 1 << 20);
  WriteCertificate(stem, "third");
  ASSERT_TRUE(base::WriteFileByRename(stem + ".crt", base::AsBytes(certificate)));
  EXPECT_FALSE(server_->ReloadTls());
  EXPECT_TRUE(Client(context.get()).connected());
  // Plain HTTP to it, and one who never starts to speak.
  TestClient plain = Client();
  plain.Send("GET /hello HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_FALSE(plain.Receive());
  TestClient silent = Client();
  EXPECT_TRUE(silent.Ends());
  server_.reset();
  std::filesystem::remove(stem + ".crt");
  std::filesystem::remove(stem + ".key");
  EXPECT_FALSE(Server::Start(options_, router_));
}

}  // namespace
}  // namespace scantling::server::http
