// Watches and the states of scans, on both databases.
#include "program/scans.h"

#include "program/answers.h"
#include "program/lists.h"
#include "program/service.h"
#include "program/test_support.h"
#include "tests/support/stores.h"

#include <gmock/gmock.h>

namespace scantling::program {
namespace {

using scantling::testing::ErrorOf;
using test::Digest;
using test::ProgramTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Watch Parsed(const std::string& json) {
  auto watch = ParseWatch(json);
  EXPECT_TRUE(watch.has_value()) << ErrorOf(watch);
  return watch.value_or(Watch());
}

TEST(WatchTest, WhatPeopleSetIsChecked) {
  const Watch watch = Parsed(R"({"registry":"docker.io","repositories":["nginx","team/*","nginx"],)"
                             R"("tags":"1.*","newest":3,"interval_seconds":60})");
  EXPECT_THAT(watch.repositories, ElementsAre("library/nginx", "team/*"));
  EXPECT_EQ(watch.interval_ms, 60'000);
  EXPECT_TRUE(WatchesRepository(watch, "library/nginx"));
  EXPECT_TRUE(WatchesRepository(watch, "team/a/b"));
  EXPECT_FALSE(WatchesRepository(watch, "teams/a"));
  const std::pair<std::string, std::string> wrong[] = {
      {R"({"repositories":["a"]})", "registry must be"},
      {R"({"registry":"no host","repositories":["a"]})", "registry must be"},
      {R"({"registry":"http://x.example","repositories":["a"]})", "registry must be"},
      {R"({"registry":"x.example/path","repositories":["a"]})", "registry must be"},
      {R"({"registry":"x.example"})", "repositories must be"},
      {R"({"registry":"x.example","repositories":[]})", "repositories must be"},
      {R"({"registry":"x.example","repositories":["A"]})", "no repository's name"},
      {R"({"registry":"x.example","repositories":["a?b","a b"]})", "no repository's name"},
      {R"({"registry":"x.example","repositories":["a"],"newest":-1})", "newest must be"},
      {R"({"registry":"x.example","repositories":["a"],"interval_seconds":1})", "from 10"},
      {R"({"registry":"x.example","repositories":["a"],"credentials":"../x"})", "credentials must"},
      {R"({"registry":"x.example","repositories":["a"],"credentials":".x"})", "credentials must"},
      {R"({"registry":"x.example","repositories":["a"],"insecure":1})", "insecure must be"},
      {R"({"registry":"x.example","repositories":["a"],"password":"x"})", "is not known"},
      {R"({"registry":"x.example","repositories":["a"],"platform":"arm"})", "platform must be"},
  };
  for (const auto& [json, text] : wrong) {
    const auto result = ParseWatch(json);
    EXPECT_THAT(ErrorOf(result), HasSubstr(text)) << json;
  }
}

TEST(WatchTest, TheNewestTagsAreThoseWithTheHighestNumbers) {
  Watch watch = Parsed(R"({"registry":"x.example","repositories":["a"],"newest":2})");
  const std::vector<std::string> tags = {"1.9",
                                         "latest",
                                         "1.10",
                                         "1.2",
                                         "main",
                                         "sha256-" + std::string(64, 'a'),
                                         "sha256-" + std::string(64, 'a') + ".sig",
                                         "bad tag"};
  EXPECT_THAT(SelectTags(watch, tags, 100).tags, ElementsAre("main", "latest", "1.10", "1.9"));
  watch.newest = 0;
  EXPECT_THAT(SelectTags(watch, tags, 100).tags,
              ElementsAre("main", "latest", "1.10", "1.9", "1.2"));
  EXPECT_THAT(SelectTags(watch, tags, 3).tags, ElementsAre("main", "latest", "1.10"));
  EXPECT_EQ(SelectTags(watch, tags, 3).wanted, 5u);
  watch.tags = "1.?";
  EXPECT_THAT(SelectTags(watch, tags, 100).tags, ElementsAre("1.9", "1.2"));
}

TEST(WatchTest, APauseAfterFailuresGrowsToTheInterval) {
  Watch watch;
  watch.interval_ms = 60'000;
  EXPECT_EQ(PauseAfter(watch, 1), 15'000);
  EXPECT_EQ(PauseAfter(watch, 2), 30'000);
  EXPECT_EQ(PauseAfter(watch, 3), 60'000);
  EXPECT_EQ(store::RetryPause(0), 10'000);
  EXPECT_EQ(store::RetryPause(1), 10'000);
  EXPECT_EQ(store::RetryPause(2), 20'000);
  EXPECT_EQ(store::RetryPause(9), 2'560'000);
  EXPECT_EQ(store::RetryPause(10), 3'600'000);
  EXPECT_EQ(store::RetryPause(INT64_MAX), 3'600'000);
  EXPECT_EQ(PauseAfter(watch, 1000), 60'000);
}

class ScanTest : public scantling::testing::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
    auto opened = advisory::OpenEmbedded();
    ASSERT_TRUE(opened.has_value());
    database_in_force_ = std::make_shared<const advisory::Database>(*std::move(opened));
    ASSERT_TRUE(service_->UseDatabase(database_in_force_));
    watch_ = Parsed(R"({"registry":"x.example","repositories":["team/*"]})");
    const auto written = service_->Write([&](Change& change) -> base::Result<void> {
      SCANTLING_TRY(watch_.id, AddWatch(change.connection, watch_));
      return {};
    });
    ASSERT_TRUE(written.has_value()) << ErrorOf(written);
  }
  void TearDown() override { service_.reset(); }

  uint64_t Record(const std::string& tag, const std::string& digest) {
    const auto queued = RecordTags(*store_, watch_, "team/shop", {{tag, digest, now_}},
                                   ScanPriority::kBackground, now_);
    EXPECT_TRUE(queued.has_value()) << ErrorOf(queued);
    return queued.value_or(99);
  }
  std::optional<store::Job> Claim(const std::string& worker) {
    auto job = store::Claim(*store_, {"scan"}, worker, now_, 30'000);
    EXPECT_TRUE(job.has_value()) << ErrorOf(job);
    return job ? *std::move(job) : std::nullopt;
  }
  std::string Do(const std::function<base::Result<void>(Change&)>& work) {
    return ErrorOf(service_->Write(work));
  }
  std::string Keep(const store::Job& job, const std::string& digest,
                   const std::vector<model::Component>& components) {
    return Do([&](Change& change) -> base::Result<void> {
      SCANTLING_TRY(const ScanTask task, ParseScanTask(job.payload));
      model::Inventory inventory;
      inventory.image.digest = digest;
      inventory.image.reference = "x.example/team/shop@" + task.digest;
      inventory.components = components;
      SCANTLING_TRY(const Stored stored,
                    KeepScan(change, job, task, std::move(inventory), *database_in_force_));
      static_cast<void>(stored);
      return {};
    });
  }
  std::string Write(const std::function<base::Result<void>(store::Connection&)>& work) {
    return ErrorOf(store_->Write(store::Order::kFree, work));
  }
  Watch WatchOf(int64_t id) {
    Watch out;
    const auto read = store_->Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(out, ReadWatch(connection, id));
      return {};
    });
    EXPECT_TRUE(read.has_value()) << ErrorOf(read);
    return out;
  }
  // "names,state,state_detail,gap" of each image.
  std::vector<std::string> Images() {
    std::vector<std::string> out;
    const auto read = service_->Read(0, [&](const View& view) -> base::Result<void> {
      List list = ImageList(view, {});
      const TableQuery query{.sort = "digest",
                             .columns = {"names", "state", "state_detail", "gap"}};
      SCANTLING_TRY(const TablePage page, list.table.Select(std::move(list.rows), query));
      for (const uint32_t row : page.rows) {
        std::string text = list.table.CsvRow(row, query.columns);
        text.resize(text.size() - 2);
        out.push_back(std::move(text));
      }
      return {};
    });
    EXPECT_TRUE(read.has_value()) << ErrorOf(read);
    return out;
  }
  static model::Component Lodash() {
    model::Component out;
    out.type = version::Ecosystem::kNpm;
    out.name = "lodash";
    out.version = "4.17.15";
    out.purl = "pkg:npm/lodash@4.17.15";
    out.ref = out.purl;
    return out;
  }

  std::unique_ptr<Service> service_;
  std::shared_ptr<const advisory::Database> database_in_force_;
  Watch watch_;
  Millis now_ = Millis{1'897'000'000} * 1000;
};

TEST_P(ScanTest, AWatchIsKeptAsItIs) {
  Watch watch = watch_;
  watch.hook = "secret";
  watch.state = kWatchFailed;
  watch.detail = "it is away";
  watch.failures = 3;
  watch.next = 17;
  ASSERT_EQ(Write([&](store::Connection& connection) -> base::Result<void> {
              SCANTLING_TRY(watch.id, AddWatch(connection, watch));
              return {};
            }),
            "(no error)");
  EXPECT_NE(watch.id, watch_.id);
  const Watch stored = WatchOf(watch.id);
  EXPECT_EQ(WatchJson(stored), WatchJson(watch));
  EXPECT_EQ(stored.hook, "secret");
  EXPECT_EQ(WatchJson(watch).find("secret"), std::string::npos);
}

// Each was read before the others were written, as transactions that run at once read it.
TEST_P(ScanTest, AnEditALookAndAMessageKeepToTheirOwn) {
  const Watch looked = WatchOf(watch_.id);
  Watch edited = looked;
  edited.tags = "v*";
  edited.enabled = false;
  edited.next = 18;
  const auto write = [&](const std::function<base::Result<void>(store::Connection&)>& work) {
    EXPECT_EQ(Write(work), "(no error)");
  };
  write([&](store::Connection& connection) {
    return StoreLook(connection, looked, {kWatchPartial, "one is away", 17, 3, 30});
  });
  write([&](store::Connection& connection) { return SetHook(connection, watch_.id, "secret"); });
  write([&](store::Connection& connection) { return SetHeard(connection, watch_.id, 19); });
  write([&](store::Connection& connection) { return ChangeWatch(connection, edited); });
  Watch stored = WatchOf(watch_.id);
  EXPECT_EQ(stored.tags, "v*");
  EXPECT_FALSE(stored.enabled);
  EXPECT_EQ(stored.next, 18);
  EXPECT_EQ(stored.state, kWatchPartial);
  EXPECT_EQ(stored.detail, "one is away");
  EXPECT_EQ(stored.checked, 17);
  EXPECT_EQ(stored.succeeded, 17);
  EXPECT_EQ(stored.seen_repositories, 3);
  EXPECT_EQ(stored.seen_tags, 30);
  EXPECT_EQ(stored.hook, "secret");
  EXPECT_EQ(stored.heard, 19);
  // A look with the settings before says nothing of these.
  write([&](store::Connection& connection) {
    return StoreLook(connection, looked, {kWatchFailed, "it is away", 20, 0, 0});
  });
  stored = WatchOf(watch_.id);
  EXPECT_EQ(stored.state, kWatchPartial);
  EXPECT_EQ(stored.failures, 0);
  EXPECT_EQ(stored.next, 18);
  // The second of two people wins, whole.
  Watch second = looked;
  second.newest = 3;
  write([&](store::Connection& connection) { return ChangeWatch(connection, second); });
  EXPECT_EQ(WatchOf(watch_.id).tags, "*");
  EXPECT_EQ(WatchOf(watch_.id).newest, 3);
  edited.id = watch_.id + 1000;
  EXPECT_EQ(Write([&](store::Connection& connection) { return ChangeWatch(connection, edited); }),
            "there is no watched registry " + std::to_string(edited.id));
}

TEST_P(ScanTest, FromQueuedToOkAndOnce) {
  EXPECT_EQ(Record("1", Digest('1')), 1u);
  EXPECT_EQ(Record("1", Digest('1')), 0u);
  EXPECT_EQ(Record("2", Digest('1')), 0u);  // another name of the same content
  EXPECT_THAT(Images(),
              ElementsAre("x.example/team/shop:1 x.example/team/shop:2,queued,,scan_waiting"));
  const auto job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(Do([&](Change& change) { return BeginScan(change, *job); }), "(no error)");
  EXPECT_THAT(Images(), ElementsAre(HasSubstr(",running,,scan_waiting")));
  EXPECT_EQ(Keep(*job, Digest('1'), {Lodash()}), "(no error)");
  EXPECT_THAT(Images(), ElementsAre(HasSubstr(",ok,")));
  EXPECT_FALSE(Claim("a"));
  EXPECT_EQ(Record("3", Digest('1')), 0u);
  // The digest of an index: both are one image, whose names stay.
  EXPECT_EQ(Record("multi", Digest('2')), 1u);
  const auto index = Claim("a");
  ASSERT_TRUE(index);
  EXPECT_EQ(Keep(*index, Digest('3'), {Lodash()}), "(no error)");
  const std::vector<std::string> images = Images();
  ASSERT_EQ(images.size(), 2u);
  EXPECT_THAT(images[1], HasSubstr("x.example/team/shop:multi,ok,"));
  EXPECT_EQ(Record("multi", Digest('2')), 0u);
  // A fresh fold of the same rows says the same.
  service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
  EXPECT_EQ(Images(), images);
}

TEST_P(ScanTest, AFailureIsTriedAgainThenStaysVisibleAndIsTriedTheNextDay) {
  EXPECT_EQ(Record("1", Digest('1')), 1u);
  auto job = Claim("a");
  ASSERT_TRUE(job);
  const auto fail = [&](Millis again) {
    return Do([&](Change& change) {
      return KeepFailure(change, *job, base::Error(base::ErrorCode::kIo, "the line is cut"), again);
    });
  };
  EXPECT_EQ(fail(now_ + 10'000), "(no error)");
  EXPECT_THAT(Images(),
              ElementsAre(HasSubstr(
                  ",queued,attempt 1 of 5 failed: the line is cut; the next at 2030-02-1")));
  EXPECT_FALSE(Claim("a"));
  now_ += 10'000;
  job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(fail(0), "(no error)");
  EXPECT_THAT(Images(), ElementsAre(HasSubstr(",failed,the line is cut,scan_failed")));
  EXPECT_EQ(Record("1", Digest('1')), 0u);
  now_ += kFailedScanAgain;
  EXPECT_EQ(Record("1", Digest('1')), 1u);
  // What is not of a kind that is read.
  job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(Do([&](Change& change) {
              return KeepFailure(change, *job, base::Unsupported("a chart is no image"), 0);
            }),
            "(no error)");
  EXPECT_THAT(Images(),
              ElementsAre(HasSubstr(",unsupported,a chart is no image,unsupported_distribution")));
}

TEST_P(ScanTest, AWorkerThatLostItsLeaseChangesNothing) {
  EXPECT_EQ(Record("1", Digest('1')), 1u);
  const auto lost = Claim("a");
  ASSERT_TRUE(lost);
  now_ += 31'000;
  const auto job = Claim("b");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->attempts, 2);
  EXPECT_EQ(Do([&](Change& change) { return BeginScan(change, *job); }), "(no error)");
  EXPECT_THAT(Keep(*lost, Digest('1'), {Lodash()}), HasSubstr("lease was lost"));
  EXPECT_THAT(Do([&](Change& change) { return BeginScan(change, *lost); }),
              HasSubstr("lease was lost"));
  EXPECT_THAT(
      Do([&](Change& change) { return KeepFailure(change, *lost, base::Invalid("broken"), 0); }),
      HasSubstr("lease was lost"));
  EXPECT_THAT(Images(), ElementsAre(HasSubstr(",running,attempt 2 of 5,scan_waiting")));
  EXPECT_EQ(Keep(*job, Digest('1'), {Lodash()}), "(no error)");
  EXPECT_THAT(Do([&](Change& change) { return BeginScan(change, *lost); }),
              HasSubstr("lease was lost"));
  EXPECT_THAT(Images(), ElementsAre(HasSubstr(",ok,")));
}

TEST_P(ScanTest, WhatALookSawBeforeAPushIsThePast) {
  const TagDigest seen{"latest", Digest('1'), now_};
  now_ += 1000;
  EXPECT_EQ(Record("latest", Digest('2')), 1u);
  now_ += 1000;
  const auto queued =
      RecordTags(*store_, watch_, "team/shop", {seen}, ScanPriority::kBackground, now_);
  EXPECT_EQ(queued.value_or(9), 1u) << ErrorOf(queued);
  EXPECT_THAT(Images(), ElementsAre(",queued,,scan_waiting",
                                    "x.example/team/shop:latest,queued,,scan_waiting"));
}

TEST_P(ScanTest, AnIndexThatHadAnInventoryOfItsOwnIsOneWithItsImage) {
  EXPECT_EQ(Do([&](Change& change) -> base::Result<void> {
              Submission upload;
              upload.digest = Digest('2');
              upload.document = "sbom";
              upload.via = "upload";
              upload.names = {"x.example/team/shop:multi"};
              upload.report.inventory.components = {Lodash()};
              SCANTLING_TRY(const Stored stored,
                            StoreInventory(change, upload, *database_in_force_));
              static_cast<void>(stored);
              SCANTLING_TRY(const bool queued,
                            QueueScan(change, {watch_.id, "x.example", "team/shop", Digest('2')},
                                      ScanWhen::kAlways, ScanPriority::kSomebodyWaits));
              EXPECT_TRUE(queued);
              return {};
            }),
            "(no error)");
  now_ += 1000;
  const auto job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(Do([&](Change& change) { return BeginScan(change, *job); }), "(no error)");
  EXPECT_THAT(Images(), ElementsAre("x.example/team/shop:multi,running,,stale_source"));
  EXPECT_EQ(Keep(*job, Digest('3'), {Lodash()}), "(no error)");
  const std::vector<std::string> images = Images();
  EXPECT_THAT(images, ElementsAre("x.example/team/shop:multi,ok,,stale_source"));
  // What was uploaded is known to have been, and to be no more what is shown.
  int64_t id = 0;
  ASSERT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
    id = view.fleet().contents()[view.fleet().FindContent(Digest('3'))].id;
    return {};
  }));
  ToldOfImage of_image;
  ASSERT_TRUE(store_->Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(of_image, ToldOf(connection, id, now_));
    return {};
  }));
  const std::vector<ToldInventory>& told = of_image.inventories;
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].digest, Digest('2'));
  EXPECT_EQ(told[0].via, "upload");
  EXPECT_EQ(told[0].components, 1u);
  EXPECT_EQ(told[0].at, now_ - 1000);
  EXPECT_FALSE(told[0].known);
  EXPECT_EQ(told[1].digest, Digest('3'));
  EXPECT_EQ(told[1].via, "server");
  EXPECT_TRUE(told[1].known);
  service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
  EXPECT_EQ(Images(), images);
}

// CI scans before it pushes: the inventory is its configuration's, until a runtime tells whose
// configuration it is.
TEST_P(ScanTest, AScanAgainOfAnImageFirstToldByItsConfigurationKeepsItsCopies) {
  Submission before_the_push;
  before_the_push.report.inventory.image.config_digest = Digest('c');
  before_the_push.report.inventory.components = {Lodash()};
  before_the_push.document = "before the push";
  ASSERT_TRUE(service_->Submit(before_the_push));
  RunningReport report;
  report.reporter = "host a";
  report.kind = "host";
  report.at = ++now_;
  report.interval_ms = kMillisPerDay;
  report.copies.emplace_back();
  report.copies[0].uid = "one";
  report.copies[0].digest = Digest('a');
  report.copies[0].image_id = Digest('c');
  report.copies[0].reference = "x.example/team/shop:1";
  report.snapshot = true;
  ASSERT_EQ(ErrorOf(service_->Running(report)), "(no error)");
  const auto gap = [&] {
    std::string out;
    EXPECT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
      EXPECT_EQ(view.contents().size(), 1u);
      for (const uint32_t copy : view.copies()) {
        out.append(ToString(view.CopyGap(copy)));
      }
      return {};
    }));
    return out;
  };
  const std::string before = gap();
  EXPECT_NE(before, "never_scanned");
  bool queued = false;
  ASSERT_EQ(Do([&](Change& change) -> base::Result<void> {
              SCANTLING_TRY(queued,
                            QueueScan(change, {watch_.id, "x.example", "team/shop", Digest('a')},
                                      ScanWhen::kAlways, ScanPriority::kSomebodyWaits));
              return {};
            }),
            "(no error)");
  ++now_;
  const auto job = Claim("a");
  ASSERT_TRUE(queued && job);
  EXPECT_EQ(Keep(*job, Digest('a'), {Lodash()}), "(no error)");
  EXPECT_EQ(gap(), before);
}

TEST_P(ScanTest, AScanAgainKeepsWhatIsKnownWhenItFails) {
  EXPECT_EQ(Record("1", Digest('1')), 1u);
  auto job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(Keep(*job, Digest('1'), {Lodash()}), "(no error)");
  const std::vector<std::string> before = Images();
  bool queued = false;
  const auto again = [&](Change& change) -> base::Result<void> {
    SCANTLING_TRY(queued, QueueScan(change, {watch_.id, "x.example", "team/shop", Digest('1')},
                                    ScanWhen::kAlways, ScanPriority::kSomebodyWaits));
    return {};
  };
  EXPECT_EQ(Do(again), "(no error)");
  EXPECT_TRUE(queued);
  EXPECT_EQ(Do(again), "(no error)");
  EXPECT_FALSE(queued);
  job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(Do([&](Change& change) {
              return KeepFailure(change, *job, base::Invalid("it is broken now"), 0);
            }),
            "(no error)");
  ASSERT_EQ(Images().size(), 1u);
  EXPECT_THAT(Images()[0], HasSubstr(",failed,"));
  EXPECT_THAT(Images()[0], ::testing::Not(HasSubstr("scan_failed")));
  EXPECT_EQ(Do(again), "(no error)");
  job = Claim("a");
  ASSERT_TRUE(job);
  EXPECT_EQ(Keep(*job, Digest('1'), {Lodash()}), "(no error)");
  EXPECT_EQ(Images(), before);
}

TEST_P(ScanTest, WhatRunsInAWatchedRegistryIsQueued) {
  RunningReport report;
  report.reporter = "r";
  report.kind = "kubernetes";
  report.at = now_;
  report.snapshot = true;
  for (const auto& [uid, digest, reference] :
       {std::tuple("a", Digest('1'), "x.example/team/shop:1"),
        std::tuple("b", Digest('1'), "x.example/team/shop:1"),
        std::tuple("c", Digest('2'), "elsewhere.example/team/shop:1"),
        std::tuple("d", Digest('3'), "x.example/other/shop:1")}) {
    SeenCopy copy;
    copy.uid = uid;
    copy.digest = digest;
    copy.reference = reference;
    report.copies.push_back(std::move(copy));
  }
  for (int i = 0; i < 600; ++i) {  // of nobody's, and before all others
    SeenCopy copy;
    copy.uid = "x" + std::to_string(i);
    copy.digest = "sha256:0" + std::string(59, '0') + std::to_string(1000 + i);
    copy.reference = "elsewhere.example/team/shop:2";
    report.copies.push_back(std::move(copy));
  }
  const auto told = service_->Running(report);
  ASSERT_TRUE(told.has_value()) << ErrorOf(told);
  auto queued = QueueRunning(*store_, {watch_}, now_);
  ASSERT_TRUE(queued.has_value()) << ErrorOf(queued);
  EXPECT_EQ(*queued, 1u);
  queued = QueueRunning(*store_, {watch_}, now_);
  EXPECT_EQ(queued.value_or(9), 0u);
  std::string coverage;
  ASSERT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
    coverage = CoverageJson(view, {});
    return {};
  }));
  EXPECT_THAT(coverage, HasSubstr(R"("gap":"scan_waiting")"));
  EXPECT_THAT(coverage, HasSubstr(R"("gap":"never_scanned")"));
}

SCANTLING_ON_BOTH(ScanTest);

}  // namespace
}  // namespace scantling::program
