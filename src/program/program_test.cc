// From documents to answers, on a real store: what an image holds, what runs, whose it is, and what
// a new advisory database changes.
#include "program/answers.h"
#include "program/builds.h"
#include "program/lists.h"
#include "program/scans.h"
#include "program/test_support.h"
#include "report/report.h"

#include <gmock/gmock.h>

namespace scantling::program {
namespace {

using test::Digest;
using test::ProgramTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

#define ASSERT_OK(expression)                                      \
  do {                                                             \
    const auto& result_ = (expression);                            \
    ASSERT_TRUE(result_.has_value()) << result_.error().Message(); \
  } while (false)

class FleetTest : public ProgramTest {
 protected:
  void Use(std::shared_ptr<const advisory::Database> database) {
    auto judged = service_->UseDatabase(std::move(database));
    ASSERT_TRUE(judged.has_value()) << judged.error().Message();
    judged_ = *judged;
  }
  void Submit(const Submission& submission) {
    auto stored = service_->Submit(submission);
    ASSERT_TRUE(stored.has_value()) << stored.error().Message();
    stored_ = *stored;
  }
  void Tell(const RunningReport& report) {
    auto outcome = service_->Running(report);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().Message();
    outcome_ = *outcome;
  }
  void Build(std::string_view json) {
    auto record = ParseBuildRecord(json, false, now_);
    ASSERT_TRUE(record.has_value()) << record.error().Message();
    auto written = service_->Write([&](Change& change) -> base::Result<void> {
      SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, *record));
      EXPECT_TRUE(fresh);
      return {};
    });
    ASSERT_TRUE(written.has_value()) << written.error().Message();
  }
  // One column of a list, in its order.
  std::vector<std::string> Column(const std::function<List(const View&)>& make,
                                  const std::string& column, TableQuery query = {},
                                  Millis as_of = 0) {
    std::vector<std::string> out;
    query.columns = {column};
    const auto read = service_->Read(as_of, [&](const View& view) -> base::Result<void> {
      List list = make(view);
      SCANTLING_TRY(const TablePage page, list.table.Select(std::move(list.rows), query));
      for (const uint32_t row : page.rows) {
        std::string text = list.table.CsvRow(row, query.columns);
        text.resize(text.size() - 2);
        out.push_back(std::move(text));
      }
      return {};
    });
    EXPECT_TRUE(read.has_value()) << read.error().Message();
    return out;
  }
  static List Images(const View& view) { return ImageList(view, {}); }
  static List Copies(const View& view) { return RunningList(view, {}); }
  static List Holes(const View& view) { return VulnerabilityList(view, {}); }
  std::string Coverage() {
    std::string out;
    EXPECT_TRUE(service_->Read(0, [&](const View& view) -> base::Result<void> {
      out = CoverageJson(view, {});
      return {};
    }));
    return out;
  }

  Judged judged_;
  Stored stored_;
  RunningOutcome outcome_;
};

TEST_F(FleetTest, AnImageIsStoredOnceWithItsFindings) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}, "CVE-2030-0001"));
  const Submission image = Image(Digest('1'), "registry/shop:1",
                                 {Package("lodash", "4.17.15"), Package("left-pad", "1.0.0")});
  Submit(image);
  EXPECT_TRUE(stored_.fresh);
  EXPECT_EQ(stored_.new_components, 2u);
  EXPECT_EQ(stored_.new_matches, 1u);
  Submit(image);
  EXPECT_FALSE(stored_.fresh);
  EXPECT_THAT(Column(Images, "name"), ElementsAre("registry/shop:1"));
  EXPECT_THAT(Column(Images, "critical"), ElementsAre("1"));
  EXPECT_THAT(Column(Images, "kev"), ElementsAre("1"));
  EXPECT_THAT(Column(Images, "components"), ElementsAre("2"));
  EXPECT_THAT(Column(Holes, "id"), ElementsAre("CVE-2030-0001"));
  // Another image with the same component has no new component and no new match.
  Submit(Image(Digest('2'), "registry/api:1", {Package("lodash", "4.17.15")}));
  EXPECT_EQ(stored_.new_components, 0u);
  EXPECT_EQ(stored_.new_matches, 0u);
  EXPECT_THAT(Column(Holes, "images"), ElementsAre("2"));
}

TEST_F(FleetTest, ANewDatabaseOpensAndClosesWithoutScanning) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", ""}}));
  Submit(Image(Digest('1'), "registry/shop:1",
               {Package("lodash", "4.17.15"), Package("left-pad", "1.0.0")}));
  const Millis before = now_;
  now_ += kMillisPerDay;
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"},
                {"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0"}}));
  EXPECT_EQ(judged_.opened, 1u);
  EXPECT_EQ(judged_.updated, 1u);
  EXPECT_EQ(judged_.closed, 0u);
  EXPECT_THAT(Column(Holes, "id", {.sort = "id"}), ElementsAre("CVE-2030-0001", "CVE-2030-0002"));
  // As of yesterday it was not known.
  EXPECT_THAT(Column(Holes, "id", {}, before + 1), ElementsAre("CVE-2030-0001"));
  now_ += kMillisPerDay;
  Use(Database({{"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0"}}));
  EXPECT_EQ(judged_.closed, 1u);
  EXPECT_THAT(Column(Holes, "id"), ElementsAre("CVE-2030-0002"));
  // The same database again changes nothing.
  Use(Database({{"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0"}}));
  EXPECT_EQ(judged_.opened + judged_.closed + judged_.updated, 0u);
  // And it may come back.
  now_ += kMillisPerDay;
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  EXPECT_EQ(judged_.opened, 1u);
  std::string life;
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    return store_->Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(
          life, LifeJson(connection, view, {}, view.fleet().FindVulnerability("CVE-2030-0001")));
      return {};
    });
  }));
  EXPECT_THAT(life, HasSubstr("\"opened\""));
  EXPECT_THAT(life, HasSubstr("\"closed\""));
  EXPECT_THAT(life, HasSubstr("\"reopened\""));
}

TEST_F(FleetTest, CopiesComeAndGoAndFallSilent) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Tell(Report(true, {Copy("a", Digest('1')), Copy("b", Digest('1')), Copy("c", Digest('9')),
                     Copy("d", "not-a-digest")}));
  EXPECT_EQ(outcome_.started, 4u);
  EXPECT_EQ(outcome_.running, 4u);
  EXPECT_THAT(outcome_.unscanned, ElementsAre(Digest('9')));
  EXPECT_THAT(Column(Copies, "gap", {.sort = "uid"}),
              ElementsAre("no_owner", "no_owner", "never_scanned", "unresolvable_digest"));
  // No number where nothing is known.
  EXPECT_THAT(Column(Copies, "critical", {.sort = "uid"}), ElementsAre("1", "1", "", ""));
  EXPECT_THAT(Column(Images, "running", {.sort = "digest"}), ElementsAre("2", "1"));
  const Millis first = now_;
  now_ += 60'000;
  Tell(Report(true, {Copy("a", Digest('1')), Copy("c", Digest('9'))}));
  EXPECT_EQ(outcome_.ended, 2u);
  EXPECT_THAT(Column(Copies, "uid", {.sort = "uid"}), ElementsAre("a", "c"));
  EXPECT_THAT(Column(Copies, "uid", {.sort = "uid"}, first + 1), ElementsAre("a", "b", "c", "d"));
  // Silence is no end.
  now_ += 10 * 60'000;
  EXPECT_THAT(Column(Copies, "state", {.sort = "uid"}), ElementsAre("unknown", "unknown"));
  EXPECT_THAT(Column(Images, "unknown", {.filters = {"digest:" + Digest('1')}}), ElementsAre("1"));
}

TEST_F(FleetTest, WhatRunsComesFirstAndAVulnerabilityNarrows) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"},
                {"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0"}},
               "CVE-2030-0001"));
  Submit(Image(Digest('1'), "registry/old:1", {Package("lodash", "4.17.15")}));
  Submit(Image(Digest('2'), "registry/shop:1", {Package("left-pad", "1.0.0")}));
  Submit(Image(Digest('3'), "registry/api:1", {Package("left-pad", "1.3.0")}));
  Tell(Report(true, {Copy("a", Digest('2')), Copy("b", Digest('3'))}));
  // The one that nobody runs has most risk.
  EXPECT_THAT(Column(Images, "name"),
              ElementsAre("registry/shop:1", "registry/api:1", "registry/old:1"));
  EXPECT_THAT(Column(Images, "runs"), ElementsAre("yes", "yes", "no"));
  EXPECT_THAT(Column(Holes, "id"), ElementsAre("CVE-2030-0002", "CVE-2030-0001"));
  ASSERT_OK(service_->Read(0, [](const View& view) -> base::Result<void> {
    const std::string found = SearchJson(view, {}, "registry/", 2);
    EXPECT_THAT(found, HasSubstr("registry/shop:1"));
    EXPECT_THAT(found, HasSubstr("registry/api:1"));
    EXPECT_EQ(found.find("registry/old:1"), std::string::npos) << found;
    return {};
  }));
  const auto with = [](auto make) {
    return [make](const View& view) {
      return make(view, view.fleet().FindVulnerability("CVE-2030-0002"));
    };
  };
  EXPECT_THAT(
      Column(with([](const View& view, uint32_t one) { return ImageList(view, {}, one); }), "name"),
      ElementsAre("registry/shop:1"));
  EXPECT_THAT(
      Column(with([](const View& view, uint32_t one) { return RunningList(view, {}, 0, one); }),
             "uid"),
      ElementsAre("a"));
}

TEST_F(FleetTest, ARolloutOpensAndClosesWhatDiffers) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"},
                {"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0"},
                {"GHSA-cccc-cccc-cccc", "CVE-2030-0003", "minimist", "1.2.6"}}));
  Submit(Image(Digest('1'), "registry/shop:1",
               {Package("lodash", "4.17.15"), Package("minimist", "1.2.5")}));
  Submit(Image(Digest('2'), "registry/shop:2",
               {Package("left-pad", "1.0.0"), Package("minimist", "1.2.5")}));
  Submit(Image(Digest('3'), "registry/lab:1", {Package("lodash", "4.17.15")}));
  Tell(Report(true, {Copy("a", Digest('1')), Copy("b", Digest('1')), Copy("c", Digest('3'))}));
  now_ += 8 * kMillisPerDay;
  Tell(Report(true, {Copy("d", Digest('2'))}));
  const auto week = [&](Millis days) {
    std::string out;
    const auto read = service_->Read(0, [&](const View& view) -> base::Result<void> {
      return store_->Read([&](store::Connection& connection) -> base::Result<void> {
        SCANTLING_TRY(out, WeekJson(connection, view, {}, now_ - days * kMillisPerDay));
        return {};
      });
    });
    EXPECT_TRUE(read.has_value()) << read.error().Message();
    return out.substr(out.find("\"opened_total\""));
  };
  const std::string moved = week(7);
  // What both images of the shop have has neither come nor gone.
  EXPECT_THAT(moved, HasSubstr(R"("opened_total":1)"));
  EXPECT_THAT(moved, HasSubstr(R"("kev":false,"images":1,"copies":1,"causes":["deployed"])"));
  EXPECT_THAT(moved, HasSubstr(R"("closed_total":1)"));
  EXPECT_THAT(moved,
              HasSubstr(R"("kev":false,"images":2,"copies":3,"causes":["rebuilt","undeployed"])"));
  // An advisory that is taken back ends it in all of its images, also where none runs.
  now_ += kMillisPerDay;
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"},
                {"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0"}}));
  EXPECT_THAT(week(1),
              HasSubstr(R"("images":2,"copies":1,"causes":["advisory withdrawn or changed"])"));
}

TEST_F(FleetTest, ALongLifeKeepsItsNewestSteps) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", ""}}));
  std::vector<model::Component> all;
  for (int version = 0; version < 2'100; ++version) {
    all.push_back(Package("lodash", "4.17." + std::to_string(version)));
  }
  Submit(Image(Digest('1'), "registry/shop:1", all));
  Tell(Report(true, {Copy("a", Digest('1'))}));
  now_ += kMillisPerDay;
  Tell(Report(true, {}));
  std::string life;
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    return store_->Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(
          life, LifeJson(connection, view, {}, view.fleet().FindVulnerability("CVE-2030-0001")));
      return {};
    });
  }));
  EXPECT_THAT(life, HasSubstr("\"gone\""));
  EXPECT_THAT(life, HasSubstr("\"more\":102"));
}

TEST_F(FleetTest, APastMomentKnowsNoLaterScan) {
  Use(Database({}));
  Tell(Report(true, {Copy("a", Digest('1'))}));
  const Millis before = now_;
  now_ += kMillisPerDay;
  ASSERT_OK(service_->Write([&](Change& change) {
    return SetScanState(change, Digest('1'), kStateFailed, "no such image");
  }));
  EXPECT_THAT(Column(Images, "gap"), ElementsAre("scan_failed"));
  EXPECT_THAT(Column(Images, "gap", {}, before + 1), ElementsAre("never_scanned"));
  EXPECT_THAT(Column(Images, "state", {}, before + 1), ElementsAre("never"));
  EXPECT_THAT(Column(Images, "state_detail", {}, before + 1), ElementsAre(""));
}

TEST_F(FleetTest, MessagesMayComeTwiceLateAndInAnyOrder) {
  Use(Database({}));
  struct Message {
    Millis at;
    std::vector<std::string> seen;
    std::vector<std::string> gone;
  };
  const std::vector<Message> messages = {
      {1000, {"a", "b"}, {}}, {2000, {"c"}, {"a"}}, {3000, {}, {"b"}}};
  std::vector<size_t> order = {0, 1, 2};
  std::vector<std::string> results;
  int round = 0;
  do {
    for (const bool twice : {false, true}) {
      const std::string prefix = std::to_string(round++) + "-";
      for (const size_t index : order) {
        for (int time = 0; time < (twice ? 2 : 1); ++time) {
          RunningReport report = Report(false, {});
          report.reporter = prefix;
          report.at = now_ + messages[index].at;
          for (const std::string& uid : messages[index].seen) {
            report.copies.push_back(Copy(prefix + uid, Digest('1')));
          }
          for (const std::string& uid : messages[index].gone) {
            report.gone.emplace_back(prefix + uid, 0);
          }
          Tell(report);
        }
      }
      std::string result;
      ASSERT_OK(store_->Read([&](store::Connection& connection) {
        const std::string pattern = prefix + "%";
        const store::Value value = std::string_view(pattern);
        return connection.Query(
            "SELECT uid, started, ended, workload FROM copies WHERE uid LIKE $1 ORDER BY uid",
            {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
              result += std::string(row.Text(0).substr(prefix.size())) + " " +
                        std::to_string(row.Int(1) - now_) + " " +
                        (row.Int(2) == 0 ? "0" : std::to_string(row.Int(2) - now_)) + " " +
                        std::string(row.Text(3)) + "\n";
              return {};
            });
      }));
      results.push_back(result);
    }
  } while (std::next_permutation(order.begin(), order.end()));
  ASSERT_EQ(results.size(), 12u);
  for (const std::string& result : results) {
    EXPECT_EQ(result, "a 1000 2000 web\nb 1000 3000 web\nc 2000 0 web\n");
  }
}

TEST_F(FleetTest, CoverageIsAFractionWithEveryGapExplained) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Submit(Image(Digest('2'), "registry/odd:1", {}));
  SetOwners(R"({"rules":[{"repository":"registry/shop","owner":"team-shop"},
                         {"namespace":"shop","owner":"team-rest"}]})");
  Tell(Report(true, {Copy("a", Digest('1')), Copy("b", Digest('2')), Copy("c", Digest('9'))}));
  const std::string coverage = Coverage();
  EXPECT_THAT(coverage, HasSubstr(R"("running":{"copies":3,"digests":3})"));
  EXPECT_THAT(coverage, HasSubstr(R"("with_inventory":{"copies":2,"digests":2})"));
  EXPECT_THAT(coverage, HasSubstr(R"("covered":{"copies":1,"digests":1})"));
  EXPECT_THAT(coverage, HasSubstr(R"("gap":"never_scanned","copies":1)"));
  EXPECT_THAT(coverage, HasSubstr("no package was found in it"));
  EXPECT_THAT(Column(Copies, "owner", {.sort = "uid"}),
              ElementsAre("team-shop", "team-rest", "team-rest"));
  // Data that is old is no data of today.
  now_ += 60 * kMillisPerDay;
  Tell(Report(true, {Copy("a", Digest('1'))}));
  EXPECT_THAT(Column(Copies, "gap_detail"),
              ElementsAre(HasSubstr("advisory data is old: npm of 2030-02-18")));
}

TEST_F(FleetTest, AnAliasTakesTheCopiesOver) {
  Use(Database({}));
  // A runtime that knows only the configuration's digest.
  Tell(Report(true, {Copy("a", Digest('c'))}));
  EXPECT_THAT(Column(Copies, "gap"), ElementsAre("never_scanned"));
  Submission image = Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")});
  image.report.inventory.image.config_digest = Digest('c');
  Submit(image);
  EXPECT_THAT(Column(Copies, "image"), ElementsAre("registry/shop:1"));
  EXPECT_THAT(Column(Images, "digest"), ElementsAre(Digest('1')));
  EXPECT_THAT(Column(Images, "running"), ElementsAre("1"));
}

TEST_F(FleetTest, ACopyThatTellsBothDigestsJoinsThem) {
  Use(Database({}));
  // An archive knows its configuration only, a runtime the manifest, too.
  Submission image = Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")});
  image.report.inventory.image.digest.clear();
  image.report.inventory.image.config_digest = Digest('c');
  Submit(image);
  SeenCopy copy = Copy("a", Digest('1'));
  copy.image_id = Digest('c');
  Tell(Report(true, {copy}));
  EXPECT_THAT(Column(Copies, "image"), ElementsAre("registry/shop:1"));
  EXPECT_THAT(Column(Images, "running"), ElementsAre("1"));
}

TEST_F(FleetTest, NamesMoveAndLateNamesFallInPlace) {
  Use(Database({}));
  const auto name = [&](const std::string& digest, Millis at) {
    Submission image =
        Image(digest, "registry/shop:latest", {Package("lodash", digest.substr(7, 1) + ".0.0")});
    image.at = at;
    Submit(image);
  };
  name(Digest('1'), now_ - 3000);
  name(Digest('3'), now_ - 1000);
  name(Digest('2'), now_ - 2000);  // told late
  const auto named = [&](Millis as_of) {
    return Column(Images, "digest", {.filters = {"names:registry/shop:latest"}}, as_of);
  };
  EXPECT_THAT(named(now_ - 2500), ElementsAre(Digest('1')));
  EXPECT_THAT(named(now_ - 1500), ElementsAre(Digest('2')));
  EXPECT_THAT(named(0), ElementsAre(Digest('3')));
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    const uint32_t last = view.fleet().FindContent(Digest('3'));
    EXPECT_EQ(PredecessorOf(view, {}, last), view.fleet().FindContent(Digest('2')));
    const std::string changes = ChangesJson(view, PredecessorOf(view, {}, last), last);
    EXPECT_THAT(changes, HasSubstr(R"("components_added":[{"name":"lodash","version":"3.0.0")"));
    EXPECT_THAT(changes, HasSubstr(R"("components_removed":[{"name":"lodash","version":"2.0.0")"));
    return {};
  }));
}

TEST_F(FleetTest, AnAcceptedRiskIsCountedApartUntilItEnds) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Submit(Image(Digest('2'), "registry/api:1", {Package("lodash", "4.17.15")}));
  auto decision = ParseDecision(
      R"({"kind":"accepted","vulnerability":"CVE-2030-0001","repository":"registry/shop",
          "owner":"team shop","reason":"accepted_risk","until":"2030-03-01"})",
      now_);
  ASSERT_OK(decision);
  ASSERT_OK(SetAuthor(*decision, "bob"));
  ASSERT_OK(service_->Write([&](Change& change) -> base::Result<void> {
    SCANTLING_TRY(const int64_t id, StoreDecision(change, *decision));
    EXPECT_EQ(id, 1);
    return {};
  }));
  EXPECT_THAT(Column(Images, "critical", {.sort = "digest"}), ElementsAre("0", "1"));
  EXPECT_THAT(Column(Images, "accepted", {.sort = "digest"}), ElementsAre("1", "0"));
  // Where it is, it still is.
  const auto findings = [](const View& view) {
    return FindingList(view, {}, kNone, view.fleet().FindVulnerability("CVE-2030-0001"));
  };
  EXPECT_THAT(Column(findings, "accepted", {.sort = "digest"}), ElementsAre("yes", "no"));
  EXPECT_THAT(Column(findings, "digest", {.filters = {"accepted:true"}}), ElementsAre(Digest('1')));
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    const std::string json =
        VulnerabilityJson(view, {}, view.fleet().FindVulnerability("CVE-2030-0001"));
    EXPECT_THAT(json, HasSubstr(R"("images":2)"));
    EXPECT_THAT(json, HasSubstr(R"("accepted":1)"));
    return {};
  }));
  now_ += 30 * kMillisPerDay;
  EXPECT_THAT(Column(Images, "critical", {.sort = "digest"}), ElementsAre("1", "1"));
}

TEST_F(FleetTest, AWrongQuestionIsNoEmptyAnswer) {
  Use(Database({}));
  Submission django = Image(Digest('1'), "registry/shop:1", {});
  django.report.inventory.components = {Package("Django", "2.2")};
  django.report.inventory.components[0].type = version::Ecosystem::kPypi;
  django.report.inventory.components[0].purl = "pkg:pypi/django@2.2";
  django.report.inventory.image.reference = "test";  // an OCI layout's tag
  Submit(django);
  EXPECT_THAT(Column(Images, "names", {}), ElementsAre("registry/shop:1"));
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    for (const std::string filter : {"runs:banana", "critical:x", "critical:>x"}) {
      List list = ImageList(view, {});
      EXPECT_FALSE(list.table.Select(std::move(list.rows), {.filters = {filter}})) << filter;
    }
    for (const std::string filter : {"runs:false", "runs:no", "critical:0"}) {
      List list = ImageList(view, {});
      const auto page = list.table.Select(std::move(list.rows), {.filters = {filter}});
      EXPECT_TRUE(page && page->rows.size() == 1) << filter;
    }
    for (const std::string_view name : {"Django", "django"}) {
      const auto carriers = ComponentList(view, {}, name, "2.2.28");
      EXPECT_TRUE(carriers && carriers->rows.size() == 1) << name;
      const auto none = ComponentList(view, {}, name, "garbage!!");
      EXPECT_THAT(none ? "" : none.error().Message(), HasSubstr("no version"));
    }
    EXPECT_TRUE(ComponentList(view, {}, "flask", "garbage!!")->rows.empty());
    return {};
  }));
}

TEST_F(FleetTest, WhoAcceptsARiskIsNotWhoAsksForIt) {
  const auto parse = [&](const std::string& members) {
    return ParseDecision(
        R"({"kind":"accepted","vulnerability":"CVE-2030-0001","reason":"mitigated",)"
        R"("until":"2030-03-01")" +
            members + "}",
        now_);
  };
  // The approver is a fact, and no text.
  const auto typed = parse(R"(,"owner":"ann","approver":"bob")");
  ASSERT_FALSE(typed);
  EXPECT_THAT(typed.error().Message(), HasSubstr("approver is not told"));
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse(R"(,"owner":" \t ")"));
  for (const std::string owner : {"bob", " Bob ", "@BOB", "Robert  T. Lee", R"(robert t. lee\n)"}) {
    auto decision = parse(",\"owner\":\"" + owner + "\"");
    ASSERT_OK(decision);
    const auto made = SetAuthor(*decision, "bob", "Robert T. Lee");
    ASSERT_FALSE(made) << owner;
    EXPECT_THAT(made.error().Message(), HasSubstr("owner must be somebody else"));
    // Nobody has approved, so that it cannot be stored.
    EXPECT_FALSE(service_->Write([&](Change& change) -> base::Result<void> {
      return base::Result<void>(std::unexpected(StoreDecision(change, *decision).error()));
    }));
  }
  // One administrator may accept what a team asks for.
  auto decision = parse(R"(,"owner":"team bob")");
  ASSERT_OK(decision);
  ASSERT_OK(SetAuthor(*decision, "bob"));
  EXPECT_EQ(decision->author, "bob");
  EXPECT_EQ(decision->approver, "bob");
  // Who acknowledges approves of nothing.
  auto seen =
      ParseDecision(R"({"kind":"acknowledged","vulnerability":"CVE-1","owner":"bob"})", now_);
  ASSERT_OK(seen);
  ASSERT_OK(SetAuthor(*seen, "bob"));
  EXPECT_EQ(seen->approver, "");
}

TEST_F(FleetTest, OwnersSeeTheirOwn) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Submit(Image(Digest('2'), "registry/api:1", {Package("lodash", "4.17.15")}));
  SetOwners(
      R"({"rules":[{"repository":"*/shop","owner":"team-shop"},{"repository":"*/api","owner":"team-api"}]})");
  const Scope shop{false, {"team-shop"}};
  EXPECT_THAT(Column([&](const View& view) { return ImageList(view, shop); }, "digest"),
              ElementsAre(Digest('1')));
  EXPECT_THAT(Column([&](const View& view) { return VulnerabilityList(view, shop); }, "images"),
              ElementsAre("1"));
  const Scope other{false, {"team-other"}};
  EXPECT_TRUE(
      Column([&](const View& view) { return VulnerabilityList(view, other); }, "id").empty());
}

TEST_F(FleetTest, AVulnerabilityTellsAnOwnerNothingOfOthers) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"},
                {"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0001", "their-fork", "9.0.0"}}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Submit(Image(Digest('2'), "registry/api:1", {Package("their-fork", "1.0.0")}));
  SetOwners(
      R"({"rules":[{"repository":"*/shop","owner":"team-shop"},{"repository":"*/api","owner":"team-api"}]})");
  const Scope shop{false, {"team-shop"}};
  const Scope other{false, {"team-other"}};
  for (const std::string repository : {"", "registry/shop", "registry/api", "*/a*"}) {
    auto decision = ParseDecision(
        R"({"kind":"acknowledged","vulnerability":"CVE-2030-0001","words":"seen","repository":")" +
            repository + "\"}",
        now_);
    ASSERT_OK(decision);
    ASSERT_OK(service_->Write([&](Change& change) -> base::Result<void> {
      SCANTLING_TRY(const int64_t id, StoreDecision(change, *decision));
      return id > 0 ? base::Result<void>() : base::Result<void>(base::Invalid("no id"));
    }));
  }
  const auto holes = [&](const View& view) { return VulnerabilityList(view, shop); };
  EXPECT_THAT(Column(holes, "components"), ElementsAre("lodash"));
  EXPECT_EQ(Column([](const View& view) { return VulnerabilityList(view, {}); }, "components"),
            std::vector<std::string>{"lodash their-fork"});
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    const uint32_t index = view.fleet().FindVulnerability("CVE-2030-0001");
    EXPECT_TRUE(SeesVulnerability(view, shop, index));
    EXPECT_FALSE(SeesVulnerability(view, other, index));
    const std::string theirs = VulnerabilityJson(view, shop, index);
    EXPECT_THAT(theirs, Not(HasSubstr("registry/api")));
    EXPECT_THAT(theirs, Not(HasSubstr("*/a*")));
    EXPECT_THAT(theirs, HasSubstr(R"("repository":"registry/shop")"));
    return service_->store().Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(const std::string life, LifeJson(connection, view, shop, index));
      EXPECT_THAT(life, Not(HasSubstr("registry/api")));
      EXPECT_THAT(life, HasSubstr("repository: registry/shop"));
      SCANTLING_TRY(const std::string all, LifeJson(connection, view, {}, index));
      EXPECT_THAT(all, HasSubstr("repository: registry/api"));
      return {};
    });
  }));
  // Closed findings are theirs, too.
  Submit(Image(Digest('3'), "registry/api:2", {Package("lodash", "4.17.21")}));
  Use(Database({{"GHSA-bbbb-bbbb-bbbb", "CVE-2030-0001", "their-fork", "9.0.0"}}));
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    const uint32_t index = view.fleet().FindVulnerability("CVE-2030-0001");
    EXPECT_TRUE(SeesVulnerability(view, shop, index));
    EXPECT_FALSE(HasHole(view, shop, index));
    return {};
  }));
}

TEST_F(FleetTest, ARecordOfABuildTakesNothingFromARule) {
  Use(Database({}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Submit(Image(Digest('2'), "registry/new:1", {Package("lodash", "4.17.15")}));
  const std::string rules = R"("rules":[{"repository":"*/shop","owner":"team-shop"}])";
  SetOwners("{" + rules + "}");
  Build(R"({"digest":")" + Digest('1') + R"(","owner":"mine"})");
  Build(R"({"digest":")" + Digest('2') + R"(","owner":"mine"})");
  const auto seen = [&](const std::string& owner) {
    const Scope scope{false, {owner}};
    return Column([&](const View& view) { return ImageList(view, scope); }, "digest");
  };
  EXPECT_THAT(seen("mine"), ElementsAre(Digest('2')));
  EXPECT_THAT(seen("team-shop"), ElementsAre(Digest('1')));
  SetOwners(R"({"codeowners":"first",)" + rules + "}");
  EXPECT_EQ(seen("mine").size(), 2U);
}

TEST_F(FleetTest, ARecordOfTheFutureHoldsNothingUp) {
  Use(Database({}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  const std::string image = R"({"digest":")" + Digest('1') + R"(",)";
  Build(image + R"("owner":"early","at":"2099-01-01T00:00:00Z"})");
  EXPECT_THAT(Column(Images, "owner"), ElementsAre("early"));
  now_ += kMillisPerDay;
  Build(image + R"("owner":"late"})");
  EXPECT_THAT(Column(Images, "owner"), ElementsAre("late"));
}

TEST_F(FleetTest, RecordsAreMergedByRole) {
  Use(Database({}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  const std::string image = R"({"digest":")" + Digest('1') + R"(",)";
  Build(image + R"("codeowners":"* @a\n[Image]\n* @i\n"})");
  now_ += 1000;
  // Neither one without the file nor one that speaks of the application only takes the others away.
  Build(image + R"("dockerfile":"x/Dockerfile"})");
  Build(image + R"("owner":"b"})");
  EXPECT_THAT(Column(Images, "owner"), ElementsAre("b"));
  EXPECT_THAT(Column(Images, "image_owner"), ElementsAre("i"));
  // A file that names nobody does.
  now_ += 1000;
  Build(image + R"("codeowners":"/x @a\n"})");
  EXPECT_THAT(Column(Images, "owner"), ElementsAre(""));
  EXPECT_THAT(Column(Images, "image_owner"), ElementsAre(""));
}

TEST_F(FleetTest, ARecordOfAnotherDigestOfTheImageCounts) {
  Use(Database({}));
  // An index, as a build that pushes tells it; the server scans the platform's manifest.
  Build(R"({"digest":")" + Digest('a') + R"(","codeowners":"* @team\n"})");
  Tell(Report(true, {Copy("a", Digest('a'))}));
  EXPECT_THAT(Column(Copies, "owner"), ElementsAre("team"));
  Submission image = Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")});
  image.report.inventory.image.config_digest = Digest('c');
  Submit(image);
  ASSERT_OK(service_->Write(
      [](Change& change) { return JoinDigests(change, Digest('1'), Digest('a'), change.now); }));
  EXPECT_THAT(Column(Images, "owner"), ElementsAre("team"));
  EXPECT_THAT(Column(Copies, "owner"), ElementsAre("team"));
  now_ += 1000;
  Build(R"({"digest":")" + Digest('c') + R"(","codeowners":"* @other\n"})");
  EXPECT_THAT(Column(Images, "owner"), ElementsAre("other"));
  EXPECT_THAT(Column(Copies, "owner"), ElementsAre("other"));
  // Nor does another process's reading of all at once say anything else.
  Service fresh(*store_, ServiceOptions{[this] { return now_; }});
  ASSERT_OK(fresh.Read(0, [&](const View& view) -> base::Result<void> {
    EXPECT_EQ(view.fleet().texts()[view.fleet().copies()[0].owner], "other");
    return {};
  }));
}

TEST_F(FleetTest, AnotherProcessSeesTheSame) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  Service other(*store_, ServiceOptions{[this] { return now_; }});
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  Tell(Report(true, {Copy("a", Digest('1'))}));
  std::string mine;
  std::string theirs;
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    mine = CoverageJson(view, {}) +
           VulnerabilityJson(view, {}, view.fleet().FindVulnerability("CVE-2030-0001"));
    return {};
  }));
  ASSERT_OK(other.Read(0, [&](const View& view) -> base::Result<void> {
    theirs = CoverageJson(view, {}) +
             VulnerabilityJson(view, {}, view.fleet().FindVulnerability("CVE-2030-0001"));
    return {};
  }));
  EXPECT_EQ(mine, theirs);
  EXPECT_THAT(mine, HasSubstr(R"("ends_by":[{"kind":"rebuild_image","target":"registry/shop")"));
}

TEST_F(FleetTest, TheWholeReportOfAnImage) {
  Use(Database({{"GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21"}}));
  Submit(Image(Digest('1'), "registry/shop:1", {Package("lodash", "4.17.15")}));
  ASSERT_OK(service_->Read(0, [&](const View& view) -> base::Result<void> {
    SCANTLING_TRY(const model::Report report, service_->ReportOf(0, view));
    EXPECT_EQ(report.findings.size(), 1u);
    EXPECT_EQ(report.actions.size(), 1u);
    const std::string json = ImageJson(view, {}, 0, &report, {});
    EXPECT_THAT(json, HasSubstr("bump lodash 4.17.15"));
    codec::Json parser;
    EXPECT_TRUE(parser.Parse(json).has_value());
    return {};
  }));
}

}  // namespace
}  // namespace scantling::program
