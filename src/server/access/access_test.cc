// Sign-in, sessions, tokens, roles and what protects them, over real sockets and a real store.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/yaml.h"
#include "server/access/json_of.h"
#include "server/access/routes.h"
#include "server/http/server.h"
#include "server/http/test_client.h"
#include "store/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <set>

namespace scantling::server::access {
namespace {

using http::Method;
using http::Request;
using http::Response;
using scantling::testing::Answer;
using scantling::testing::TestClient;

constexpr std::string_view kPassword = "correct horse battery";

class AccessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "scantling_access_" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store::StoreOptions place;
    place.database = "sqlite:" + folder_ + "/store.db";
    auto opened = store::Store::Open(place);
    ASSERT_TRUE(opened) << opened.error().Message();
    store_ = *std::move(opened);
    AccessOptions options;
    options.now = [this] { return now_.load(); };
    options.random = [this](std::span<std::byte> out) {
      const std::string seed = "test " + std::to_string(++seed_);
      const base::Digest digest = base::Sha256Of(base::AsBytes(seed));
      for (size_t i = 0; i < out.size(); ++i) {
        out[i] = digest.bytes.at(i % 32);
      }
    };
    options.cost = PasswordCost::kInteractive;
    options.anonymous_burst = anonymous_burst_;
    access_ = *Access::Open(*store_, options);
    guard_ = std::make_unique<Guard>(router_, *access_);
    AddRoutes(router_, *guard_, *access_);
    guard_->Add(Method::kPost, "/count", {.scope = Scope::kSubmit},
                [this](const Request& request, const Viewer&) {
                  return Response::Json("{\"runs\":" + std::to_string(++runs_) + "}",
                                        request.body == "fail" ? 503 : 201);
                });
    guard_->Add(Method::kGet, "/who", {}, [](const Request&, const Viewer& viewer) {
      std::string text(ToString(viewer.role));
      for (const std::string& owner : viewer.owners) {
        text += " " + owner;
      }
      return Response::Text(text + (viewer.sees_all ? " all" : ""));
    });
    guard_->Add(Method::kGet, "/security", {.role = Role::kSecurity},
                [](const Request&, const Viewer&) { return Response::NoContent(); });
    http::ServerOptions serve;
    serve.now = [this] { return now_.load(); };
    serve.workers = 4;
    server_ = *http::Server::Start(serve, router_);
    root_ = **access_->EnsureFirstUser("root");
    by_.user_id = root_.id;
    by_.name = "root";
    by_.role = Role::kAdmin;
    by_.sees_all = true;
  }
  void TearDown() override {
    server_.reset();
    access_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  TestClient Client() { return TestClient(server_->port()); }
  User Make(std::string_view name, Role role, std::vector<std::string> owners = {}) {
    UserChange change;
    change.role = role;
    change.owners = std::move(owners);
    auto user = access_->CreateUser(by_, name, change);
    EXPECT_TRUE(user) << user.error().Message();
    return *std::move(user);
  }
  // The header lines of a session with its CSRF field.
  std::string SessionOf(int64_t user_id) {
    const auto session = access_->StartSession(user_id, "127.0.0.1", "test");
    EXPECT_TRUE(session);
    return "Cookie: scantling=" + session->secret + "\r\nX-Scantling-CSRF: " + session->csrf +
           "\r\n";
  }
  // Whether a session of that kind is there after so long, while it is used all the time.
  bool LastsFor(int64_t user_id, SignedInBy by, int64_t ms) {
    const auto session = access_->StartSession(user_id, "127.0.0.1", "test", by);
    EXPECT_TRUE(session);
    const int64_t began = now_;
    bool there = true;
    for (int64_t at = 0; at < ms; at += int64_t{3600} * 1000) {
      now_ = began + at;
      there = access_->ViewerOfSession(session->secret, "127.0.0.1")->has_value();
    }
    now_ = began + ms;
    there = access_->ViewerOfSession(session->secret, "127.0.0.1")->has_value();
    const auto listed = access_->Sessions(user_id);
    EXPECT_EQ(std::any_of(listed->begin(), listed->end(),
                          [&](const Session& one) { return one.id == session->session.id; }),
              there);
    now_ = began;
    return there;
  }
  std::string BearerOf(const User& user, uint8_t scopes, std::string_view owner = "") {
    Viewer viewer = by_;
    viewer.user_id = user.id;
    viewer.name = user.name;
    const auto token =
        access_->CreateToken(viewer, "test", scopes, owner, now_ + int64_t{30} * 86400 * 1000);
    EXPECT_TRUE(token) << token.error().Message();
    return "Authorization: Bearer " + token->secret + "\r\n";
  }
  static std::string Member(const std::string& body, std::string_view name) {
    codec::Json json;
    const auto root = json.Parse(body);
    return root ? std::string((*root)[name].Text()) : std::string();
  }
  std::optional<Answer> PostJson(TestClient& client, std::string_view path, std::string headers,
                                 std::string_view body, std::string_view method = "POST") {
    headers += "Content-Type: application/json\r\n";
    return client.Ask(method, path, headers, body);
  }

  static constexpr int64_t kStart = 1'795'543'836'000;
  double anonymous_burst_ = 1000;
  std::string folder_;
  std::atomic<int64_t> now_ = kStart;
  std::atomic<int> seed_ = 0;
  std::atomic<int> runs_ = 0;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Access> access_;
  http::Router router_;
  std::unique_ptr<Guard> guard_;
  std::unique_ptr<http::Server> server_;
  User root_;
  Viewer by_;
};

TEST_F(AccessTest, AProviderIsAskedAgainAfterHalfADay) {
  constexpr int64_t kHour = int64_t{3600} * 1000;
  const User user = Make("ann", Role::kOwner);
  EXPECT_TRUE(LastsFor(user.id, SignedInBy::kProvider, 12 * kHour - 1));
  EXPECT_FALSE(LastsFor(user.id, SignedInBy::kProvider, 12 * kHour));
  EXPECT_TRUE(LastsFor(user.id, SignedInBy::kOurselves, 7 * 24 * kHour - 1));
  EXPECT_FALSE(LastsFor(user.id, SignedInBy::kOurselves, 7 * 24 * kHour));
  const auto session = access_->StartSession(user.id, "127.0.0.1", "test", SignedInBy::kProvider);
  ASSERT_TRUE(session);
  TestClient client = Client();
  const auto me = client.Get("/api/v1/me", "Cookie: scantling=" + session->secret + "\r\n");
  EXPECT_EQ(Member(me->body, "session_ends"), "2026-11-25T06:10:36Z");
  EXPECT_NE(me->body.find("\"signed_in_by_provider\":true"), std::string::npos);
  // A shorter life counts for those that have begun.
  AccessOptions options;
  options.now = [this] { return now_.load(); };
  options.random = [](std::span<std::byte> out) {
    std::fill(out.begin(), out.end(), std::byte{7});
  };
  options.provider_session_ms = kHour;
  const auto other = *Access::Open(*store_, options);
  now_ += kHour;
  EXPECT_FALSE(other->ViewerOfSession(session->secret, "127.0.0.1")->has_value());
  EXPECT_TRUE(access_->ViewerOfSession(session->secret, "127.0.0.1")->has_value());
}

TEST_F(AccessTest, APasswordGivesASessionThatEnds) {
  UserChange change;
  change.password = kPassword;
  ASSERT_TRUE(access_->ChangeUser(by_, root_.id, change));
  TestClient client = Client();
  const std::string right = R"({"name": "root", "password": ")" + std::string(kPassword) + R"("})";
  const auto answer = PostJson(client, "/api/v1/sign-in", "", right);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->status, 200) << answer->body;
  const std::string set = answer->Header("Set-Cookie");
  EXPECT_TRUE(set.starts_with("scantling=")) << set;
  EXPECT_NE(set.find("; HttpOnly"), std::string::npos);
  EXPECT_NE(set.find("; SameSite=Lax"), std::string::npos);
  EXPECT_EQ(set.find("; Secure"), std::string::npos);
  EXPECT_EQ(answer->Header("Cache-Control"), "no-store");
  const std::string cookie = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  const std::string csrf = "X-Scantling-CSRF: " + Member(answer->body, "csrf") + "\r\n";
  const auto me = client.Get("/api/v1/me", cookie);
  ASSERT_TRUE(me);
  EXPECT_EQ(me->status, 200);
  EXPECT_EQ(Member(me->body, "name"), "root");
  EXPECT_EQ(Member(me->body, "role"), "admin");
  EXPECT_EQ(Member(me->body, "csrf"), Member(answer->body, "csrf"));
  const auto out = client.Ask("POST", "/api/v1/sign-out", cookie + csrf, "");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->status, 204);
  EXPECT_NE(out->Header("Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(client.Get("/api/v1/me", cookie)->status, 401);
}

TEST_F(AccessTest, OnesOwnPasswordNeedsThePresentOne) {
  const User user = Make("dora", Role::kViewer);
  TestClient client = Client();
  const std::string fresh = SessionOf(user.id);
  const std::string other = SessionOf(user.id);
  const auto change = [&](const std::string& session, const std::string& present,
                          const std::string& next) {
    const auto answer = PostJson(
        client, "/api/v1/me", session,
        R"({"present_password":")" + present + R"(","password":")" + next + R"("})", "PATCH");
    return answer ? answer->status : 0;
  };
  // The first one: by a session that has just begun, and not later.
  now_ += 16 * 60 * 1000;
  EXPECT_EQ(change(fresh, "", "a first password"), 403);
  const std::string begun = SessionOf(user.id);
  EXPECT_EQ(change(begun, "", "short"), 400);
  EXPECT_EQ(change(begun, "", "a first password"), 204);
  EXPECT_EQ(client.Get("/api/v1/me", other)->status, 401) << "other sessions end";
  EXPECT_EQ(client.Get("/api/v1/me", begun)->status, 200) << "this one goes on";
  // From now on the present one is wanted, also of a new session.
  EXPECT_EQ(change(begun, "", "a second password"), 403);
  EXPECT_EQ(change(begun, "a wrong password", "a second password"), 403);
  EXPECT_EQ(change(begun, "a first password", "a second password"), 204);
  EXPECT_TRUE(access_->SignInWithPassword("dora", "a second password", "10.0.0.2", "")->session);
  EXPECT_FALSE(access_->SignInWithPassword("dora", "a first password", "10.0.0.2", "")->session);
  // Guessing waits, as at the sign-in.
  int status = 0;
  for (int i = 0; i < 6 && status != 429; ++i) {
    status = change(begun, "a wrong password", "a third password");
  }
  EXPECT_EQ(status, 429);
  // No token does it, no form of another site, and nobody of single sign-on.
  EXPECT_EQ(change(BearerOf(user, 7), "a second password", "a third password"), 403);
  EXPECT_EQ(
      change(begun.substr(0, begun.find("X-Scantling")), "a second password", "a third password"),
      403);
  Identity identity;
  identity.subject = "https://id.example.org 1";
  identity.name = "Eve <eve@example.org>";
  identity.new_role = Role::kViewer;
  const auto eve = access_->UserOfIdentity(identity);
  ASSERT_TRUE(eve) << eve.error().Message();
  EXPECT_EQ(eve->name, "eveeve@example.org");
  EXPECT_EQ(change(SessionOf(eve->id), "", "a first password"), 409);
}

TEST_F(AccessTest, WrongPasswordsWaitLongerAndLonger) {
  UserChange change;
  change.password = kPassword;
  ASSERT_TRUE(access_->ChangeUser(by_, root_.id, change));
  for (int i = 0; i < 3; ++i) {
    const auto attempt = access_->SignInWithPassword("root", "wrong", "10.0.0.1", "");
    ASSERT_TRUE(attempt);
    EXPECT_FALSE(attempt->session);
    EXPECT_EQ(attempt->wait_ms, 0);
  }
  // The fourth is heard and puts a second before the fifth.
  EXPECT_EQ(access_->SignInWithPassword("root", "wrong", "10.0.0.1", "")->wait_ms, 0);
  const auto blocked = access_->SignInWithPassword("root", kPassword, "10.0.0.1", "");
  EXPECT_EQ(blocked->wait_ms, 1000);
  EXPECT_FALSE(blocked->session);
  // Elsewhere the right one works meanwhile; the wait here goes on.
  EXPECT_TRUE(access_->SignInWithPassword("root", kPassword, "10.0.0.2", "")->session);
  EXPECT_EQ(access_->SignInWithPassword("root", kPassword, "10.0.0.1", "")->wait_ms, 1000);
  now_ += 1000;
  EXPECT_EQ(access_->SignInWithPassword("root", "wrong", "10.0.0.1", "")->wait_ms, 0);
  EXPECT_EQ(access_->SignInWithPassword("root", kPassword, "10.0.0.1", "")->wait_ms, 2000);
  now_ += 2000;
  EXPECT_TRUE(access_->SignInWithPassword("root", kPassword, "10.0.0.1", "")->session);
  EXPECT_FALSE(access_->SignInWithPassword("nobody", kPassword, "10.0.0.1", "")->session);
  // The name of a browser is bytes that anybody sends.
  EXPECT_TRUE(access_->SignInWithPassword("root", kPassword, "10.0.0.3", "\xff\xc3")->session);
}

TEST_F(AccessTest, SignInRefusesWhatAFormOfAnotherSiteCanSend) {
  TestClient client = Client();
  EXPECT_EQ(client
                .Ask("POST", "/api/v1/sign-in", "Content-Type: text/plain\r\n",
                     R"({"name":"root","password":"x"})")
                ->status,
            415);
  EXPECT_EQ(PostJson(client, "/api/v1/sign-in", "", R"(["root"])")->status, 400);
  EXPECT_EQ(PostJson(client, "/api/v1/sign-in", "", R"({"name":)")->status, 400);
  EXPECT_EQ(PostJson(client, "/api/v1/sign-in", "", R"({"name":"root","password":"x"})")->status,
            401);
  EXPECT_EQ(PostJson(client, "/api/v1/sign-in", "", R"({"name":7})")->status, 401);
}

TEST_F(AccessTest, ALinkWorksOnceAndForAQuarterOfAnHour) {
  TestClient client = Client();
  const std::string path = "/sign-in/link/" + *access_->CreateLink(by_, root_.id);
  const auto first = client.Get(path);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 303);
  EXPECT_EQ(first->Header("Location"), "/");
  const std::string set = first->Header("Set-Cookie");
  EXPECT_EQ(client.Get("/who", "Cookie: " + set.substr(0, set.find(';')) + "\r\n")->body,
            "admin all");
  const auto second = client.Get(path);
  EXPECT_EQ(second->Header("Location"), "/sign-in?problem=link");
  EXPECT_EQ(second->Header("Set-Cookie"), "");
  const std::string late = "/sign-in/link/" + *access_->CreateLink(by_, root_.id);
  now_ += int64_t{15} * 60 * 1000;
  EXPECT_EQ(client.Get(late)->Header("Location"), "/sign-in?problem=link");
  EXPECT_EQ(client.Get("/sign-in/link/unknown")->Header("Location"), "/sign-in?problem=link");
}

TEST_F(AccessTest, SessionsEndByIdlenessAndByAge) {
  TestClient client = Client();
  const std::string idle = SessionOf(root_.id);
  now_ += int64_t{11} * 3600 * 1000;
  EXPECT_EQ(client.Get("/who", idle)->status, 200);  // and counts as seen
  now_ += int64_t{11} * 3600 * 1000;
  EXPECT_EQ(client.Get("/who", idle)->status, 200);
  now_ += int64_t{12} * 3600 * 1000;
  EXPECT_EQ(client.Get("/who", idle)->status, 401);
  const std::string old = SessionOf(root_.id);
  for (int i = 0; i < 20; ++i) {
    now_ += int64_t{8} * 3600 * 1000;
    EXPECT_EQ(client.Get("/who", old)->status, 200) << i;
  }
  now_ += int64_t{8} * 3600 * 1000;  // seven days
  EXPECT_EQ(client.Get("/who", old)->status, 401);
  ASSERT_TRUE(access_->Prune());
  EXPECT_TRUE(access_->Sessions(root_.id)->empty());
}

TEST_F(AccessTest, AClockThatJumpsOpensNothingAndLocksNobodyOut) {
  TestClient client = Client();
  const int64_t right = now_;
  const std::string session = SessionOf(root_.id);
  const std::string path = "/sign-in/link/" + *access_->CreateLink(by_, root_.id);
  // Back by a day: who is signed in stays so, and the link works once.
  now_ = right - int64_t{24} * 3600 * 1000;
  EXPECT_EQ(client.Get("/who", session)->status, 200);
  EXPECT_EQ(client.Get(path)->Header("Location"), "/");
  EXPECT_EQ(client.Get(path)->Header("Location"), "/sign-in?problem=link");
  // Right again: what was used meanwhile is not idle, and new ones are made.
  now_ = right;
  EXPECT_EQ(client.Get("/who", session)->status, 200);
  EXPECT_EQ(client.Get("/who", SessionOf(root_.id))->status, 200);
  // Forth by a year: what has an end has ended.
  const std::string late = "/sign-in/link/" + *access_->CreateLink(by_, root_.id);
  now_ = right + int64_t{365} * 24 * 3600 * 1000;
  EXPECT_EQ(client.Get("/who", session)->status, 401);
  EXPECT_EQ(client.Get(late)->Header("Location"), "/sign-in?problem=link");
  EXPECT_EQ(client.Get("/who", SessionOf(root_.id))->status, 200);
}

TEST_F(AccessTest, ChangesBySessionNeedTheirCsrfField) {
  TestClient client = Client();
  const std::string session = SessionOf(root_.id);
  const std::string cookie = session.substr(0, session.find("X-Scantling"));
  EXPECT_EQ(client.Ask("POST", "/count", cookie, "")->status, 403);
  EXPECT_EQ(client.Ask("POST", "/count", cookie + "X-Scantling-CSRF: 1\r\n", "")->status, 403);
  // Another session's.
  const std::string other = SessionOf(root_.id);
  EXPECT_EQ(
      client.Ask("POST", "/count", cookie + other.substr(other.find("X-Scantling")), "")->status,
      403);
  EXPECT_EQ(runs_, 0);
  EXPECT_EQ(client.Ask("POST", "/count", session, "")->status, 201);
  EXPECT_EQ(client.Get("/who", cookie)->status, 200);
}

TEST_F(AccessTest, WrongCredentialsAreRefused) {
  TestClient client = Client();
  const auto nothing = client.Get("/who");
  EXPECT_EQ(nothing->status, 401);
  EXPECT_TRUE(nothing->Header("WWW-Authenticate").starts_with("Bearer"));
  EXPECT_EQ(client.Get("/who", "Authorization: Bearer sct_wrong\r\n")->status, 401);
  EXPECT_EQ(client.Get("/who", "Authorization: Bearer\r\n")->status, 401);
  EXPECT_EQ(client.Get("/who", "Authorization: Basic cm9vdDp4\r\n")->status, 401);
  EXPECT_EQ(client.Get("/who", "Cookie: scantling=wrong\r\n")->status, 401);
  // A wrong token is not saved by a good cookie.
  EXPECT_EQ(client.Get("/who", SessionOf(root_.id) + "Authorization: Bearer sct_x\r\n")->status,
            401);
}

TEST_F(AccessTest, TokensHaveScopesAnEndAndARevocation) {
  TestClient client = Client();
  const uint8_t read = static_cast<uint8_t>(Scope::kRead);
  const uint8_t submit = static_cast<uint8_t>(Scope::kSubmit);
  const std::string reader = BearerOf(root_, read);
  EXPECT_EQ(client.Get("/who", reader)->status, 200);
  const auto refused = client.Ask("POST", "/count", reader, "");
  EXPECT_EQ(refused->status, 403);
  EXPECT_NE(refused->body.find("urn:scantling:problem:scope"), std::string::npos);
  EXPECT_EQ(client.Ask("POST", "/count", BearerOf(root_, submit), "")->status, 201);
  EXPECT_EQ(client.Get("/who", BearerOf(root_, submit))->status, 403);
  EXPECT_EQ(client.Get("/api/v1/users", reader)->status, 403);
  EXPECT_EQ(
      client.Get("/api/v1/users", BearerOf(root_, static_cast<uint8_t>(Scope::kAdmin)))->status,
      200);
  EXPECT_EQ(client.Get("/api/v1/tokens", reader)->status, 403);  // a person only
  const std::vector<Token> tokens = *access_->Tokens(root_.id);
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens.back().last_used, now_);
  EXPECT_EQ(tokens.back().last_address, "127.0.0.1");
  const std::string session = SessionOf(root_.id);
  const std::string path = "/api/v1/tokens/" + std::to_string(tokens.back().id);
  EXPECT_EQ(client.Ask("DELETE", path, session, "")->status, 204);
  EXPECT_EQ(client.Ask("DELETE", path, session, "")->status, 404);
  EXPECT_EQ(client.Get("/who", reader)->status, 401);
  const std::string expiring = BearerOf(root_, read);
  now_ += int64_t{30} * 86400 * 1000;
  EXPECT_EQ(client.Get("/who", expiring)->status, 401);
}

TEST_F(AccessTest, TokensAreMadeWithinLimitsAndShownOnce) {
  TestClient client = Client();
  const std::string session = SessionOf(root_.id);
  const auto make = [&](const std::string& body) {
    return PostJson(client, "/api/v1/tokens", session, body);
  };
  const std::string soon = "\"2026-11-25T18:10:36Z\"";
  EXPECT_EQ(make(R"({"name":"a","scopes":["read"]})")->status, 400);  // no end
  EXPECT_EQ(make(R"({"name":"a","scopes":["read"],"expires":"soon"})")->status, 400);
  EXPECT_EQ(make(R"({"name":"a","scopes":["read"],"expires":)" +
                 std::to_string(now_ + int64_t{400} * 86400000) + "}")
                ->status,
            400);
  EXPECT_EQ(make(R"({"name":"a","scopes":[],"expires":)" + soon + "}")->status, 400);
  EXPECT_EQ(make(R"({"name":"a","scopes":["root"],"expires":)" + soon + "}")->status, 400);
  const auto made = make(R"({"name":"a","scopes":["read","submit"],"expires":)" + soon + "}");
  ASSERT_EQ(made->status, 201) << made->body;
  const std::string secret = Member(made->body, "secret");
  EXPECT_TRUE(secret.starts_with("sct_"));
  EXPECT_EQ(Member(made->body, "expires"), "2026-11-25T18:10:36Z");
  EXPECT_NE(made->body.find(R"("last_used":null)"), std::string::npos) << made->body;
  EXPECT_EQ(client.Get("/who", "Authorization: bearer " + secret + "\r\n")->status, 200);
  EXPECT_EQ(client.Get("/api/v1/tokens", session)->body.find(secret), std::string::npos);
  EXPECT_EQ(client.Get("/api/v1/audit", session)->body.find(secret), std::string::npos);
  const User viewer = Make("vera", Role::kViewer, {"shop"});
  const std::string hers = SessionOf(viewer.id);
  EXPECT_EQ(PostJson(client, "/api/v1/tokens", hers,
                     R"({"name":"a","scopes":["submit"],"expires":)" + soon + "}")
                ->status,
            400);
  EXPECT_EQ(PostJson(client, "/api/v1/tokens", hers,
                     R"({"name":"a","scopes":["read"],"owner":"bank","expires":)" + soon + "}")
                ->status,
            400);
  EXPECT_EQ(PostJson(client, "/api/v1/tokens", hers,
                     R"({"name":"a","scopes":["read"],"owner":"shop","expires":)" + soon + "}")
                ->status,
            201);
}

TEST_F(AccessTest, RolesAndOwnersLimitWhatIsSeen) {
  TestClient client = Client();
  const User vera = Make("vera", Role::kViewer, {"shop", "bank", "shop"});
  EXPECT_EQ(client.Get("/who", SessionOf(vera.id))->body, "viewer bank shop");
  EXPECT_EQ(client.Get("/security", SessionOf(vera.id))->status, 403);
  EXPECT_EQ(client.Get("/api/v1/users", SessionOf(vera.id))->status, 403);
  EXPECT_EQ(client.Get("/api/v1/audit", SessionOf(vera.id))->status, 403);
  const User sam = Make("sam", Role::kSecurity);
  EXPECT_EQ(client.Get("/who", SessionOf(sam.id))->body, "security all");
  EXPECT_EQ(client.Get("/security", SessionOf(sam.id))->status, 204);
  EXPECT_EQ(client.Get("/api/v1/audit", SessionOf(sam.id))->status, 200);
  EXPECT_EQ(client.Get("/api/v1/users", SessionOf(sam.id))->status, 403);
  // An owner's token sees that owner only, whoever made it, and no more than its maker does now.
  const uint8_t read = static_cast<uint8_t>(Scope::kRead);
  EXPECT_EQ(client.Get("/who", BearerOf(sam, read, "shop"))->body, "owner shop");
  const std::string hers = BearerOf(vera, read, "shop");
  EXPECT_EQ(client.Get("/who", hers)->body, "viewer shop");
  UserChange change;
  change.owners = {"bank"};
  ASSERT_TRUE(access_->ChangeUser(by_, vera.id, change));
  EXPECT_EQ(client.Get("/who", hers)->body, "viewer");
  // Another one's sessions and tokens are not there.
  EXPECT_EQ(
      client.Get("/api/v1/tokens?user_id=" + std::to_string(root_.id), SessionOf(vera.id))->status,
      404);
  SessionOf(root_.id);
  const std::string of_root = access_->Sessions(root_.id)->front().id;
  EXPECT_EQ(client.Ask("DELETE", "/api/v1/sessions/" + of_root, SessionOf(vera.id), "")->status,
            404);
  EXPECT_EQ(client.Ask("DELETE", "/api/v1/sessions/" + of_root, SessionOf(root_.id), "")->status,
            204);
}

TEST_F(AccessTest, UsersAreMadeChangedAndDeleted) {
  TestClient client = Client();
  const std::string root = SessionOf(root_.id);
  const auto made = PostJson(
      client, "/api/v1/users", root,
      R"({"name":"olga","role":"owner","owners":["shop"],"password":"long enough words"})");
  ASSERT_EQ(made->status, 201) << made->body;
  EXPECT_EQ(made->body.find("long enough"), std::string::npos);
  EXPECT_EQ(made->body.find("argon"), std::string::npos);
  const std::string path = made->Header("Location");
  EXPECT_EQ(PostJson(client, "/api/v1/users", root, R"({"name":"olga"})")->status, 409);
  EXPECT_EQ(PostJson(client, "/api/v1/users", root, R"({"name":"Bad Name"})")->status, 400);
  EXPECT_EQ(PostJson(client, "/api/v1/users", root, R"({"name":"x","role":"king"})")->status, 400);
  EXPECT_EQ(PostJson(client, "/api/v1/users", root, R"({"name":"x","password":"short"})")->status,
            400);
  EXPECT_EQ(PostJson(client, "/api/v1/users", root, R"({"name":"x","owners":"shop"})")->status,
            400);
  const User olga = **access_->FindUser("olga");
  const std::string hers = SessionOf(olga.id);
  EXPECT_EQ(client.Get("/who", hers)->body, "owner shop");
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(client.Ask("PATCH", path, root + json, R"({"role":"security"})")->status, 200);
  EXPECT_EQ(client.Get("/who", hers)->body, "security shop all");
  EXPECT_EQ(client.Ask("PATCH", path, root + json, R"({"disabled":true})")->status, 200);
  EXPECT_EQ(client.Get("/who", hers)->status, 401);
  EXPECT_EQ(client.Ask("DELETE", path, root, "")->status, 204);
  EXPECT_EQ(client.Ask("DELETE", path, root, "")->status, 404);
  // Nobody locks everybody out.
  const std::string self = "/api/v1/users/" + std::to_string(root_.id);
  EXPECT_EQ(client.Ask("DELETE", self, root, "")->status, 409);
  EXPECT_EQ(client.Ask("PATCH", self, root + json, R"({"role":"viewer"})")->status, 409);
  EXPECT_EQ(client.Get("/who", root)->body, "admin all");
}

TEST_F(AccessTest, EveryChangeIsInTheAuditLog) {
  TestClient client = Client();
  const std::string root = SessionOf(root_.id);
  ASSERT_EQ(PostJson(client, "/api/v1/users", root, R"({"name":"olga"})")->status, 201);
  const std::string path = "/api/v1/users/" + std::to_string((**access_->FindUser("olga")).id);
  client.Ask("PATCH", path, root + "Content-Type: application/json\r\n", R"({"role":"owner"})");
  client.Ask("DELETE", path, root, "");
  const auto page = client.Get("/api/v1/audit?subject=user:olga&limit=2", root);
  codec::Json json;
  const auto first = json.Parse(page->body);
  ASSERT_TRUE(first) << page->body;
  std::vector<std::string> actions;
  (*first)["items"].ForEach([&](codec::JsonValue entry) {
    actions.emplace_back(entry["action"].Text());
    EXPECT_EQ(entry["user"].Text(), "root");
    EXPECT_EQ(entry["address"].Text(), "127.0.0.1");
    EXPECT_EQ(entry["at"].Text(), "2026-11-24T18:10:36Z");
    if (entry["action"].Text() == "user.change") {
      EXPECT_EQ(entry["before"]["role"].Text(), "viewer");
      EXPECT_EQ(entry["after"]["role"].Text(), "owner");
    }
    return true;
  });
  EXPECT_EQ(actions, (std::vector<std::string>{"user.delete", "user.change"}));
  const std::string next((*first)["next"].Text());
  ASSERT_FALSE(next.empty());
  const auto rest = client.Get("/api/v1/audit?subject=user:olga&limit=2&cursor=" + next, root);
  EXPECT_NE(rest->body.find("user.create"), std::string::npos);
  EXPECT_NE(rest->body.find("\"next\":null"), std::string::npos);
  EXPECT_EQ(client.Get("/api/v1/audit?limit=0", root)->status, 400);
  EXPECT_EQ(client.Get("/api/v1/audit?cursor=x", root)->status, 400);
}

TEST_F(AccessTest, TheSameKeyGetsTheSameAnswer) {
  TestClient client = Client();
  const std::string session = SessionOf(root_.id);
  const std::string key = session + "Idempotency-Key: k1\r\n";
  const auto first = client.Ask("POST", "/count", key, "body");
  const auto second = client.Ask("POST", "/count", key, "body");
  EXPECT_EQ(first->status, 201);
  EXPECT_EQ(second->status, 201);
  EXPECT_EQ(second->body, first->body);
  EXPECT_EQ(second->Header("Content-Type"), "application/json");
  EXPECT_EQ(second->Header("Idempotency-Replayed"), "true");
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(client.Ask("POST", "/count", key, "other")->status, 422);
  EXPECT_EQ(client.Ask("POST", "/count?a=1", key, "body")->status, 422);
  EXPECT_EQ(runs_, 1);
  // Another user's key of the same text is another one.
  const User olga = Make("olga", Role::kOwner);
  EXPECT_EQ(
      client.Ask("POST", "/count", SessionOf(olga.id) + "Idempotency-Key: k1\r\n", "body")->status,
      201);
  EXPECT_EQ(runs_, 2);
  // A failure is tried again.
  const std::string failing = session + "Idempotency-Key: k2\r\n";
  EXPECT_EQ(client.Ask("POST", "/count", failing, "fail")->status, 503);
  EXPECT_EQ(client.Ask("POST", "/count", failing, "fail")->status, 503);
  EXPECT_EQ(runs_, 4);
  now_ += int64_t{24} * 3600 * 1000;
  EXPECT_EQ(
      client.Ask("POST", "/count", SessionOf(root_.id) + "Idempotency-Key: k1\r\n", "body")->status,
      201);
  EXPECT_EQ(runs_, 5);
  EXPECT_EQ(
      client.Ask("POST", "/count", SessionOf(root_.id) + "Idempotency-Key: k\xff\r\n", "body")
          ->status,
      400);
  EXPECT_EQ(runs_, 5);
}

TEST_F(AccessTest, TooManyRequestsWait) {
  TestClient client = Client();
  const std::string session = SessionOf(root_.id);
  int refused = 0;
  std::optional<Answer> last;
  for (int i = 0; i < 210; ++i) {
    last = client.Get("/who", session);
    refused += last->status == 429 ? 1 : 0;
  }
  EXPECT_EQ(refused, 10);
  EXPECT_EQ(last->Header("Retry-After"), "1");
  now_ += 1000;
  EXPECT_EQ(client.Get("/who", session)->status, 200);
  EXPECT_EQ(client.Get("/who", SessionOf(root_.id))->status, 200);
}

class ShortPatienceTest : public AccessTest {
 protected:
  ShortPatienceTest() { anonymous_burst_ = 3; }
};

TEST_F(ShortPatienceTest, GuessersWait) {
  TestClient client = Client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.Get("/who", "Authorization: Bearer sct_" + std::to_string(i) + "\r\n")->status,
              401);
  }
  EXPECT_EQ(client.Get("/who", "Authorization: Bearer sct_9\r\n")->status, 429);
  EXPECT_EQ(PostJson(client, "/api/v1/sign-in", "", R"({"name":"root","password":"x"})")->status,
            429);
  EXPECT_EQ(client.Get("/who", SessionOf(root_.id))->status, 200);
}

TEST_F(AccessTest, EveryRouteOfAccessIsDescribed) {
  const auto text =
      base::ReadFile(std::string(SCANTLING_SOURCE_DIR) + "/api/openapi.yaml", 8 << 20);
  ASSERT_TRUE(text);
  const auto documents = codec::ParseYaml(*text);
  ASSERT_TRUE(documents) << documents.error().Message();
  const codec::YamlNode& paths = documents->front()["paths"];
  for (const http::Route* route : router_.Routes()) {
    if (!route->pattern.starts_with("/api/") && !route->pattern.starts_with("/sign-in/")) {
      continue;  // this test's own
    }
    EXPECT_TRUE(paths[route->pattern].Has(base::Lower(http::ToString(route->method))))
        << http::ToString(route->method) << " " << route->pattern;
  }
}

TEST(SecretsTest, PasswordsAreArgon2id) {
  const auto hash = HashPassword(kPassword, PasswordCost::kInteractive);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$"));
  EXPECT_TRUE(VerifyPassword(*hash, kPassword));
  EXPECT_FALSE(VerifyPassword(*hash, "correct horse batterx"));
  EXPECT_FALSE(VerifyPassword("", kPassword));
  EXPECT_FALSE(VerifyPassword("$argon2id$nonsense", kPassword));
}

}  // namespace
}  // namespace scantling::server::access
