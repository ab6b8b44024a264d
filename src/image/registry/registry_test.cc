// What registries answer and what people write: references, challenges, credentials, manifests.
#include "image/registry/client.h"
#include "image/registry/credentials.h"
#include "image/registry/headers.h"
#include "image/registry/reference.h"
#include "image/registry/registry_image.h"
#include "net/test_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

namespace scantling::image::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kHex(64, 'a');

TEST(Reference, ParsesWithDockersDefaults) {
  struct Case {
    std::string text;
    std::string want;  // "" = an error
  };
  for (const Case& test : std::initializer_list<Case>{
           {"alpine", "docker.io/library/alpine:latest"},
           {"alpine:3.19", "docker.io/library/alpine:3.19"},
           {"team/shop", "docker.io/team/shop:latest"},
           {"docker.io/alpine", "docker.io/library/alpine:latest"},
           {"index.docker.io/team/shop", "docker.io/team/shop:latest"},
           {"ghcr.io/a/b/c:v1", "ghcr.io/a/b/c:v1"},
           {"GHCR.io/a/b", "ghcr.io/a/b:latest"},
           {"localhost/shop", "localhost/shop:latest"},
           {"localhost:5000/shop:1.4", "localhost:5000/shop:1.4"},
           {"[::1]:5000/shop:1.4", "[::1]:5000/shop:1.4"},
           {"a.b/c@sha256:" + kHex, "a.b/c@sha256:" + kHex},
           {"a.b/c:t@sha256:" + kHex, "a.b/c:t@sha256:" + kHex},
           {"a__b/c.d-e/f---g:T_1", "docker.io/a__b/c.d-e/f---g:T_1"},
           {"", ""},
           {"Alpine", ""},
           {"Shop/web", ""},
           {"a b", ""},
           {"a//b", ""},
           {"a/-b", ""},
           {"a/b-", ""},
           {"a___b", ""},
           {"a..b/c", ""},
           {"-a.b/c", ""},
           {"a.b:0/c", ""},
           {"a.b:x/c", ""},
           {"a:", ""},
           {"a:.x", ""},
           {"a:" + std::string(129, 'x'), ""},
           {"a@sha256:12", ""},
           {"a@sha512:" + kHex + kHex, ""},
           {"https://a.b/c", ""},
           {"a.b/c?d=e", ""},
           {"a.b/../c", ""},
           {"user@a.b/c", ""},
           {"[::1/c", ""},
           {std::string(300, 'a'), ""},
       }) {
    const auto reference = ParseReference(test.text);
    ASSERT_EQ(reference.has_value(), !test.want.empty()) << test.text;
    if (reference) {
      EXPECT_EQ(reference->ToString(), test.want);
      EXPECT_EQ(ParseReference(reference->ToString())->ToString(), test.want);
    }
  }
  EXPECT_EQ(ParseReference("alpine")->Host(), "registry-1.docker.io");
  EXPECT_EQ(ParseReference("a.b/c:t@sha256:" + kHex)->Wanted(), "sha256:" + kHex);
}

TEST(Reference, EveryPrefixIsAnAnswer) {
  const std::string good = "[::1]:5000/team/shop_x:1.4@sha256:" + kHex;
  for (size_t i = 0; i <= good.size(); ++i) {
    const auto reference = ParseReference(std::string_view(good).substr(0, i));
    EXPECT_TRUE(!reference || !reference->repository.empty());
  }
}

TEST(Reference, KnowsThisMachine) {
  for (const char* yes :
       {"localhost", "localhost:5000", "127.0.0.1:5000", "[::1]", "[::1]:5000", "x.localhost"}) {
    EXPECT_TRUE(IsLoopback(yes)) << yes;
  }
  for (const char* no : {"localhost.example", "10.0.0.1", "example.com", "[fe80::1]:5000"}) {
    EXPECT_FALSE(IsLoopback(no)) << no;
  }
}

TEST(Headers, Challenges) {
  auto one =
      ParseChallenges(R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",)"
                      R"(scope="repository:a/b:pull,push")");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].scheme, "bearer");
  EXPECT_EQ(one[0].Text("realm"), "https://auth.docker.io/token");
  EXPECT_EQ(one[0].Text("scope"), "repository:a/b:pull,push");
  EXPECT_EQ(one[0].Text("error"), "");

  auto two = ParseChallenges(R"(Negotiate, BASIC Realm = "a \"b\"", Bearer realm=x)");
  ASSERT_EQ(two.size(), 3U);
  EXPECT_EQ(two[0].scheme, "negotiate");
  EXPECT_EQ(two[1].scheme, "basic");
  EXPECT_EQ(two[1].Text("realm"), "a \"b\"");
  EXPECT_EQ(two[2].Text("realm"), "x");

  EXPECT_TRUE(ParseChallenges("").empty());
  EXPECT_TRUE(ParseChallenges("=\"x\"").empty());
  EXPECT_EQ(ParseChallenges("Bearer realm=\"no end").size(), 1U);
  EXPECT_LE(ParseChallenges(std::string(100'000, 'a') + "=b").size(), 1U);
}

TEST(Headers, NextLinks) {
  EXPECT_EQ(NextLink(R"(</v2/a/tags/list?last=b&n=2>; rel="next")"), "/v2/a/tags/list?last=b&n=2");
  EXPECT_EQ(NextLink(R"(</p>; rel=prev, </n>; title="a, b"; REL=Next)"), "/n");
  EXPECT_EQ(NextLink(R"(</p>; rel="prev")"), std::nullopt);
  EXPECT_EQ(NextLink("/v2/"), std::nullopt);
  EXPECT_EQ(NextLink("</n; rel=next"), std::nullopt);
}

TEST(Headers, EveryPrefixIsAnAnswer) {
  const std::string challenge = R"(Basic realm="a\"b" , Bearer realm="x",service=y, scope="z")";
  const std::string link = R"(</p>; rel=prev, </n>; title="a, \"b"; rel="next")";
  for (size_t i = 0; i <= challenge.size(); ++i) {
    EXPECT_LE(ParseChallenges(std::string_view(challenge).substr(0, i)).size(), 3U);
  }
  for (size_t i = 0; i < link.size(); ++i) {
    EXPECT_EQ(NextLink(std::string_view(link).substr(0, i)), std::nullopt) << i;
  }
}

constexpr std::string_view kConfig = R"({
  "auths": {
    "https://index.docker.io/v1/": {"auth": "dXNlcjpwYXNz"},
    "a.b": {"username": "whole", "password": "1"},
    "a.b/team": {"username": "team", "password": "2"},
    "c.d": {"identitytoken": "idt", "auth": "PHRva2VuPjo="},
    "http://e.f:5000/v2/": {"auth": "no*base64"},
    "g.h": {}
  },
  "credHelpers": {"i.j": "ecr-login", "k.l": "../evil"},
  "credsStore": "desktop"
})";

TEST(Credentials, OfConfigFiles) {
  const auto find = [](std::string_view host, std::string_view repository) {
    auto answer = FindInFile(kConfig, host, repository);
    EXPECT_TRUE(answer) << host;
    return answer ? std::move(*answer) : FileAnswer();
  };
  EXPECT_EQ(find("docker.io", "library/alpine").credential->password, "pass");
  EXPECT_EQ(find("a.b", "shop").credential->username, "whole");
  EXPECT_EQ(find("a.b", "team/shop").credential->username, "team");
  EXPECT_EQ(find("a.b", "teamwork/shop").credential->username, "whole");
  EXPECT_EQ(find("c.d", "x").credential->identity_token, "idt");
  EXPECT_EQ(find("e.f:5000", "x").helper, "desktop") << "an auth that is no base64 counts as none";
  EXPECT_EQ(find("g.h", "x").helper, "desktop");
  EXPECT_EQ(find("i.j", "x").helper, "ecr-login");
  EXPECT_FALSE(FindInFile(kConfig, "k.l", "x"));
  EXPECT_FALSE(FindInFile("[]", "a.b", "x"));
  for (size_t i = 0; i < kConfig.size(); ++i) {
    EXPECT_FALSE(FindInFile(kConfig.substr(0, i), "a.b", "x")) << i;
  }
}

class Helpers : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("scantling-helpers-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    old_path_ = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    ::setenv("PATH", (folder_.string() + ":" + old_path_).c_str(), 1);
  }
  void TearDown() override {
    ::setenv("PATH", old_path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }
  void Write(const std::string& name, const std::string& script) {
    const auto path = folder_ / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  std::filesystem::path folder_;
  std::string old_path_;
};

TEST_F(Helpers, AreAsked) {
  Write("docker-credential-good",
        "read host; [ \"$1\" = get ] && echo "
        "\"{\\\"Username\\\":\\\"$host\\\",\\\"Secret\\\":\\\"s\\\"}\"");
  Write("docker-credential-token", R"(echo '{"Username":"<token>","Secret":"t"}')");
  Write("docker-credential-none", "echo 'credentials not found in native keychain'; exit 1");
  Write("docker-credential-broken", "echo 'secret in words'; exit 0");
  Write("docker-credential-bad", "exit 3");
  Write("docker-credential-slow", "sleep 30");
  const net::Milliseconds time(10'000);
  const auto good = AskHelper("good", "a.b:5000", time);
  ASSERT_TRUE(good) << good.error().Message();
  EXPECT_EQ((*good)->username, "a.b:5000");
  EXPECT_EQ((*good)->password, "s");
  EXPECT_EQ((*AskHelper("token", "a.b", time))->identity_token, "t");
  EXPECT_FALSE(AskHelper("none", "a.b", time)->has_value());
  EXPECT_FALSE(AskHelper("bad", "a.b", time));
  const auto broken = AskHelper("broken", "a.b", time);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().Message(), Not(HasSubstr("secret in words")));
  EXPECT_EQ(AskHelper("not-there", "a.b", time).error().code(), base::ErrorCode::kNotFound);
  EXPECT_THAT(AskHelper("slow", "a.b", net::Milliseconds(50)).error().Message(),
              HasSubstr("no answer within 50 ms"));
}

TEST_F(Helpers, AreNamedByFiles) {
  Write("docker-credential-good", R"(echo '{"Username":"u","Secret":"p"}')");
  std::ofstream(folder_ / "config.json") << R"({"credHelpers": {"a.b": "good"}})";
  const auto found =
      FindCredential({(folder_ / "missing.json").string(), (folder_ / "config.json").string()},
                     "a.b", "x", net::Milliseconds(10'000));
  ASSERT_TRUE(found) << found.error().Message();
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->password, "p");
  EXPECT_EQ((*found)->origin, "docker-credential-good");
}

Options Quick() {
  Options out;
  out.retry.first_pause = net::Milliseconds(1);
  return out;
}

std::string Answer(std::string_view status, const std::string& body, std::string_view more = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(more) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Reference At(const net::TestServer& server, const std::string& rest) {
  return *ParseReference("127.0.0.1:" + std::to_string(server.port()) + rest);
}

TEST(Client, FollowsPagesOfItsRegistryOnly) {
  const net::TestServer server([](const std::string& request) -> std::string {
    if (request.starts_with("GET /v2/a/tags/list?n=1000 ")) {
      return Answer("200 OK", R"({"name":"a","tags":["1","2"]})",
                    "Link: </v2/a/tags/list?last=2>; rel=\"next\"\r\n");
    }
    if (request.starts_with("GET /v2/a/tags/list?last=2 ")) {
      return Answer("200 OK", R"({"name":"a","tags":["3"]})");
    }
    if (request.starts_with("GET /v2/round/")) {
      return Answer("200 OK", R"({"tags":["x"]})",
                    "Link: </v2/round/tags/list?n=1000>; rel=\"next\"\r\n");
    }
    if (request.starts_with("GET /v2/away/")) {
      return Answer("200 OK", R"({"tags":["x"]})",
                    "Link: <http://169.254.169.254/latest>; rel=\"next\"\r\n");
    }
    return Answer("200 OK", "{}");
  });
  const Client client(Quick());
  const auto tags = client.Tags(At(server, "/a"));
  ASSERT_TRUE(tags) << tags.error().Message();
  EXPECT_THAT(*tags, testing::ElementsAre("1", "2", "3"));
  EXPECT_FALSE(client.Tags(At(server, "/round")));
  EXPECT_FALSE(client.Tags(At(server, "/away")));
}

TEST(Client, KeepsNoLongNamesAndNotAnyNumberOfPages) {
  const std::string name(255, 'x');
  const std::string page = R"({"tags":["1",")" + name + R"(",")" + name + R"(x"],"more":")" +
                           std::string(size_t{30} << 20, 'y') + R"("})";
  size_t pages = 0;
  const net::TestServer server([&](const std::string& request) -> std::string {
    if (request.find("/v2/long/") != std::string::npos) {
      return Answer("200 OK", page);
    }
    if (request.find("/v2/many/") == std::string::npos) {
      return Answer("200 OK", "{}");
    }
    ++pages;
    return Answer(
        "200 OK", page,
        "Link: </v2/many/tags/list?last=" + std::to_string(pages) + ">; rel=\"next\"\r\n");
  });
  const Client client(Quick());
  const auto tags = client.Tags(At(server, "/long"));
  ASSERT_TRUE(tags) << tags.error().Message();
  EXPECT_THAT(*tags, testing::ElementsAre("1", name));
  const auto many = client.Tags(At(server, "/many"));
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().Message(), HasSubstr("the list of tags has more than 128 MB"));
  EXPECT_LE(pages, 6U);
}

TEST(Client, FindsReferrersEitherWay) {
  const std::string index =
      R"({"manifests":[{"digest":"sha256:)" + kHex +
      R"(","size":7,"mediaType":"m","artifactType":"sbom","annotations":{"a":"b"}},)"
      R"({"digest":"sha256:)" +
      std::string(64, 'b') + R"(","artifactType":"signature"},{"digest":"broken"}]})";
  const net::TestServer server([&](const std::string& request) -> std::string {
    if (request.starts_with("GET /v2/new/referrers/") ||
        request.starts_with("GET /v2/old/manifests/sha256-" + kHex)) {
      return Answer("200 OK", index);
    }
    return request.starts_with("GET /v2/ ") ? Answer("200 OK", "{}")
                                            : Answer("404 Not Found", "no");
  });
  const Client client(Quick());
  const base::Digest digest = *base::Digest::Parse("sha256:" + kHex);
  for (const std::string repository : {"/new", "/old"}) {
    const auto all = client.Referrers(At(server, repository), digest, "");
    ASSERT_TRUE(all) << all.error().Message();
    EXPECT_EQ(all->size(), 2U);
    const auto sboms = client.Referrers(At(server, repository), digest, "sbom");
    ASSERT_TRUE(sboms && sboms->size() == 1);
    EXPECT_EQ(sboms->front().annotations.at("a"), "b");
    EXPECT_EQ(sboms->front().size_bytes, 7U);
  }
  const auto none = client.Referrers(At(server, "/none"), digest, "");
  EXPECT_TRUE(none && none->empty());
}

TEST(Client, ManifestsAreHeldAgainstTheirDigest) {
  const std::string manifest = R"({"schemaVersion":2})";
  const std::string digest = base::Sha256Of(base::AsBytes(manifest)).ToString();
  const net::TestServer server([&](const std::string& request) -> std::string {
    if (request.find(" /v2/good/") != std::string::npos) {
      return Answer("200 OK", manifest, "Docker-Content-Digest: " + digest + "\r\n");
    }
    if (request.starts_with("GET /v2/bad/")) {
      return Answer("200 OK", manifest + " ", "Docker-Content-Digest: " + digest + "\r\n");
    }
    if (request.starts_with("GET /v2/page/")) {
      return Answer("200 OK", "<html>");
    }
    if (request.starts_with("GET /v2/gone/")) {
      return Answer("404 Not Found",
                    R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]})");
    }
    return Answer("200 OK", "{}");
  });
  const Client client(Quick());
  const auto good = client.GetManifest(At(server, "/good"));
  ASSERT_TRUE(good) << good.error().Message();
  EXPECT_EQ(good->digest.ToString(), digest);
  EXPECT_EQ(client.Resolve(At(server, "/good"))->ToString(), digest);
  EXPECT_EQ(client.GetManifest(At(server, "/bad")).error().code(), base::ErrorCode::kMismatch);
  EXPECT_EQ(client.GetManifest(At(server, "/bad@" + digest)).error().code(),
            base::ErrorCode::kMismatch);
  EXPECT_EQ(client.GetManifest(At(server, "/page")).error().code(), base::ErrorCode::kInvalid);
  const auto gone = client.GetManifest(At(server, "/gone:1"));
  EXPECT_EQ(gone.error().code(), base::ErrorCode::kNotFound);
  EXPECT_THAT(gone.error().Message(), HasSubstr("MANIFEST_UNKNOWN: manifest unknown"));
}

TEST(Client, BlobsGoOnWhereTheyBroke) {
  const std::string bytes(100'000, 'q');
  const base::Digest digest = *base::Digest::Parse("sha256:" + kHex);
  struct Case {
    std::string name;
    bool ranges = true;
  };
  for (const Case& test : {Case{"ranges", true}, Case{"whole", false}}) {
    std::atomic<int> calls = 0;
    const net::TestServer server([&](const std::string& request) -> std::string {
      if (request.starts_with("GET /v2/ ")) {
        return Answer("200 OK", "{}");
      }
      const size_t range = request.find("Range: bytes=");
      const size_t from =
          range == std::string::npos || !test.ranges
              ? 0
              : base::ParseNumber<size_t>(std::string_view(request).substr(
                                              range + 13, request.find('-', range) - range - 13))
                    .value_or(0);
      const std::string whole = Answer(
          from == 0 ? "200 OK" : "206 Partial", bytes.substr(from),
          from == 0 ? "" : "Content-Range: bytes " + std::to_string(from) + "-99999/100000\r\n");
      return ++calls <= 2 ? whole.substr(0, whole.size() - 60'000 + 20'000 * calls) : whole;
    });
    const Client client(Quick());
    const auto blob = client.OpenBlob(At(server, "/a"), digest, bytes.size());
    std::string got;
    std::vector<std::byte> buffer(7000);
    while (true) {
      const auto count = blob->Read(buffer);
      ASSERT_TRUE(count) << test.name << ": " << count.error().Message();
      if (*count == 0) {
        break;
      }
      got.append(base::AsText(base::Bytes(buffer).first(*count)));
    }
    EXPECT_TRUE(got == bytes) << test.name << ": " << got.size();
    EXPECT_EQ(calls, 3) << test.name;
  }
}

TEST(Client, GivesUpOnBlobsThatNeverCome) {
  std::atomic<int> calls = 0;
  const net::TestServer server([&](const std::string& request) -> std::string {
    if (request.starts_with("GET /v2/ ")) {
      return Answer("200 OK", "{}");
    }
    ++calls;
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
  });
  const Client client(Quick());
  const auto blob = client.OpenBlob(At(server, "/a"), *base::Digest::Parse("sha256:" + kHex), 100);
  std::array<std::byte, 10> buffer;
  const auto count = blob->Read(buffer);
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code(), base::ErrorCode::kIo);
  EXPECT_EQ(calls, 4);
}

TEST(Client, DoesNotSendLoginsToTokenServersWithoutTls) {
  // The registry is on this machine and speaks HTTP; what it may not do is be believed elsewhere.
  const net::TestServer server([](const std::string& request) -> std::string {
    if (request.starts_with("GET /v2/ ")) {
      return Answer("200 OK", "{}");
    }
    return Answer("401 Unauthorized", "",
                  "WWW-Authenticate: Bearer realm=\"ftp://evil/token\",service=\"s\"\r\n");
  });
  const Client client(Quick());
  const auto manifest = client.GetManifest(At(server, "/a"));
  ASSERT_FALSE(manifest);
  EXPECT_THAT(manifest.error().Message(), HasSubstr("token server"));
}

}  // namespace
}  // namespace scantling::image::registry
