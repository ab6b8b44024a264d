// The program when the ground gives way: a process that is killed at any moment, clocks that jump.
#include "base/digest.h"
#include "program/builds.h"
#include "program/lists.h"
#include "program/test_support.h"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <sys/wait.h>
#include <thread>

namespace scantling::program {
namespace {

using test::Digest;
using Fault = test::ProgramTest;

std::string DigestOf(uint64_t number) {
  char text[80];
  std::snprintf(text, sizeof(text), "sha256:%064llx", static_cast<unsigned long long>(number));
  return text;
}

// The number-th thing that is told: an inventory, a build, copies that come and one that goes.
base::Result<void> TellOne(Service& service, const Submission& image, uint64_t number) {
  switch (number % 3) {
    case 0: {
      auto stored = service.Submit(image);
      return stored ? base::Result<void>() : base::Result<void>(std::move(stored).error());
    }
    case 1:
      return service.Write([&](Change& change) -> base::Result<void> {
        BuildRecord record;
        record.digest = DigestOf(number - 1);
        record.names = {"registry/built:" + std::to_string(number)};
        record.id = std::to_string(number);
        SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
        static_cast<void>(fresh);
        return {};
      });
    default: {
      RunningReport report;
      report.reporter = "host h";
      report.kind = "host";
      for (const char* part : {"a", "b"}) {
        SeenCopy copy;
        copy.uid = std::to_string(number) + part;
        copy.digest = DigestOf(number - 2);
        copy.container = "c";
        report.copies.push_back(std::move(copy));
      }
      report.gone.emplace_back(std::to_string(number) + "a", 0);
      auto outcome = service.Running(report);
      return outcome ? base::Result<void>() : base::Result<void>(std::move(outcome).error());
    }
  }
}

// Tells one thing after the other until it is killed, and says so when one is kept.
[[noreturn]] void TellUntilKilled(const std::string& path,
                                  const std::shared_ptr<const advisory::Database>& database,
                                  const std::function<Submission(uint64_t)>& image, uint64_t first,
                                  int acknowledged) {
  auto store = store::Store::Open({.database = path});
  if (!store) {
    ::_exit(2);
  }
  Service service(**store, {.now = [] { return Millis{1'897'000'000'000}; }});
  if (!service.UseDatabase(database)) {
    ::_exit(3);
  }
  for (uint64_t number = first;; ++number) {
    if (!TellOne(service, image(number), number) ||
        ::write(acknowledged, &number, sizeof(number)) != sizeof(number)) {
      ::_exit(4);
    }
  }
}

TEST_F(Fault, TwoHundredKillsLoseNothingThatWasAcknowledged) {
  constexpr int kKills = 200;
  const auto database = Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}});
  const auto image = [](uint64_t number) {
    return Image(DigestOf(number), "registry/shop:" + std::to_string(number),
                 {Package("lodash", "4.17." + std::to_string(number % 50)),
                  Package("only-here-" + std::to_string(number), "1.0.0")});
  };
  const std::string path = "sqlite:" + (folder_ / "killed.db").string();
  std::minstd_rand random(20'300'210);
  uint64_t next = 0;  // the first that may not be there
  uint64_t unacknowledged = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      TellUntilKilled(path, database, image, next, pipe[1]);
    }
    ::close(pipe[1]);
    // After some acknowledgements, and then at any moment of what comes after the last: within a
    // transaction, a commit, a checkpoint, or, every tenth time, while it opens the store.
    uint64_t last = 0;
    bool any = false;
    const auto take = [&] {
      const bool got = ::read(pipe[0], &last, sizeof(last)) == sizeof(last);
      any = any || got;
      return got;
    };
    for (size_t wanted = kill % 10 == 0 ? 0 : 1 + random() % 6; wanted > 0; --wanted) {
      ASSERT_TRUE(take());
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 6'000));
    ::kill(child, SIGKILL);
    while (take()) {
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
    const uint64_t promised = any ? last + 1 : next;

    auto store = store::Store::Open({.database = path});
    ASSERT_TRUE(store.has_value()) << store.error().Message();
    // What is there is whole: all of the first N, and nothing of what comes after.
    std::set<uint64_t> kept;
    uint64_t events = 0;
    const auto read = (*store)->Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_DO(connection.Query(
          "SELECT c.digest FROM contents c JOIN inventories i ON i.content = c.id WHERE c.state = "
          "'ok'",
          {}, [&](const store::Row& row) -> base::Result<void> {
            kept.insert(std::stoull(std::string(row.Text(0).substr(60)), nullptr, 16));
            return {};
          }));
      EventQuery query;
      query.limit = 1'000'000;
      return ReadEvents(connection, query, [&](const Event& event) -> base::Result<void> {
        if (event.kind == "image_built") {
          kept.insert(std::stoull(event.id.substr(event.id.find(':') + 1)));
        }
        if (event.kind == "copy_gone") {
          kept.insert(std::stoull(event.subject));
        }
        events += event.kind == "copy_seen" || event.kind == "copy_gone" ? 1 : 0;
        return {};
      });
    });
    ASSERT_TRUE(read.has_value()) << read.error().Message();
    ASSERT_GE(kept.size(), promised) << "kill " << kill;
    ASSERT_TRUE(kept.empty() || *kept.rbegin() == kept.size() - 1) << "a gap after kill " << kill;
    ASSERT_EQ(events, kept.size() / 3 * 3) << "half of a message after kill " << kill;
    unacknowledged += kept.size() - promised;
    next = kept.size();
  }
  ASSERT_GT(next, static_cast<uint64_t>(kKills));
  RecordProperty("told", std::to_string(next));
  RecordProperty("kept_unacknowledged", std::to_string(unacknowledged));

  // The same, told once without a kill, is the same to whoever asks.
  Service killed(*store_, {.now = [this] { return now_; }});
  const auto answers = [&](const std::string& address) {
    std::string out;
    auto store = store::Store::Open({.database = address});
    EXPECT_TRUE(store.has_value());
    Service service(**store, {.now = [this] { return now_; }});
    EXPECT_TRUE(service.Read(0, [&](const View& view) -> base::Result<void> {
      for (const List& list : {ImageList(view, {}), RunningList(view, {}),
                               VulnerabilityList(view, {}), ComponentList(view, {}).value()}) {
        SCANTLING_TRY(const TablePage page, list.table.Select(list.rows, {.limit = 1'000'000}));
        for (const uint32_t row : page.rows) {
          out += list.table.CsvRow(row, {});
        }
      }
      return {};
    }));
    return out;
  };
  const std::string whole = "sqlite:" + (folder_ / "whole.db").string();
  {
    auto store = store::Store::Open({.database = whole});
    ASSERT_TRUE(store.has_value());
    Service service(**store, {.now = [] { return Millis{1'897'000'000'000}; }});
    ASSERT_TRUE(service.UseDatabase(database));
    for (uint64_t number = 0; number < next; ++number) {
      ASSERT_TRUE(TellOne(service, image(number), number));
    }
  }
  const std::string want = answers(whole);
  EXPECT_FALSE(want.empty());
  EXPECT_EQ(answers(path), want);
}

TEST_F(Fault, ScansAndBuildsMayComeTwiceLateAndInAnyOrder) {
  ASSERT_TRUE(service_->UseDatabase(
      Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}})));
  std::vector<int> order = {0, 1, 2, 3, 4};
  std::set<std::string> results;
  uint64_t round = 0;
  do {
    for (const int times : {1, 2}) {
      const std::string first = DigestOf(++round * 4);
      const std::string second = DigestOf(round * 4 + 1);
      const std::string name = "registry/shop" + std::to_string(round);
      const auto scan = [&](Millis at, const std::string& version) {
        Submission submission = Image(first, name + ":1", {Package("lodash", version)});
        submission.at = at;
        submission.document = version;
        return service_->Submit(submission).has_value();
      };
      const auto build = [&](const std::string& digest, Millis at, const std::string& base,
                             bool deployment) {
        return service_
            ->Write([&](Change& change) -> base::Result<void> {
              BuildRecord record;
              record.deployment = deployment;
              record.digest = digest;
              record.base_digest = base;
              record.names = {name + ":1"};
              record.at = at;
              SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
              static_cast<void>(fresh);
              return {};
            })
            .has_value();
      };
      for (const int what : order) {
        for (int time = 0; time < times; ++time) {
          ASSERT_TRUE(what == 0   ? scan(now_ - 3'000, "4.17.15")
                      : what == 1 ? scan(now_ - 1'000, "4.17.21")
                      : what == 2 ? build(first, now_ - 4'000, Digest('7'), false)
                      : what == 3 ? build(second, now_ - 2'000, "", false)
                                  : build(first, now_ - 500, "", true));
        }
      }
      std::string result;
      ASSERT_TRUE(store_->Read([&](store::Connection& connection) -> base::Result<void> {
        for (const std::string& digest : {first, second}) {
          const store::Value value = std::string_view(digest);
          SCANTLING_DO(connection.Query(
              "SELECT state, scanned, base_digest, components FROM contents WHERE digest = $1",
              {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
                result += std::string(row.Text(0)) + " " + std::to_string(row.Int(1)) + " " +
                          std::string(row.Text(2)) + " ";
                if (!row.IsNull(3)) {
                  result += base::Sha256Of(row.Blob(3)).Hex();
                }
                result += "\n";
                return {};
              }));
        }
        const store::Value value = std::string_view(name);
        return connection.Query(
            "SELECT n.since, n.until, c.digest FROM names n JOIN contents c ON c.id = n.content "
            "WHERE n.repository = $1 ORDER BY n.since",
            {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
              const std::string_view what = row.Text(2) == first ? "first " : "second ";
              if (!result.ends_with(what)) {  // one edge in two parts is one
                result += std::to_string(row.Int(0) - now_) + " " + std::string(what);
              }
              return {};
            });
      }));
      results.insert(result);
    }
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(results.size(), 1u) << *results.begin() << "\n" << *results.rbegin();
}

// What a page shows of the copies: "uid state".
std::vector<std::string> Running(Service& service) {
  std::vector<std::string> out;
  const auto read = service.Read(0, [&](const View& view) -> base::Result<void> {
    for (const uint32_t copy : view.copies()) {
      out.push_back(view.fleet().copies()[copy].uid + (view.Known(copy) ? " running" : " unknown"));
    }
    return {};
  });
  EXPECT_TRUE(read.has_value());
  std::sort(out.begin(), out.end());
  return out;
}

TEST_F(Fault, AReporterFromTheFutureDoesNotHoldUpWhatComesAfterIt) {
  using Names = std::vector<std::string>;
  ASSERT_TRUE(service_->UseDatabase(Database({})));
  RunningReport wrong = Report(true, {Copy("a", Digest('1')), Copy("b", Digest('1'))});
  wrong.at = now_ + 3650 * kMillisPerDay;  // the host's clock was never set
  wrong.copies[0].started = wrong.at - 1;
  ASSERT_TRUE(service_->Running(wrong));
  EXPECT_EQ(Running(*service_), (Names{"a running", "b running"}));
  // It is set. What it tells now is news, and what it does not tell any more has ended.
  now_ += 60'000;
  ASSERT_TRUE(service_->Running(Report(true, {Copy("b", Digest('1')), Copy("c", Digest('1'))})));
  EXPECT_EQ(Running(*service_), (Names{"b running", "c running"}));
  now_ += 60'000;
  RunningReport gone = Report(false, {});
  gone.gone.emplace_back("c", now_ + kMillisPerDay);
  ASSERT_TRUE(service_->Running(gone));
  EXPECT_EQ(Running(*service_), (Names{"b running"}));
  // A little ahead is not wrong.
  RunningReport ahead = Report(true, {Copy("b", Digest('1')), Copy("d", Digest('1'))});
  ahead.at = now_ + 2'000;
  ASSERT_TRUE(service_->Running(ahead));
  now_ += 2'000;
  EXPECT_EQ(Running(*service_), (Names{"b running", "d running"}));
}

TEST_F(Fault, ScansAndBuildsFromTheFutureAreOfNow) {
  ASSERT_TRUE(service_->UseDatabase(
      Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}})));
  Submission first = Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")});
  first.at = now_ + 400 * kMillisPerDay;
  ASSERT_TRUE(service_->Submit(first));
  const auto findings = [&] {
    uint32_t out = 0;
    EXPECT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
      out = view.counts(view.fleet().FindContent(Digest('1'))).findings();
      return {};
    }));
    return out;
  };
  EXPECT_EQ(findings(), 1u);
  now_ += 60'000;
  // A scan that comes after it is the newer one.
  ASSERT_TRUE(service_->Submit(Image(Digest('1'), "registry/shop:1",
                                     {Package("lodash", "4.17.21"), Package("ws", "1.0.0")})));
  EXPECT_EQ(findings(), 0u);
  ASSERT_TRUE(service_->Write([&](Change& change) -> base::Result<void> {
    BuildRecord record;
    record.digest = Digest('2');
    record.names = {"registry/shop:1"};
    record.at = now_ + 400 * kMillisPerDay;
    SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
    EXPECT_TRUE(fresh);
    return {};
  }));
  EXPECT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
    EXPECT_EQ(view.NamesOf(view.fleet().FindContent(Digest('2'))),
              (std::vector<std::string>{"registry/shop:1"}));
    return {};
  }));
}

TEST_F(Fault, TheServersClockGoesBackAndForth) {
  using Names = std::vector<std::string>;
  ASSERT_TRUE(service_->UseDatabase(Database({})));
  ASSERT_TRUE(service_->Running(Report(true, {Copy("a", Digest('1')), Copy("b", Digest('1'))})));
  EXPECT_EQ(Running(*service_), (Names{"a running", "b running"}));
  const Millis right = now_;
  // Back by an hour: nothing of that moment is known, and nothing of the future is shown as now.
  now_ = right - 3'600'000;
  EXPECT_EQ(Running(*service_), Names{});
  ASSERT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
    EXPECT_EQ(view.as_of(), now_);
    return {};
  }));
  // Told meanwhile, and right when the clock is right again.
  ASSERT_TRUE(service_->Running(Report(true, {Copy("b", Digest('1')), Copy("c", Digest('1'))})));
  now_ = right + 60'000;
  ASSERT_TRUE(service_->Running(Report(true, {Copy("b", Digest('1')), Copy("c", Digest('1'))})));
  EXPECT_EQ(Running(*service_), (Names{"b running", "c running"}));
  // Forth by a year: silence is unknown, not gone; the next report is news.
  now_ = right + 365 * kMillisPerDay;
  EXPECT_EQ(Running(*service_), (Names{"b unknown", "c unknown"}));
  ASSERT_TRUE(service_->Running(Report(true, {Copy("c", Digest('1'))})));
  EXPECT_EQ(Running(*service_), (Names{"c running"}));
}

}  // namespace
}  // namespace scantling::program
