// The same things told in any order are the same to whoever asks, now and as of any moment; on both
// databases.
#include "base/digest.h"
#include "program/answers.h"
#include "program/builds.h"
#include "program/lists.h"
#include "program/scans.h"
#include "program/service.h"
#include "program/test_support.h"
#include "tests/support/stores.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

namespace scantling::program {
namespace {

using scantling::testing::ErrorOf;
using test::Digest;
using test::ProgramTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string DigestOf(uint64_t number) {
  return base::Sha256Of(base::AsBytes(std::to_string(number))).ToString();
}

class OrderTest : public scantling::testing::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    advisories_ = test::MakeDatabase(
        folder_.path() + "/feeds", {{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}},
        "CVE-2030-0001");
    service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
    ASSERT_EQ(ErrorOf(service_->UseDatabase(advisories_)), "(no error)");
  }
  void TearDown() override { service_.reset(); }

  void Do(const std::function<base::Result<void>(Change&)>& work) {
    ASSERT_EQ(ErrorOf(service_->Write(work)), "(no error)");
  }
  void Build(const BuildRecord& record) {
    Do([&](Change& change) -> base::Result<void> {
      SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, record));
      static_cast<void>(fresh);
      return {};
    });
  }
  void Submit(const Submission& submission) {
    ASSERT_EQ(ErrorOf(service_->Submit(submission)), "(no error)");
  }
  std::string Ask(Millis as_of, const std::function<std::string(const View&)>& question) {
    std::string out;
    EXPECT_EQ(ErrorOf(service_->Read(as_of,
                                     [&](const View& view) -> base::Result<void> {
                                       out = question(view);
                                       return {};
                                     })),
              "(no error)");
    return out;
  }
  // Does that many things in all their orders, once and twice each; `round` is one number per
  // order. The answers of all orders, which should be one.
  static std::set<std::string> AllOrders(
      size_t count, const std::function<void(uint64_t round, size_t what)>& tell,
      const std::function<std::string(uint64_t round)>& answer) {
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    std::set<std::string> out;
    uint64_t round = 0;
    do {
      for (const int times : {1, 2}) {
        ++round;
        for (const size_t what : order) {
          for (int time = 0; time < times; ++time) {
            tell(round, what);
          }
        }
        out.insert(answer(round));
      }
    } while (std::next_permutation(order.begin(), order.end()));
    return out;
  }

  std::shared_ptr<const advisory::Database> advisories_;
  std::unique_ptr<Service> service_;
  Millis now_ = Millis{1'897'000'000} * 1000;
};

TEST_P(OrderTest, TheLatestWordOnABaseHoldsAndTheImagesOwnGoesBefore) {
  const auto answer = [&](uint64_t round) {
    return Ask(0, [&](const View& view) {
      const Content& content = view.fleet().contents()[view.fleet().FindContent(DigestOf(round))];
      return std::string(view.fleet().texts()[content.base_digest]);
    });
  };
  const auto build = [&](uint64_t round, Millis at, char base) {
    BuildRecord record;
    record.digest = DigestOf(round);
    record.base_digest = Digest(base);
    record.at = at;
    Build(record);
  };
  // Two builds of one moment: the greater digest, whichever came first.
  EXPECT_THAT(AllOrders(
                  4,
                  [&](uint64_t round, size_t what) {
                    constexpr std::array<std::pair<Millis, char>, 4> kBuilds = {
                        {{3000, '9'}, {1000, '5'}, {1000, '4'}, {2000, '1'}}};
                    build(round, now_ - kBuilds[what].first, kBuilds[what].second);
                  },
                  answer),
              ElementsAre(Digest('5')));
  const auto scan = [&](uint64_t round, Millis at, const std::string& base) {
    Submission submission = ProgramTest::Image(DigestOf(round), "registry/shop:1", {});
    submission.report.inventory.image.annotations["org.opencontainers.image.base.digest"] = base;
    submission.document = base;
    submission.at = at;
    Submit(submission);
  };
  EXPECT_THAT(AllOrders(
                  4,
                  [&](uint64_t round, size_t what) {
                    round += 1000;
                    what == 0   ? build(round, now_ - 1000, '9')
                    : what == 1 ? scan(round, now_ - 5000, Digest('7'))
                    : what == 2 ? scan(round, now_ - 4000, Digest('6'))
                                : scan(round, now_ - 3000, "what is no digest");
                  },
                  [&](uint64_t round) { return answer(round + 1000); }),
              ElementsAre(Digest('6')));
}

TEST_P(OrderTest, ANameIsWhatItWasToldToBe) {
  struct Told {
    Millis ago;
    char digest;  // ' ' = it named nothing
  };
  // Told again at 3 s: what is told late of 4 s does not reach past it. Of two of one moment the
  // greater digest counts, and either before nothing.
  constexpr std::array<Told, 5> kTold = {
      {{5000, '1'}, {4000, '2'}, {3000, '1'}, {2000, '3'}, {2000, ' '}}};
  const std::set<std::string> answers = AllOrders(
      kTold.size(),
      [&](uint64_t round, size_t what) {
        const std::string name = "registry/shop" + std::to_string(round) + ":1";
        const Told& told = kTold[what];
        Do([&](Change& change) -> base::Result<void> {
          if (told.digest == ' ') {
            SCANTLING_DO(EndName(change, name, now_ - told.ago));
            return {};
          }
          const std::string digest = Digest(told.digest);
          SCANTLING_TRY(const int64_t content, ContentOf(change, digest, now_ - 6000));
          SCANTLING_DO(NameContent(change, name, content, digest, now_ - told.ago));
          return {};
        });
      },
      [&](uint64_t round) {
        const std::string name = "registry/shop" + std::to_string(round) + ":1";
        std::string out;
        // What the name was, and the edges that say so.
        for (const Millis ago : {5500, 4500, 3500, 2500, 1500}) {
          out += Ask(now_ - ago, [&](const View& view) {
            std::string named = " -";
            for (const char digit : {'1', '2', '3'}) {
              const uint32_t content = view.fleet().FindContent(Digest(digit));
              if (content != kNone) {
                const auto names = view.NamesOf(content);
                if (std::find(names.begin(), names.end(), name) != names.end()) {
                  named = std::string(" ") + digit;
                }
              }
            }
            return named;
          });
        }
        return out;
      });
  EXPECT_THAT(answers, ElementsAre(" - 1 2 1 3"));
  // A fold that is made at once says the same as one that followed.
  const auto edges = [](Service& of) {
    std::string out;
    EXPECT_EQ(ErrorOf(of.Read(0,
                              [&](const View& view) -> base::Result<void> {
                                const Fleet& fleet = view.fleet();
                                for (const char digit : {'1', '2', '3'}) {
                                  for (const uint32_t index :
                                       fleet.contents()[fleet.FindContent(Digest(digit))].names) {
                                    const Name& name = fleet.names()[index];
                                    out.append(fleet.texts()[name.repository])
                                        .append(" ")
                                        .append(1, digit)
                                        .append(" " + std::to_string(name.since))
                                        .append(" " + std::to_string(name.until) + "\n");
                                  }
                                }
                                return {};
                              })),
              "(no error)");
    return out;
  };
  Service fresh(*store_, ServiceOptions{[this] { return now_; }});
  EXPECT_EQ(edges(fresh), edges(*service_));
}

TEST_P(OrderTest, TheSameToldAgainIsOneEdge) {
  const auto tell = [&](const std::string& name, char digit, Millis ago) {
    Do([&](Change& change) -> base::Result<void> {
      const std::string digest = Digest(digit);
      SCANTLING_TRY(const int64_t content, ContentOf(change, digest, now_ - 9000));
      SCANTLING_DO(NameContent(change, name, content, digest, now_ - ago));
      return {};
    });
  };
  const auto edges = [&] {
    return Ask(0, [&](const View& view) {
      std::string out;
      for (const Name& name : view.fleet().names()) {
        if (name.edge) {
          out += std::to_string(now_ - name.since) + "-" +
                 std::to_string(name.until == 0 ? 0 : now_ - name.until) + " ";
        }
      }
      return out;
    });
  };
  tell("registry/shop:1", '1', 5000);
  tell("registry/shop:1", '1', 3000);
  EXPECT_EQ(edges(), "5000-0 ");
  tell("registry/shop:1", '1', 6000);
  EXPECT_EQ(edges(), "6000-0 ");
  tell("registry/shop:1", '2', 4000);  // splits it
  EXPECT_EQ(Ask(0,
                [](const View& view) {
                  std::string out;
                  for (const char digit : {'1', '2'}) {
                    const Content& content =
                        view.fleet().contents()[view.fleet().FindContent(Digest(digit))];
                    out += std::to_string(content.names.size());
                  }
                  return out;
                }),
            "21");
}

// "state detail, since SECONDS ago; gap: detail" of one image.
std::string StateText(const View& view, const std::string& digest) {
  const uint32_t content = view.fleet().FindContent(digest);
  if (content == kNone ||
      std::find(view.contents().begin(), view.contents().end(), content) == view.contents().end()) {
    return "(not known)";
  }
  std::string out(view.State(content));
  if (!view.StateDetail(content).empty()) {
    out.append(" ").append(view.StateDetail(content));
  }
  return out + ", " + std::to_string((view.as_of() - view.StateSince(content)) / 1000) + " s; " +
         std::string(ToString(view.ContentGap(content)));
}

TEST_P(OrderTest, TheStateOfAScanIsThatOfTheMoment) {
  Watch watch;
  watch.registry = "x.example";
  watch.repositories = {"team/*"};
  Do([&](Change& change) -> base::Result<void> {
    SCANTLING_TRY(watch.id, AddWatch(change.connection, watch));
    return {};
  });
  const Millis start = now_;
  RunningReport report;
  report.reporter = "host a";
  report.kind = "host";
  report.at = now_;
  report.interval_ms = kMillisPerDay;
  report.copies = {ProgramTest::Copy("a", Digest('1'))};
  ASSERT_EQ(ErrorOf(service_->Running(report)), "(no error)");
  const auto claim = [&] {
    auto job = store::Claim(*store_, {"scan"}, "w", now_, 30'000);
    EXPECT_TRUE(job.has_value() && job->has_value());
    return **job;
  };
  now_ = start + 10'000;
  ASSERT_EQ(ErrorOf(RecordTags(*store_, watch, "team/shop", {{"1", Digest('1'), now_}},
                               ScanPriority::kBackground, now_)),
            "(no error)");
  now_ = start + 20'000;
  store::Job job = claim();
  Do([&](Change& change) { return BeginScan(change, job); });
  now_ = start + 30'000;
  const base::Error cut(base::ErrorCode::kIo, "the line is cut");
  Do([&](Change& change) { return KeepFailure(change, job, cut, now_ + 10'000); });
  now_ = start + 40'000;
  job = claim();
  Do([&](Change& change) { return BeginScan(change, job); });
  now_ = start + 50'000;
  Do([&](Change& change) { return KeepFailure(change, job, cut, 0); });
  const Millis later = start + kMillisPerDay + 60'000;
  now_ = later;
  ASSERT_EQ(ErrorOf(RecordTags(*store_, watch, "team/shop", {{"1", Digest('1'), now_}},
                               ScanPriority::kBackground, now_)),
            "(no error)");
  now_ = later + 10'000;
  job = claim();
  Do([&](Change& change) { return BeginScan(change, job); });
  now_ = later + 20'000;
  // It was the digest of an index; what was told of it is told of its image.
  Do([&](Change& change) -> base::Result<void> {
    SCANTLING_TRY(const ScanTask task, ParseScanTask(job.payload));
    model::Inventory inventory;
    inventory.image.digest = Digest('3');
    inventory.components = {ProgramTest::Package("lodash", "4.17.15")};
    SCANTLING_DO(KeepScan(change, job, task, std::move(inventory), *advisories_));
    return {};
  });
  now_ = later + 30'000;
  const std::pair<Millis, std::string> kMoments[] = {
      {start - 1, "(not known)"},
      {start + 5'000, "never, 5 s; never_scanned"},
      {start + 15'000, "queued, 5 s; scan_waiting"},
      {start + 25'000, "running, 5 s; scan_waiting"},
      {start + 35'000,
       "queued attempt 1 of 5 failed: the line is cut; the next at 2030-02-11T00:27:20Z, 5 s; "
       "scan_waiting"},
      {start + 45'000, "running attempt 2 of 5, 5 s; scan_waiting"},
      {start + 55'000, "failed the line is cut, 5 s; scan_failed"},
      {later + 5'000, "queued, 5 s; scan_waiting"},
      {later + 15'000, "running, 5 s; scan_waiting"},
      {later + 25'000, "ok, 5 s; no_owner"},
      {0, "ok, 10 s; no_owner"},
  };
  const auto all = [&](Service& service) {
    std::vector<std::string> out;
    for (const auto& [as_of, text] : kMoments) {
      EXPECT_EQ(ErrorOf(service.Read(as_of,
                                     [&](const View& view) -> base::Result<void> {
                                       out.push_back(StateText(view, Digest('3')));
                                       return {};
                                     })),
                "(no error)");
    }
    return out;
  };
  std::vector<std::string> want;
  for (const auto& [as_of, text] : kMoments) {
    want.push_back(text);
  }
  EXPECT_EQ(all(*service_), want);
  Service fresh(*store_, ServiceOptions{[this] { return now_; }});
  EXPECT_EQ(all(fresh), want);
  const auto coverage = [&](Millis as_of) {
    return Ask(as_of, [](const View& view) { return CoverageJson(view, {}); });
  };
  EXPECT_THAT(coverage(start + 55'000),
              HasSubstr(R"("reason":"the scan failed: the line is cut","copies":1)"));
  EXPECT_THAT(coverage(start + 55'000), HasSubstr(R"("with_inventory":{"copies":0,)"));
  EXPECT_THAT(coverage(0), HasSubstr(R"("with_inventory":{"copies":1,)"));
  // Without an inventory there is no finding.
  const auto image = [&](Millis as_of) {
    return Ask(as_of, [](const View& view) {
      return ImageJson(view, {}, view.fleet().FindContent(Digest('1')), nullptr, {});
    });
  };
  EXPECT_THAT(image(later + 15'000), HasSubstr(R"("state":"running")"));
  EXPECT_THAT(image(later + 15'000), HasSubstr(R"("counts":{"findings":0)"));
  EXPECT_THAT(image(0), HasSubstr(R"("counts":{"findings":1)"));
  // Keeping a lease is no change of the state: queued, running, and so on.
  EXPECT_EQ(Number(*store_,
                   "SELECT COUNT(*) FROM scan_states WHERE content = (SELECT content FROM "
                   "digests WHERE digest = '" +
                       Digest('1') + "')"),
            8);
}

TEST_P(OrderTest, StatesAndInventoriesMayComeInAnyOrder) {
  const auto submit = [&](uint64_t round, Millis ago, bool empty, const std::string& document) {
    Submission submission =
        ProgramTest::Image(DigestOf(round), "registry/shop" + std::to_string(round) + ":1",
                           empty ? std::vector<model::Component>()
                                 : std::vector{ProgramTest::Package("lodash", document)});
    submission.document = document;
    submission.at = now_ - ago;
    Submit(submission);
  };
  const auto state = [&](uint64_t round, Millis ago, std::string_view is, std::string_view detail) {
    ASSERT_EQ(ErrorOf(WriteChange(*store_, now_ - ago,
                                  [&](Change& change) -> base::Result<void> {
                                    SCANTLING_DO(ContentOf(change, DigestOf(round), now_ - ago));
                                    return SetScanState(change, DigestOf(round), is, detail);
                                  })),
              "(no error)");
  };
  const std::set<std::string> answers = AllOrders(
      5,
      [&](uint64_t round, size_t what) {
        what == 0   ? submit(round, 50'000, false, "4.17.15")
        : what == 1 ? submit(round, 30'000, true, "4.17.21")
        : what == 2 ? submit(round, 30'000, false, "4.17.20")  // of one moment
        : what == 3 ? state(round, 40'000, kStateFailed, "why")
                    : state(round, 60'000, kStateQueued, "");
      },
      [&](uint64_t round) {
        std::string out;
        for (const Millis ago : {65'000, 55'000, 45'000, 35'000, 25'000}) {
          out +=
              Ask(now_ - ago, [&](const View& view) { return StateText(view, DigestOf(round)); }) +
              "\n";
        }
        return out + Ask(0, [&](const View& view) {
                 const Content& content =
                     view.fleet().contents()[view.fleet().FindContent(DigestOf(round))];
                 return std::to_string(content.components.size());
               });
      });
  EXPECT_THAT(answers, ElementsAre("(not known)\nqueued, 5 s; scan_waiting\nok, 5 s; no_owner\n"
                                   "failed why, 5 s; no_owner\nok, 5 s; no_owner\n1"));
}

TEST_P(OrderTest, DataThatWasFreshThenIsFreshAsOfThen) {
  const std::string name = "registry/shop:1";
  Submit(ProgramTest::Image(Digest('1'), name, {ProgramTest::Package("lodash", "4.17.15")}));
  const auto gap = [&](Millis as_of) {
    return Ask(as_of, [](const View& view) {
      return std::string(ToString(view.ContentGap(view.fleet().FindContent(Digest('1')))));
    });
  };
  const Millis first = now_;
  EXPECT_EQ(gap(0), "no_owner");
  now_ += 60 * kMillisPerDay;
  EXPECT_EQ(gap(0), "stale_source");
  // What is loaded now makes nothing fresh that was stale.
  const auto fresh = test::MakeDatabase(folder_.path() + "/fresh",
                                        {{"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "lodash", ""}},
                                        "", "2030-04-10");
  ASSERT_EQ(ErrorOf(service_->UseDatabase(fresh)), "(no error)");
  EXPECT_EQ(gap(0), "no_owner");
  EXPECT_EQ(gap(now_ - kMillisPerDay), "stale_source");
  EXPECT_EQ(gap(first + 1), "no_owner");
  EXPECT_THAT(Ask(first + 1, [](const View& view) { return CoverageJson(view, {}); }),
              HasSubstr(advisories_->Info().digest));
  EXPECT_THAT(Ask(0, [](const View& view) { return CoverageJson(view, {}); }),
              HasSubstr(fresh->Info().digest));
}

// All that the API shows of the moment, but for the log of events, which is in the order of
// arrival.
std::string Everything(Service& service, store::Store& store, Millis as_of) {
  std::string out;
  const auto read = service.Read(as_of, [&](const View& view) -> base::Result<void> {
    const auto add = [&](List list) -> base::Result<void> {
      SCANTLING_TRY(const TablePage page, list.table.Select(list.rows, {.limit = 1'000'000}));
      for (const uint32_t row : page.rows) {
        out += list.table.CsvRow(row, {});
      }
      out += "\n";
      return {};
    };
    const Fleet& fleet = view.fleet();
    SCANTLING_DO(add(ImageList(view, {})));
    SCANTLING_DO(add(RunningList(view, {}, kMillisPerDay)));
    SCANTLING_DO(add(VulnerabilityList(view, {})));
    SCANTLING_DO(add(ComponentList(view, {}).value()));
    SCANTLING_DO(add(FindingList(view, {}, kNone, kNone)));
    for (const std::string owner : {"team-0", "team-1", "mine"}) {
      const Scope scope{false, {owner}};
      SCANTLING_DO(add(ImageList(view, scope)));
      SCANTLING_DO(add(RunningList(view, scope)));
      SCANTLING_DO(add(VulnerabilityList(view, scope)));
    }
    out += CoverageJson(view, {}) + "\n";
    std::map<std::string, uint32_t> images;
    for (const uint32_t content : view.contents()) {
      images[fleet.contents()[content].digest] = content;
    }
    for (const auto& [digest, content] : images) {
      out += ImageJson(view, {}, content, nullptr, {}) + "\n";
      const uint32_t before = PredecessorOf(view, {}, content);
      out += (before == kNone ? "" : ChangesJson(view, before, content)) + "\n";
    }
    return store.Read([&](store::Connection& connection) -> base::Result<void> {
      for (const std::string name : {"CVE-2030-0001", "CVE-2030-0002"}) {
        const uint32_t vulnerability = fleet.FindVulnerability(name);
        if (vulnerability != kNone) {
          out += VulnerabilityJson(view, {}, vulnerability) + "\n";
          SCANTLING_TRY(const std::string life, LifeJson(connection, view, {}, vulnerability));
          out += life + "\n";
        }
      }
      for (const std::string text : {"app", "lodash", "CVE", "team", "web"}) {
        out += SearchJson(view, {}, text, 3) + "\n";
      }
      SCANTLING_TRY(const std::string week,
                    WeekJson(connection, view, {}, view.as_of() - 7 * kMillisPerDay));
      out += week + "\n";
      return {};
    });
  });
  EXPECT_EQ(ErrorOf(read), "(no error)");
  return out;
}

using Message = std::function<base::Result<void>(Service&)>;

// What a company's pipelines, hosts, clusters and people tell in a day; `now` is its end. Each may
// come twice, but for the decisions: those are made here, in their order.
struct Told {
  std::vector<Message> messages;
  std::vector<Message> decisions;
};

class Day {
 public:
  Day(Millis now, std::shared_ptr<const advisory::Database> database)
      : now_(now), database_(std::move(database)) {}

  Told Tell() {
    for (int i = 0; i < 8; ++i) {
      Scan(i, 80 - i, "first", i % 3 == 0 ? 3 : 2);
      if (i % 2 == 1) {
        Scan(i, 40 - i, "second", i == 5 ? 0 : 4);
      }
    }
    Scan(2, 30, "one", 1);  // two of one moment
    Scan(2, 30, "other", 4);
    for (int i = 0; i < 12; ++i) {
      Build(i, 78 - 5 * (i % 9));
    }
    for (int i = 0; i < 18; ++i) {
      Name(i, 70 - 6 * (i % 11));
    }
    for (int i = 0; i < 18; ++i) {
      State(i, 75 - 4 * i);
    }
    for (int i = 0; i < 12; ++i) {
      Snapshot("cluster prod", i, 72 - 6 * i);
      Snapshot("host a", i + 20, 69 - 6 * i);
    }
    for (int i = 0; i < 14; ++i) {
      Change(i, 71 - 5 * i);
    }
    Decide();
    return std::move(out_);
  }

 private:
  Millis Ago(int kiloseconds) const { return now_ - Millis{kiloseconds} * 1'000'000; }
  void Write(Millis now, std::function<base::Result<void>(program::Change&)> work) {
    out_.messages.emplace_back([now, work = std::move(work)](Service& service) {
      return WriteChange(service.store(), now, work);
    });
  }

  void Scan(int image, int ago, const std::string& document, int components) {
    std::vector<model::Component> all;
    for (int i = 0; i < components; ++i) {
      all.push_back(
          i == 0   ? ProgramTest::Package("lodash", "4.17." + std::to_string(15 + image % 4), i % 2)
          : i == 1 ? ProgramTest::Package("left-pad", "1." + std::to_string(image % 5) + ".0")
                   : ProgramTest::Package("part-" + std::to_string(i), document));
    }
    Submission submission = ProgramTest::Image(
        DigestOf(static_cast<uint64_t>(image)),
        "registry/team-" + std::to_string(image % 3) + "/app-" + std::to_string(image / 2) + ":1",
        std::move(all));
    model::Image& is = submission.report.inventory.image;
    if (image % 2 == 0) {
      is.config_digest = DigestOf(100 + static_cast<uint64_t>(image));
    }
    if (image % 3 == 0) {
      is.annotations["org.opencontainers.image.base.digest"] = Digest('b');
      is.annotations["team"] = "t" + document;
    }
    submission.document = document + std::to_string(image);
    submission.at = Ago(ago);
    out_.messages.emplace_back([submission = std::move(submission)](Service& service) {
      auto stored = service.Submit(submission);
      return stored ? base::Result<void>() : base::Result<void>(std::move(stored).error());
    });
  }

  void Build(int i, int ago) {
    BuildRecord record;
    record.digest = DigestOf(static_cast<uint64_t>(i % 10));  // two that are never scanned
    record.deployment = i % 4 == 3;
    record.at = Ago(ago);
    record.names = {"registry/team-" + std::to_string(i % 3) + "/app-" + std::to_string(i % 2) +
                    ":latest"};
    record.commit = std::to_string(i);
    record.base_digest = i % 3 == 0 ? "" : Digest(static_cast<char>('0' + i % 10));
    record.owner = i % 5 == 0 ? "mine" : "";
    Write(now_, [record = std::move(record)](program::Change& change) -> base::Result<void> {
      SCANTLING_DO(StoreBuildRecord(change, record));
      return {};
    });
  }

  void Name(int i, int ago) {
    const Millis at = Ago(ago);
    const std::string name = "registry/team-" + std::to_string(i % 2) + "/app-0:latest";
    const std::string digest = DigestOf(static_cast<uint64_t>(i * 5 % 7));
    Write(now_, [=, gone = i % 4 == 3](program::Change& change) -> base::Result<void> {
      if (gone) {
        SCANTLING_DO(EndName(change, name, at));
        return {};
      }
      SCANTLING_TRY(const int64_t content, ContentOf(change, digest, at));
      SCANTLING_DO(NameContent(change, name, content, digest, at));
      return {};
    });
  }

  void State(int i, int ago) {
    constexpr std::array<std::string_view, 4> kStates = {kStateQueued, kStateRunning, kStateFailed,
                                                         kStateUnsupported};
    // Of images that are scanned, of one that is not, and of one by the digest of its
    // configuration.
    const std::string digest = DigestOf(i % 3 == 0   ? 30
                                        : i % 3 == 1 ? static_cast<uint64_t>(i % 8)
                                                     : 100);
    const std::string_view state = kStates[static_cast<size_t>(i) % kStates.size()];
    Write(Ago(ago), [=](program::Change& change) -> base::Result<void> {
      SCANTLING_DO(ContentOf(change, digest, change.now));
      return SetScanState(change, digest, state, state == kStateFailed ? "why " + digest : "");
    });
  }

  // Copies c of a reporter run from moment c to moment c + 5, by its snapshots.
  SeenCopy CopyOf(const std::string& reporter, int number) const {
    const auto image = static_cast<uint64_t>(number % 9);
    SeenCopy copy = ProgramTest::Copy(reporter + " " + std::to_string(number),
                                      number % 5 == 4 ? DigestOf(100 + image) : DigestOf(image));
    copy.name_space = "ns-" + std::to_string(number % 3);
    copy.workload = "web-" + std::to_string(number % 4);
    copy.reference = "registry/team-1/web:1";
    if (number % 7 == 6) {
      copy.digest = "no digest";
    } else if (number % 4 == 2 && image % 2 == 0) {
      copy.image_id = DigestOf(100 + image);
    }
    return copy;
  }
  RunningReport ReportOf(const std::string& reporter, int ago) const {
    RunningReport out;
    out.reporter = reporter;
    out.kind = reporter.starts_with("host") ? "host" : "kubernetes";
    out.cluster = reporter.starts_with("host") ? "" : "prod";
    out.environment = "prod";
    out.interval_ms = 3'000'000;
    out.at = Ago(ago);
    return out;
  }
  void Running(RunningReport report) {
    out_.messages.emplace_back([report = std::move(report)](Service& service) {
      auto told = service.Running(report);
      return told ? base::Result<void>() : base::Result<void>(std::move(told).error());
    });
  }
  void Snapshot(const std::string& reporter, int moment, int ago) {
    RunningReport report = ReportOf(reporter, ago);
    report.snapshot = true;
    for (int number = moment - 5; number <= moment; ++number) {
      // One is missing for a while: a snapshot that was not whole.
      if (number != moment - 2 || moment % 3 != 0) {
        report.copies.push_back(CopyOf(reporter, std::abs(number)));
      }
    }
    Running(std::move(report));
  }
  void Change(int i, int ago) {
    const std::string reporter = i % 3 == 0 ? "host a" : "cluster prod";
    RunningReport report = ReportOf(reporter, ago);
    report.copies.push_back(CopyOf(reporter, i));
    report.copies.push_back(CopyOf(reporter, 50 + i));
    report.copies.back().at = Ago(ago + 1);
    report.gone.emplace_back(reporter + " " + std::to_string(i - 3), i % 2 == 0 ? 0 : Ago(ago + 2));
    report.gone.emplace_back(reporter + " " + std::to_string(47 + i), 0);
    Running(std::move(report));
  }

  void Decide() {
    const auto decide = [&](const std::string& json, int ago) {
      out_.decisions.emplace_back([json, at = Ago(ago)](Service& service) {
        return WriteChange(service.store(), at, [&](program::Change& change) -> base::Result<void> {
          SCANTLING_TRY(Decision decision, ParseDecision(json, at));
          SCANTLING_DO(SetAuthor(decision, "bob"));
          SCANTLING_DO(StoreDecision(change, decision));
          return {};
        });
      });
    };
    decide(R"({"kind":"accepted","vulnerability":"CVE-2030-0001","repository":"registry/team-1/*",
               "owner":"ann","reason":"accepted_risk","until":"2030-03-01"})",
           50);
    decide(R"({"kind":"acknowledged","vulnerability":"CVE-2030-0002"})", 40);
    decide(R"({"kind":"assigned","vulnerability":"CVE-2030-0001","owner":"team-2"})", 30);
    out_.decisions.emplace_back([at = Ago(20)](Service& service) {
      return WriteChange(service.store(), at,
                         [](program::Change& change) { return EndDecision(change, 1, "ann"); });
    });
  }

  const Millis now_;
  const std::shared_ptr<const advisory::Database> database_;
  Told out_;
};

TEST_P(OrderTest, AHundredThingsInAnyOrderAreTheSameToWhoeverAsks) {
  constexpr int kOrders = 24;
  const std::vector<Millis> moments = {0, now_ - 20'500'000, now_ - 45'500'000, now_ - 66'500'000};
  std::vector<std::string> want(moments.size());
  std::minstd_rand random(20'300'210);
  const auto below = [&](size_t count) { return static_cast<size_t>(random() % count); };
  for (int round = 0; round < kOrders; ++round) {
    Told told = Day(now_, advisories_).Tell();
    ASSERT_GE(told.messages.size() + told.decisions.size(), 100U);
    std::vector<Message>& all = told.messages;
    if (round == 1) {
      std::reverse(all.begin(), all.end());
    } else if (round > 1) {
      for (size_t i = all.size(); i > 1; --i) {
        std::swap(all[i - 1], all[below(i)]);
      }
      const size_t once = all.size();
      for (size_t i = 0; i < once / 3; ++i) {  // again, at any time
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(below(all.size())),
                   Message(all[below(once)]));
      }
    }
    size_t place = 0;
    for (Message& decision : told.decisions) {
      place += 1 + below((all.size() - place) / 2);
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), std::move(decision));
    }
    const std::unique_ptr<store::Store> store = OpenAt(NewDatabase(GetParam()));
    ASSERT_NE(store, nullptr);
    Service service(*store, ServiceOptions{[this] { return now_; }});
    ASSERT_EQ(ErrorOf(service.UseDatabase(advisories_)), "(no error)");
    ASSERT_EQ(
        ErrorOf(service.Write([](program::Change& change) {
          return WriteDocument(
              change, "owners",
              R"({"rules":[{"repository":"*/team-0/*","owner":"team-0"},{"repository":"*/team-1/*","owner":"team-1"},
                       {"role":"image","labels":{"team":"t*"},"owner":"mine"}]})");
        })),
        "(no error)");
    size_t number = 0;
    for (const Message& message : all) {
      ASSERT_EQ(ErrorOf(message(service)), "(no error)");
      if (++number % 16 == 0) {  // the fold follows, as it does when somebody looks
        ASSERT_EQ(ErrorOf(service.Read(0, [](const View&) { return base::Result<void>(); })),
                  "(no error)");
      }
    }
    for (size_t i = 0; i < moments.size(); ++i) {
      const std::string is = Everything(service, *store, moments[i]);
      if (round == 0) {
        want[i] = is;
        EXPECT_GT(is.size(), 5'000U);
        continue;
      }
      const auto at = std::mismatch(want[i].begin(), want[i].end(), is.begin(), is.end());
      const auto from = static_cast<size_t>(at.first - want[i].begin());
      const size_t start = from < 300 ? 0 : from - 300;
      ASSERT_EQ(want[i].substr(start, 500), is.substr(start, 500))
          << "order " << round << ", moment " << i << ", place " << from;
      ASSERT_EQ(want[i], is);
    }
    if (round % 8 == 0) {  // another process, which reads all of it at once
      Service fresh(*store, ServiceOptions{[this] { return now_; }});
      for (size_t i = 0; i < moments.size(); ++i) {
        ASSERT_EQ(Everything(fresh, *store, moments[i]), want[i]);
      }
    }
  }
}

SCANTLING_ON_BOTH(OrderTest);

}  // namespace
}  // namespace scantling::program
