// The worker's side of scans, on both databases, with a scan that does what the test wants: what
// takes too long, what kills its worker again and again, what is broken off, what fails and how.
#include "server/registry_work.h"

#include "advisory/database.h"
#include "base/strings.h"
#include "net/test_server.h"
#include "program/lists.h"
#include "server/http/server.h"
#include "server/registry_look.h"
#include "store/jobs.h"
#include "tests/support/stores.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace scantling::server {
namespace {

using program::Millis;
using scantling::testing::ErrorOf;
using ::testing::HasSubstr;

class RegistryWorkTest : public scantling::testing::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    service_ = std::make_unique<program::Service>(
        *store_, program::ServiceOptions{[this] { return now_.load(); }});
    auto opened = advisory::OpenEmbedded();
    ASSERT_TRUE(opened.has_value());
    ASSERT_TRUE(
        service_->UseDatabase(std::make_shared<const advisory::Database>(*std::move(opened))));
    auto watch = program::ParseWatch(R"({"registry":"x.example","repositories":["team/shop"]})");
    ASSERT_TRUE(watch.has_value());
    watch_ = *std::move(watch);
    watch_.next = INT64_MAX;  // no look: there is no such registry
    ASSERT_EQ(ErrorOf(store_->Write(store::Order::kFree,
                                    [&](store::Connection& connection) -> base::Result<void> {
                                      SCANTLING_TRY(watch_.id,
                                                    program::AddWatch(connection, watch_));
                                      return {};
                                    })),
              "(no error)");
    const auto queued = program::RecordTags(*store_, watch_, "team/shop", {{"1", Digest(), now_}},
                                            program::ScanPriority::kBackground, now_);
    ASSERT_EQ(queued.value_or(0), 1u);
  }
  void TearDown() override { service_.reset(); }

  static std::string Digest() { return "sha256:" + std::string(64, '1'); }
  RegistryWorkOptions Options(ScanImage scan) {
    RegistryWorkOptions out;
    out.scan = std::move(scan);
    out.worker = "worker " + std::to_string(++workers_);
    out.lease_ms = 3000;
    out.log = [](std::string_view, std::string_view) {};
    return out;
  }
  static base::Result<model::Inventory> Scanned(const ImageRequest&) {
    model::Inventory out;
    out.image.digest = Digest();
    model::Component component;
    component.type = version::Ecosystem::kNpm;
    component.name = "lodash";
    component.version = "4.17.15";
    component.purl = component.ref = "pkg:npm/lodash@4.17.15";
    out.components.push_back(std::move(component));
    return out;
  }
  // "state: detail" of the image.
  std::string State() {
    std::string out;
    const auto read = service_->Read(0, [&](const program::View& view) -> base::Result<void> {
      for (const uint32_t content : view.contents()) {
        out.append(view.State(content)).append(": ").append(view.StateDetail(content));
      }
      return {};
    });
    EXPECT_TRUE(read.has_value()) << ErrorOf(read);
    return out;
  }
  // A minute is for machines that are slow; what is waited for comes at once.
  bool Eventually(const std::function<bool()>& met) {
    for (int i = 0; i < 2400 && !met(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return met();
  }
  std::string WaitFor(std::string_view state) {
    EXPECT_TRUE(Eventually([&] { return State().starts_with(state); })) << State();
    return State();
  }
  int64_t Jobs(const std::string& kind, const std::string& condition) {
    return Number(*store_,
                  "SELECT COUNT(*) FROM jobs WHERE kind = '" + kind + "' AND " + condition);
  }

  static std::string Answer(std::string_view status, const std::string& body,
                            const std::string& digest = "") {
    return "HTTP/1.1 " + std::string(status) + "\r\n" +
           (digest.empty() ? "" : "Docker-Content-Digest: " + digest + "\r\n") +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  // Puts the watch at that registry. Its job of a scan is ended: nobody reads images here.
  void WatchServer(const net::TestServer& server, std::vector<std::string> repositories) {
    Run("UPDATE jobs SET state = 2");
    watch_.registry = "127.0.0.1:" + std::to_string(server.port());
    watch_.repositories = std::move(repositories);
    StoreSettings();
  }
  void StoreSettings() {
    const auto stored = store_->Write(store::Order::kFree, [&](store::Connection& connection) {
      return program::ChangeWatch(connection, watch_);
    });
    EXPECT_TRUE(stored.has_value()) << ErrorOf(stored);
  }
  void Queue(const std::function<base::Result<bool>(store::Connection&)>& job) {
    const auto queued = store_->Write(store::Order::kFree,
                                      [&](store::Connection& connection) -> base::Result<void> {
                                        SCANTLING_TRY(const bool fresh, job(connection));
                                        static_cast<void>(fresh);
                                        return {};
                                      });
    EXPECT_TRUE(queued.has_value()) << ErrorOf(queued);
  }
  void QueueLook() {
    Queue([&](store::Connection& connection) {
      return QueueCheck(connection, watch_.id, 0, store::WhileRunning::kFollow, now_);
    });
  }
  program::Watch Stored() {
    program::Watch out;
    const auto read = store_->Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(out, program::ReadWatch(connection, watch_.id));
      return {};
    });
    EXPECT_TRUE(read.has_value()) << ErrorOf(read);
    return out;
  }
  RegistryWorkOptions Looks() {
    RegistryWorkOptions out = Options({});
    out.registry.retry.attempts = 1;
    return out;
  }

  std::atomic<Millis> now_ = Millis{1'897'000'000} * 1000;
  std::unique_ptr<program::Service> service_;
  program::Watch watch_;
  int workers_ = 0;
};

TEST_P(RegistryWorkTest, ScansWhatIsQueuedAsTheWatchSays) {
  std::string asked;
  RegistryWork work(*service_, Options([&](const ImageRequest& request) {
    asked = request.reference + " " + request.platform;
    return Scanned(request);
  }));
  work.Start();
  EXPECT_EQ(WaitFor("ok"), "ok: ");
  work.Stop();
  EXPECT_EQ(asked, "x.example/team/shop@" + Digest() + " ");
}

TEST_P(RegistryWorkTest, EveryKindOfFailureHasItsState) {
  base::ErrorCode code = base::ErrorCode::kIo;
  RegistryWork work(*service_, Options([&](const ImageRequest&) -> base::Result<model::Inventory> {
    return base::Error(code, "what is wrong");
  }));
  work.Start();
  // The network: again later, and five times.
  EXPECT_THAT(WaitFor("queued: attempt 1"), HasSubstr("failed: what is wrong; the next at "));
  for (int attempt = 2; attempt <= 5; ++attempt) {
    now_ += 3'600'000;
    WaitFor(attempt < 5 ? "queued: attempt " + std::to_string(attempt) : "failed: what is wrong");
  }
  work.Stop();
  for (const auto& [wrong, state] :
       {std::pair(base::ErrorCode::kInvalid, "failed: what is wrong"),
        std::pair(base::ErrorCode::kUnsupported, "unsupported: what is wrong"),
        std::pair(base::ErrorCode::kMismatch, "failed: what is wrong")}) {
    code = wrong;
    const auto again = service_->Write([&](program::Change& change) -> base::Result<void> {
      SCANTLING_TRY(
          const bool queued,
          program::QueueScan(change, {watch_.id, "x.example", "team/shop", Digest()},
                             program::ScanWhen::kAlways, program::ScanPriority::kSomebodyWaits));
      EXPECT_TRUE(queued);
      return {};
    });
    ASSERT_TRUE(again.has_value()) << ErrorOf(again);
    EXPECT_EQ(State(), "queued: ");
    RegistryWork one(*service_, Options([&](const ImageRequest&) -> base::Result<model::Inventory> {
      return base::Error(code, "what is wrong");
    }));
    one.Start();
    EXPECT_EQ(WaitFor(state), state);
  }
}

TEST_P(RegistryWorkTest, WhatTakesTooLongHasFailed) {
  RegistryWorkOptions options = Options([&](const ImageRequest&) -> base::Result<model::Inventory> {
    now_ += 3'600'000;
    return base::Error(base::ErrorCode::kIo, "the line was cut");
  });
  options.longest_scan_ms = 1'800'000;
  RegistryWork work(*service_, std::move(options));
  work.Start();
  EXPECT_EQ(WaitFor("failed"), "failed: it took longer than 30 minutes");
}

TEST_P(RegistryWorkTest, AnImageThatKillsItsWorkersFailsInTheEnd) {
  for (int64_t attempt = 1; attempt <= program::kScanAttempts; ++attempt) {
    const auto job = store::Claim(*store_, {"scan"}, "doomed", now_, 3000);
    ASSERT_TRUE(job.has_value() && job->has_value());
    EXPECT_EQ((*job)->attempts, attempt);
    now_ += 3001;
  }
  std::atomic<bool> scanned = false;
  RegistryWork work(*service_, Options([&](const ImageRequest& request) {
    scanned = true;
    return Scanned(request);
  }));
  work.Start();
  EXPECT_EQ(WaitFor("failed"), "failed: the worker ended 5 times while it scanned this image");
  EXPECT_FALSE(scanned);
}

TEST_P(RegistryWorkTest, AWorkerThatEndsGivesItsScanBack) {
  const net::TestServer registry([](const std::string&) { return std::string("<hold>"); });
  {
    RegistryWork work(*service_, Options([&](const ImageRequest& request) {
      image::registry::Reference reference;
      reference.registry = "127.0.0.1:" + std::to_string(registry.port());
      reference.repository = "a";
      reference.tag = "1";
      // Until it is broken off.
      return base::Result<model::Inventory>(
          request.registry.GetManifest(reference).error().Clone());
    }));
    work.Start();
    EXPECT_EQ(WaitFor("running"), "running: ");
    work.Stop();
  }
  EXPECT_EQ(State(), "queued: ");
  EXPECT_EQ(Number(*store_, "SELECT attempts FROM jobs WHERE kind = 'scan'"), 0);
  RegistryWork work(*service_, Options(Scanned));
  work.Start();
  EXPECT_EQ(WaitFor("ok"), "ok: ");
}

TEST_P(RegistryWorkTest, WithoutAScanFunctionScansAreLeftToOthers) {
  RegistryWork idle(*service_, Options({}));
  idle.Start();
  RegistryWork busy(*service_, Options(Scanned));
  Queue([&](store::Connection& connection) {
    return QueueResolve(connection, watch_.id + 1, "team/shop", "1", now_);
  });
  EXPECT_TRUE(Eventually([&] { return Jobs("resolve", "state = 3") == 1; }));  // no such watch
  EXPECT_EQ(State(), "queued: ");
  busy.Start();
  EXPECT_EQ(WaitFor("ok"), "ok: ");
}

TEST_P(RegistryWorkTest, AWatchThatIsDueIsQueuedOnceAndADeletedOneIsNotWaitedFor) {
  watch_.next = now_;
  StoreSettings();
  RegistryWork work(*service_, Options(Scanned));
  EXPECT_EQ(ErrorOf(work.Plan()), "(no error)");
  EXPECT_EQ(ErrorOf(work.Plan()), "(no error)");
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM jobs WHERE kind = 'check'"), 1);
  now_ += watch_.interval_ms;
  EXPECT_EQ(ErrorOf(work.Plan()), "(no error)");
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM jobs WHERE kind = 'check'"), 1);
  // A clock that goes back a year is no pause of a year.
  now_ -= 365 * program::kMillisPerDay;
  EXPECT_EQ(ErrorOf(work.Plan()), "(no error)");
  EXPECT_EQ(Number(*store_, "SELECT next FROM watches"), now_ + watch_.interval_ms);
  now_ += 365 * program::kMillisPerDay;
  ASSERT_EQ(ErrorOf(store_->Write(store::Order::kFree,
                                  [&](store::Connection& connection) {
                                    return program::DeleteWatch(connection, watch_.id);
                                  })),
            "(no error)");
  work.Start();
  EXPECT_EQ(WaitFor("failed"), "failed: the registry x.example is not watched any more");
  for (int i = 0; i < 2400 && Number(*store_,
                                     "SELECT COUNT(*) FROM jobs WHERE kind = 'check' AND "
                                     "state = 3") == 0;
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM jobs WHERE kind = 'check' AND state = 3"), 1);
}

TEST_P(RegistryWorkTest, APushDuringTheLookAtItsTagIsLookedAtAfterIt) {
  std::atomic<int> asked = 0;
  const auto push = [&] {
    Queue([&](store::Connection& connection) {
      return QueueResolve(connection, watch_.id, "team/shop", "latest", now_);
    });
  };
  const net::TestServer server([&](const std::string&) {
    if (++asked == 1) {
      push();  // after the registry's answer was made
      return Answer("200 OK", "", "sha256:" + std::string(64, 'a'));
    }
    now_ += 1;
    return Answer("200 OK", "", "sha256:" + std::string(64, 'b'));
  });
  WatchServer(server, {"team/shop"});
  push();
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] {
    return Number(*store_,
                  "SELECT COUNT(*) FROM names JOIN contents ON contents.id = names.content WHERE "
                  "tag = 'latest' AND until = 0 AND contents.digest LIKE 'sha256:b%'") == 1;
  }));
}

TEST_P(RegistryWorkTest, SettingsThatChangeDuringALookAreLookedAtAfterIt) {
  std::atomic<bool> changed = false;
  std::string before;  // the state when the second look began
  const net::TestServer server([&](const std::string& request) {
    if (request.starts_with("GET /v2/team/shop/tags/list")) {
      if (!changed.exchange(true)) {
        watch_.repositories = {"team/other"};
        StoreSettings();
        QueueLook();
      }
      return Answer("404 Not Found", "{}");
    }
    if (request.starts_with("GET /v2/team/other/tags/list")) {
      before = Stored().state;
      return Answer("200 OK", R"({"tags":["1"]})");
    }
    return Answer("200 OK", "", Digest());
  });
  WatchServer(server, {"team/shop"});
  QueueLook();
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "ok"; }));
  work.Stop();
  EXPECT_EQ(before, "never");
  EXPECT_EQ(Stored().seen_tags, 1);
}

TEST_P(RegistryWorkTest, ARepositoryThatIsBrokenCostsItself) {
  const net::TestServer server([&](const std::string& request) {
    if (request.find(" /v2/a/") != std::string::npos ||
        request.find(" /v2/b/manifests/") != std::string::npos) {
      return Answer("502 Bad Gateway", "");
    }
    if (request.find("/tags/list") != std::string::npos) {
      return Answer("200 OK", R"({"tags":["1","2","3","4","5"]})");
    }
    return Answer("200 OK", "", Digest());
  });
  WatchServer(server, {"a", "b", "c"});
  QueueLook();
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "partial"; })) << Stored().detail;
  work.Stop();
  EXPECT_EQ(Stored().seen_repositories, 2);
  EXPECT_EQ(Stored().seen_tags, 5);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM names WHERE repository LIKE '%/c'"), 5);
  EXPECT_THAT(Stored().detail, HasSubstr("502"));
}

TEST_P(RegistryWorkTest, ALookAtARegistryThatIsAwayEndsEarlyAndKeepsWhatItFound) {
  const net::TestServer server([&](const std::string& request) {
    if (request.starts_with("GET /v2/a/tags/list")) {
      return Answer("200 OK", R"({"tags":["1"]})");
    }
    return request.starts_with("HEAD /v2/a/") ? Answer("200 OK", "", Digest())
                                              : Answer("503 Service Unavailable", "");
  });
  WatchServer(server, {"a", "b", "c", "d", "e", "f"});
  QueueLook();
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "failed"; })) << Stored().detail;
  work.Stop();
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM names WHERE repository LIKE '%/a'"), 1);
  for (const std::string& request : server.requests()) {
    EXPECT_EQ(request.find("/v2/e/"), std::string::npos) << request;
  }
}

// A name ends when the registry's whole list of tags has it no more, and by nothing less.
TEST_P(RegistryWorkTest, ATagThatIsNoMoreEndsAndOneThatCannotBeReadDoesNot) {
  std::mutex mutex;
  std::string answer = Answer("200 OK", R"({"tags":["1","2","3"]})");
  std::string missing;  // a tag whose manifest the registry does not have
  const net::TestServer server([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    if (request.find("/tags/list?n=1000") != std::string::npos) {
      return answer;
    }
    if (request.find("/tags/list") != std::string::npos) {  // the next page
      return Answer("502 Bad Gateway", "");
    }
    return !missing.empty() && request.find("/manifests/" + missing + " ") != std::string::npos
               ? Answer("404 Not Found", "{}")
               : Answer("200 OK", "", Digest());
  });
  WatchServer(server, {"a"});
  const std::string name = watch_.registry + "/a";
  const auto open = [&] {
    std::vector<std::string> out;
    const auto read = service_->Read(0, [&](const program::View& view) -> base::Result<void> {
      out = view.NamesOf(view.fleet().FindContent(Digest()));
      return {};
    });
    EXPECT_TRUE(read.has_value()) << ErrorOf(read);
    std::erase_if(out, [&](const std::string& one) { return !one.starts_with(name); });
    for (std::string& one : out) {
      one.erase(0, name.size() + 1);
    }
    return base::Join(out, " ");
  };
  RegistryWork work(*service_, Looks());
  work.Start();
  const auto look = [&](const std::string& with) {
    {
      const std::lock_guard lock(mutex);
      answer = with;
    }
    now_ += 1000;
    const Millis before = now_;
    QueueLook();
    EXPECT_TRUE(Eventually([&] {
      return Stored().checked >= before &&
             Number(*store_, "SELECT COUNT(*) FROM jobs WHERE kind = 'check' AND state < 2") == 0;
    }));
    return open();
  };
  EXPECT_EQ(look(answer), "1 2 3");
  const Millis then = now_;
  for (const std::string& nothing :
       {Answer("502 Bad Gateway", ""), Answer("404 Not Found", "{}"),
        Answer("401 Unauthorized", ""), Answer("200 OK", "{}"),
        Answer("200 OK", "<html>sign in</html>"), Answer("200 OK", "{\"tags\":"),
        std::string("HTTP/1.1 200 OK\r\nLink: </v2/a/tags/list?last=1>; rel=\"next\"\r\n"
                    "Content-Length: 14\r\n\r\n{\"tags\":[\"1\"]}")}) {
    EXPECT_EQ(look(nothing), "1 2 3") << nothing;
  }
  EXPECT_EQ(look(Answer("200 OK", R"({"tags":["1","3"]})")), "1 3");
  const Millis ended = now_;
  // Told of a deletion: looked at, and believed only when the registry says the same.
  const auto resolve = [&](const std::string& tag) {
    now_ += 1000;
    Queue([&](store::Connection& connection) {
      return QueueResolve(connection, watch_.id, "a", tag, now_);
    });
    EXPECT_TRUE(Eventually([&] {
      return Number(*store_, "SELECT COUNT(*) FROM jobs WHERE kind = 'resolve' AND state < 2") == 0;
    }));
    return open();
  };
  EXPECT_EQ(resolve("3"), "1 3");
  {
    const std::lock_guard lock(mutex);
    missing = "3";
  }
  EXPECT_EQ(resolve("3"), "1 3");  // the list has it still
  {
    const std::lock_guard lock(mutex);
    answer = Answer("503 Service Unavailable", "");
  }
  EXPECT_EQ(resolve("3"), "1 3");
  {
    const std::lock_guard lock(mutex);
    answer = Answer("200 OK", R"({"tags":["1"]})");
  }
  EXPECT_EQ(resolve("3"), "1");
  // It comes back, and the last goes: a list without tags is one, too.
  {
    const std::lock_guard lock(mutex);
    missing.clear();
  }
  EXPECT_EQ(look(Answer("200 OK", R"({"tags":["1","3"]})")), "1 3");
  EXPECT_EQ(look(Answer("200 OK", R"({"name":"a","tags":null})")), "");
  // The digest stays known, under the name that it had; what was, was.
  EXPECT_TRUE(service_->Read(0, [&](const program::View& view) -> base::Result<void> {
    const uint32_t content = view.fleet().FindContent(Digest());
    EXPECT_NE(view.NameOf(content), "");
    EXPECT_FALSE(view.RepositoriesOf(content).empty());
    return {};
  }));
  for (const auto& [as_of, names] : {std::pair(then, 3), std::pair(ended, 2)}) {
    EXPECT_TRUE(service_->Read(as_of, [&](const program::View& view) -> base::Result<void> {
      size_t count = 0;
      for (const std::string& one : view.NamesOf(view.fleet().FindContent(Digest()))) {
        count += one.starts_with(name) ? 1 : 0;
      }
      EXPECT_EQ(count, static_cast<size_t>(names));
      return {};
    }));
  }
}

TEST_P(RegistryWorkTest, ALookAsksForSeveralTagsAtOnce) {
  std::mutex mutex;
  std::condition_variable both;
  int asked = 0;
  http::Router router;
  router.Add(http::Method::kGet, "/v2/a/tags/list",
             [](const http::Request&) { return http::Response::Json(R"({"tags":["1","2"]})"); });
  // No question is answered before the other one is there.
  router.Add(http::Method::kGet, "/v2/a/manifests/{tag}", [&](const http::Request&) {
    std::unique_lock lock(mutex);
    ++asked;
    both.notify_all();
    both.wait_for(lock, std::chrono::minutes(1), [&] { return asked >= 2; });
    http::Response out = http::Response::Json("{}", asked >= 2 ? 200 : 500);
    out.Set("Docker-Content-Digest", Digest());
    return out;
  });
  http::ServerOptions options;
  options.now = [this] { return now_.load(); };
  auto server = http::Server::Start(std::move(options), router);
  ASSERT_TRUE(server.has_value()) << ErrorOf(server);
  Run("UPDATE jobs SET state = 2");
  watch_.registry = "127.0.0.1:" + std::to_string((*server)->port());
  watch_.repositories = {"a"};
  StoreSettings();
  QueueLook();
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "ok"; })) << Stored().detail;
  EXPECT_EQ(Stored().seen_tags, 2);
}

// The first line's path of each request for a list of tags.
std::vector<std::string> Listed(const net::TestServer& server) {
  std::vector<std::string> out;
  for (const std::string& request : server.requests()) {
    const std::string path = request.substr(4, request.find(' ', 4) - 4);
    if (path.find("/tags/list") != std::string::npos) {
      out.push_back(path.substr(4, path.find("/tags/list") - 4));
    }
  }
  return out;
}

TEST_P(RegistryWorkTest, ALongLookIsDoneInPartsAndOthersHaveTheirTurn) {
  std::vector<store::Job> open;
  const net::TestServer server([&](const std::string& request) {
    if (request.starts_with("GET /v2/d/")) {
      EXPECT_TRUE(store_->Read([&](store::Connection& connection) -> base::Result<void> {
        SCANTLING_TRY(open, store::OpenJobs(connection, kCheckJob));
        return {};
      }));
    }
    if (request.starts_with("GET /v2/b/")) {
      return Answer("403 Forbidden", "{}");
    }
    if (request.find("/tags/list") == std::string::npos) {
      return Answer("200 OK", "", Digest());
    }
    now_ += 121'000;
    return Answer("200 OK", R"({"tags":["1","2"]})");
  });
  WatchServer(server, {"a", "b", "c", "d"});
  program::Watch other = watch_;
  other.repositories = {"other"};
  Queue([&](store::Connection& connection) -> base::Result<bool> {
    SCANTLING_TRY(other.id, program::AddWatch(connection, other));
    SCANTLING_TRY(const bool first,
                  QueueCheck(connection, watch_.id, 0, store::WhileRunning::kFollow, now_));
    EXPECT_TRUE(first);
    return QueueCheck(connection, other.id, 10, store::WhileRunning::kMerge, now_);
  });
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "partial"; })) << Stored().detail;
  work.Stop();
  EXPECT_THAT(Listed(server), ::testing::ElementsAre("a", "other", "b", "c", "d"));
  EXPECT_EQ(Stored().seen_repositories, 3);
  EXPECT_EQ(Stored().seen_tags, 6);
  EXPECT_THAT(Stored().detail, HasSubstr("127.0.0.1"));
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].state, store::JobState::kRunning);
  const auto progress = ParseLookProgress(open[0].payload);
  ASSERT_TRUE(progress.has_value()) << ErrorOf(progress);
  EXPECT_EQ(progress->repositories, 2u);
  EXPECT_EQ(progress->tags, 4u);
  EXPECT_EQ(Jobs("check", "state = 2"), 4);  // three parts, and the other one
  EXPECT_EQ(Jobs("check", "state <> 2"), 0);
}

TEST_P(RegistryWorkTest, ALookThatWasBrokenOffGoesOnWhereItStopped) {
  std::atomic<bool> held = false;
  const net::TestServer server([&](const std::string& request) {
    if (request.starts_with("GET /v2/b/tags/list") && !held.exchange(true)) {
      return std::string("<hold>");
    }
    return request.find("/tags/list") != std::string::npos
               ? Answer("200 OK", R"({"tags":["1","2"]})")
               : Answer("200 OK", "", Digest());
  });
  WatchServer(server, {"a", "b"});
  QueueLook();
  {
    RegistryWork work(*service_, Looks());
    work.Start();
    EXPECT_TRUE(Eventually([&] { return held.load(); }));
    work.Stop();
  }
  EXPECT_EQ(Stored().state, "never");
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "ok"; })) << Stored().detail;
  work.Stop();
  EXPECT_THAT(Listed(server), ::testing::ElementsAre("a", "b", "b"));
  EXPECT_EQ(Stored().seen_repositories, 2);
  EXPECT_EQ(Stored().seen_tags, 4);
}

TEST_P(RegistryWorkTest, ARepositoryThatTakesTooLongIsLeftBehind) {
  const net::TestServer server([&](const std::string& request) {
    if (request.starts_with("HEAD /v2/a/")) {
      now_ += 3'600'000;
      return std::string("<hold>");
    }
    return request.find("/tags/list") != std::string::npos ? Answer("200 OK", R"({"tags":["1"]})")
                                                           : Answer("200 OK", "", Digest());
  });
  WatchServer(server, {"a", "b"});
  QueueLook();
  RegistryWorkOptions options = Looks();
  options.lease_ms = 60;  // looked after every 20 ms, by the real clock
  RegistryWork work(*service_, std::move(options));
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state == "partial"; })) << Stored().detail;
  work.Stop();
  EXPECT_EQ(Stored().detail,
            "a: it took longer than 30 minutes; not all of its tags were looked at");
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM names WHERE repository LIKE '%/b'"), 1);
}

TEST_P(RegistryWorkTest, PagesAreFollowedAndTooManyTagsAreSaidToBe) {
  constexpr int kPage = 500;
  const net::TestServer server([&](const std::string& request) {
    if (request.starts_with("HEAD ")) {
      return Answer("200 OK", "", Digest());
    }
    const size_t at = request.find("page=");
    const int page = at == std::string::npos ? 0 : request[at + 5] - '0';
    std::string tags;
    for (int i = page * kPage; i < (page + 1) * kPage; ++i) {
      tags += (tags.empty() ? "" : ",") + ("\"v" + std::to_string(i) + "\",\"build-") +
              std::to_string(i) + "\"";
    }
    const std::string body = R"({"tags":[)" + tags + "]}";
    const std::string next =
        "Link: </v2/a/tags/list?page=" + std::to_string(page + 1) + ">; rel=\"next\"\r\n";
    return "HTTP/1.1 200 OK\r\n" + (page < 2 ? next : "") +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  });
  watch_.tags = "v*";
  watch_.newest = 0;
  WatchServer(server, {"a"});
  QueueLook();
  RegistryWork work(*service_, Looks());
  work.Start();
  EXPECT_TRUE(Eventually([&] { return Stored().state != "never"; }));
  work.Stop();
  EXPECT_EQ(Stored().state, "partial");
  EXPECT_EQ(Stored().detail,
            "more than 1000 tags fit in a (1500): the 1000 most recent of each are looked at; "
            "narrow the pattern of tags, or want the newest only");
  EXPECT_EQ(Stored().seen_tags, 1000);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM names WHERE tag = 'v500'"), 1);
  EXPECT_EQ(Number(*store_, "SELECT COUNT(*) FROM names WHERE tag = 'v499'"), 0);
}

SCANTLING_ON_BOTH(RegistryWorkTest);

}  // namespace
}  // namespace scantling::server
