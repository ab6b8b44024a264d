#include "net/http_client.h"

#include "net/line_reader.h"
#include "net/retry.h"
#include "net/test_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

namespace scantling::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nX-One: 1\r\n\r\n" + body;
}

HttpRequest Get(const std::string& url) {
  HttpRequest out;
  out.url = url;
  return out;
}

RetryPolicy Quick() {
  RetryPolicy out;
  out.first_pause = Milliseconds(1);
  return out;
}

TEST(HttpClient, GivesStatusHeadersAndBody) {
  const TestServer server([](const std::string&) { return Ok("hello"); });
  const HttpClient client;
  HttpRequest request = Get(server.Url("/a?b=c"));
  request.headers.Add("X-Mine", "yes");
  const auto response = client.Send(request);
  ASSERT_TRUE(response) << response.error().Message();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers.Text("x-one"), "1");
  EXPECT_EQ(response->body, "hello");
  EXPECT_THAT(server.requests()[0], testing::StartsWith("GET /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests()[0], HasSubstr("X-Mine: yes\r\n"));
  EXPECT_THAT(server.requests()[0], HasSubstr("User-Agent: scantling\r\n"));
}

TEST(HttpClient, SendsBodiesFromTextsAndReaders) {
  const TestServer server([](const std::string&) { return Ok(""); });
  const HttpClient client;
  HttpRequest request = Get(server.Url("/"));
  request.method = "POST";
  request.body = "payload";
  ASSERT_TRUE(client.Send(request));
  EXPECT_THAT(server.requests()[0], testing::StartsWith("POST / "));
  EXPECT_THAT(server.requests()[0], testing::EndsWith("\r\n\r\npayload"));
  EXPECT_THAT(server.requests()[0], Not(HasSubstr("Expect")));

  request.body.clear();
  size_t given = 0;
  request.body_bytes = 300'000;
  request.body_reader = [&](std::span<std::byte> into) -> base::Result<size_t> {
    const size_t count = std::min<size_t>(into.size(), 300'000 - given);
    std::fill_n(into.begin(), count, std::byte{'x'});
    given += count;
    return count;
  };
  ASSERT_TRUE(client.Send(request));
  EXPECT_EQ(server.requests()[1].size() - server.requests()[1].find("\r\n\r\n") - 4, 300'000U);

  request.body_reader = [](std::span<std::byte>) -> base::Result<size_t> {
    return base::Invalid("the reader's own error");
  };
  const auto response = client.Send(request);
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().Message(), HasSubstr("the reader's own error"));
}

TEST(HttpClient, TalksOverUnixSockets) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("scantling-" + std::to_string(::getpid())))
          .string();
  const TestServer server([](const std::string&) { return Ok("from the socket"); }, path);
  const HttpClient client({.policy = AddressPolicy::PublicOnly()});
  HttpRequest request = Get("http://localhost/info");
  request.unix_socket = path;
  const auto response = client.Send(request);
  std::filesystem::remove(path);
  ASSERT_TRUE(response) << response.error().Message();
  EXPECT_EQ(response->body, "from the socket");
}

TEST(HttpClient, ErrorsNameHostAndCause) {
  uint16_t closed = 0;
  {
    const TestServer server([](const std::string&) { return Ok(""); });
    closed = server.port();
  }
  const HttpClient client;
  HttpRequest request = Get("http://127.0.0.1:" + std::to_string(closed) + "/secret?token=abc");
  request.headers.Add("Authorization", "Bearer hidden");
  auto response = client.Send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), base::ErrorCode::kIo);
  EXPECT_EQ(response.error().Message(),
            "http://127.0.0.1:" + std::to_string(closed) + ": cannot connect: Connection refused");

  response = client.Send(Get("http://no-such-host.invalid/"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), base::ErrorCode::kNotFound);
  EXPECT_THAT(response.error().Message(), HasSubstr("no-such-host.invalid"));

  const TestServer server([](const std::string&) { return Ok(""); });
  response = client.Send(Get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().Message(), HasSubstr("TLS: "));

  response = client.Send(Get("http://user:password@host/"));
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().Message(), Not(HasSubstr("password@")));
}

TEST(HttpClient, CutAnswersAreErrorsAfterWhatCame) {
  const TestServer server([](const std::string& request) -> std::string {
    if (request.starts_with("GET /nothing")) {
      return "";
    }
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this";
  });
  const HttpClient client;
  auto whole = client.Send(Get(server.Url("/nothing")));
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code(), base::ErrorCode::kIo);

  const auto stream = client.Open(Get(server.Url("/cut")));
  ASSERT_TRUE(stream);
  std::array<std::byte, 64> buffer;
  std::string got;
  while (true) {
    const auto count = (*stream)->Read(buffer);
    if (!count) {
      EXPECT_EQ(count.error().code(), base::ErrorCode::kIo);
      EXPECT_THAT(count.error().Message(), HasSubstr("in the middle of the answer"));
      break;
    }
    ASSERT_GT(*count, 0U) << "a cut answer must not end well";
    got.append(base::AsText(base::Bytes(buffer).first(*count)));
  }
  EXPECT_EQ(got, "only this");
}

TEST(HttpClient, HoldsLimits) {
  const TestServer server([](const std::string& request) -> std::string {
    if (request.starts_with("GET /headers")) {
      std::string out = "HTTP/1.1 200 OK\r\n";
      for (int i = 0; i < 40; ++i) {
        out += "X-Long: " + std::string(60'000, 'y') + "\r\n";
      }
      return out + "\r\n";
    }
    return Ok(std::string(5000, 'z'));
  });
  const HttpClient client;
  HttpRequest request = Get(server.Url("/"));
  request.max_response_bytes = 4999;
  auto response = client.Send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), base::ErrorCode::kLimit);
  request.max_response_bytes = 5000;
  EXPECT_TRUE(client.Send(request));
  EXPECT_FALSE(client.Send(Get(server.Url("/headers"))));
}

TEST(HttpClient, TimesOutAndStops) {
  const TestServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc<hold>");
  });
  const HttpClient client;
  HttpRequest request = Get(server.Url("/"));
  request.timeouts.low_speed = Milliseconds(50);
  auto response = client.Send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), base::ErrorCode::kIo);

  request = Get(server.Url("/"));
  request.timeouts.total = Milliseconds(50);
  response = client.Send(request);
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().Message(), HasSubstr("not done within 50 ms"));

  std::stop_source stop;
  request = Get(server.Url("/"));
  request.stop = stop.get_token();
  const auto stream = client.Open(request);
  ASSERT_TRUE(stream) << stream.error().Message();
  std::jthread stopper([&] { stop.request_stop(); });
  std::array<std::byte, 64> buffer;
  auto count = (*stream)->Read(buffer);
  while (count && *count > 0) {
    count = (*stream)->Read(buffer);
  }
  ASSERT_FALSE(count);
  EXPECT_THAT(count.error().Message(), HasSubstr("cancelled"));
}

TEST(HttpClient, KeepsCredentialsFromOtherHosts) {
  const TestServer other([](const std::string&) { return Ok("there"); });
  const TestServer server([&](const std::string& request) -> std::string {
    if (request.starts_with("GET /same")) {
      return "HTTP/1.1 302 Found\r\nLocation: /away\r\nContent-Length: 0\r\n\r\n";
    }
    if (request.starts_with("GET /away")) {
      return "HTTP/1.1 307 Temporary\r\nLocation: " + other.Url("/x?sig=1") +
             "\r\nContent-Length: 0\r\n\r\n";
    }
    if (request.starts_with("GET /file")) {
      return "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n";
    }
    return "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n";
  });
  const HttpClient client;
  HttpRequest request = Get(server.Url("/same"));
  request.headers.Add("Authorization", "Bearer hidden");
  auto response = client.Send(request);
  ASSERT_TRUE(response) << response.error().Message();
  EXPECT_EQ(response->body, "there");
  EXPECT_EQ(response->url, other.Url("/x?sig=1"));
  EXPECT_THAT(server.requests()[1], HasSubstr("Bearer hidden"));
  EXPECT_THAT(other.requests()[0], Not(HasSubstr("hidden")));

  EXPECT_FALSE(client.Send(Get(server.Url("/file"))));
  response = client.Send(Get(server.Url("/round")));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), base::ErrorCode::kLimit);
}

TEST(HttpClient, RefusesAddressesByPolicyBeforeConnecting) {
  const TestServer server([](const std::string&) { return Ok("inside"); });
  const HttpClient guarded({.policy = AddressPolicy::PublicOnly()});
  for (const std::string host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"}) {
    const auto response =
        guarded.Send(Get("http://" + host + ":" + std::to_string(server.port()) + "/"));
    ASSERT_FALSE(response) << host;
    EXPECT_EQ(response.error().code(), base::ErrorCode::kUsage) << response.error().Message();
    EXPECT_THAT(response.error().Message(), HasSubstr("loopback"));
  }
  EXPECT_TRUE(server.requests().empty());

  AddressPolicy policy = AddressPolicy::PublicOnly();
  ASSERT_TRUE(policy.Allow("127.0.0.0/8"));
  const HttpClient allowed({.policy = policy});
  EXPECT_TRUE(allowed.Send(Get(server.Url("/"))));
}

TEST(HttpClient, RefusesRequestsThatCarryLineBreaks) {
  const HttpClient client;
  HttpRequest request = Get("http://127.0.0.1/");
  request.headers.Add("X-A", "b\r\nX-C: d");
  EXPECT_FALSE(client.Send(request));
  request = Get("http://127.0.0.1/");
  request.method = "GET / HTTP/1.1\r\n";
  EXPECT_FALSE(client.Send(request));
  EXPECT_FALSE(client.Send(Get("http://127.0.0.1/a b")));
  EXPECT_FALSE(client.Send(Get("ftp://127.0.0.1/")));
}

TEST(HttpClient, ManyThreadsShareOne) {
  const TestServer server(
      [](const std::string& request) { return Ok(request.substr(4, request.find(' ', 4) - 4)); });
  const HttpClient client;
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        for (int j = 0; j < 10; ++j) {
          const std::string target = "/" + std::to_string(i) + "-" + std::to_string(j);
          const auto response = client.Send(Get(server.Url(target)));
          right += response && response->body == target ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(right, 80);
}

TEST(Retry, SendsIdempotentRequestsAgain) {
  std::atomic<int> calls = 0;
  const TestServer server([&](const std::string&) -> std::string {
    switch (++calls) {
      case 1:
        return "HTTP/1.1 429 Slow down\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
      case 2:
        return "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";
      case 3:
        return "";
      default:
        return Ok("at last");
    }
  });
  const HttpClient client;
  auto response = SendWithRetry(client, Get(server.Url("/")), Quick());
  ASSERT_TRUE(response) << response.error().Message();
  EXPECT_EQ(response->body, "at last");
  EXPECT_EQ(calls, 4);

  calls = 0;
  HttpRequest post = Get(server.Url("/"));
  post.method = "POST";
  response = SendWithRetry(client, post, Quick());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(calls, 1);
}

TEST(Retry, PausesGrowAndStayBounded) {
  RetryPolicy policy;
  policy.first_pause = Milliseconds(100);
  policy.longest_pause = Milliseconds(1000);
  policy.jitter = [] { return 1.0; };
  EXPECT_EQ(PauseBefore(policy, 1), Milliseconds(100));
  EXPECT_EQ(PauseBefore(policy, 3), Milliseconds(400));
  EXPECT_EQ(PauseBefore(policy, 60), Milliseconds(1000));
  policy.jitter = [] { return 0.0; };
  EXPECT_EQ(PauseBefore(policy, 3), Milliseconds(200));
}

TEST(Retry, UnderstandsRetryAfter) {
  RetryPolicy policy;
  policy.now = [] { return *base::ParseTime("1999-12-31T23:59:50Z"); };
  EXPECT_EQ(ParseRetryAfter(" 3 ", policy), Milliseconds(3000));
  EXPECT_EQ(ParseRetryAfter("Fri, 31 Dec 1999 23:59:59 GMT", policy), Milliseconds(9000));
  EXPECT_EQ(ParseRetryAfter("Fri, 31 Dec 1998 23:59:59 GMT", policy), Milliseconds(0));
  for (const char* bad :
       {"", "-1", "soon", "Fri, 31 Foo 1999 23:59:59 GMT", "99999999999999999999"}) {
    EXPECT_EQ(ParseRetryAfter(bad, policy), std::nullopt) << bad;
  }
}

TEST(LineReader, GivesLines) {
  const TestServer server([](const std::string&) { return Ok("one\r\n\ntwo\nlast"); });
  const HttpClient client;
  const auto stream = client.Open(Get(server.Url("/")));
  ASSERT_TRUE(stream);
  LineReader lines(**stream, 100);
  for (const char* want : {"one", "", "two", "last"}) {
    const auto line = lines.Next();
    ASSERT_TRUE(line && line->has_value());
    EXPECT_EQ(**line, want);
  }
  const auto end = lines.Next();
  EXPECT_TRUE(end && !end->has_value());

  const auto again = client.Open(Get(server.Url("/")));
  ASSERT_TRUE(again);
  LineReader short_lines(**again, 2);
  EXPECT_FALSE(short_lines.Next());
}

}  // namespace
}  // namespace scantling::net
