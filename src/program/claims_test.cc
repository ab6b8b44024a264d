// What somebody who sees some owners' things only can make theirs by telling of it: nothing that
// others have told of, and nothing that is nobody's.
#include "program/claims.h"

#include "program/answers.h"
#include "program/builds.h"
#include "program/documents.h"
#include "program/lists.h"
#include "program/test_support.h"

#include <gmock/gmock.h>

namespace scantling::program {
namespace {

using test::Digest;
using test::ProgramTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class ClaimsTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ASSERT_TRUE(service_->UseDatabase(Database({})).has_value());
    SetOwners(R"({"rules":[{"repository":"registry/shop*","owner":"shop"},
                           {"repository":"registry/pay*","owner":"pay"},
                           {"namespace":"pay-*","owner":"pay"},
                           {"namespace":"mallory-*","owner":"mallory"},
                           {"repository":"registry/mallory*","owner":"mallory"}]})");
  }

  // As the door of the server makes it.
  Teller TellerOf(const std::vector<std::string>& owners, const std::vector<std::string>& digests) {
    Teller out;
    out.trusted = false;
    out.owners = owners;
    const Scope scope{false, owners};
    const auto read = service_->Read(0, [&](const View& view) -> base::Result<void> {
      for (const std::string& digest : digests) {
        const uint32_t content = view.fleet().FindContent(digest);
        if (content != kNone &&
            scope.Sees(view.fleet().texts()[view.fleet().contents()[content].owner])) {
          out.theirs.insert(digest);
        }
      }
      return {};
    });
    EXPECT_TRUE(read.has_value());
    return out;
  }
  // "" when it was taken in, else why not. No owners: by who sees everything.
  std::string Scan(const std::vector<std::string>& owners, Submission submission) {
    submission.document += std::to_string(++documents_);
    submission.at = ++now_;  // each is later than the one before
    const model::Image& image = submission.report.inventory.image;
    const auto stored =
        owners.empty()
            ? service_->Submit(submission)
            : service_->Submit(submission, TellerOf(owners, {image.digest, image.config_digest}));
    return stored ? "" : stored.error().Message();
  }
  std::string Record(const std::vector<std::string>& owners, const std::string& json,
                     bool deployment = false) {
    const auto record = ParseBuildRecord(json, deployment, now_);
    EXPECT_TRUE(record.has_value()) << record.error().Message();
    const auto written = service_->Write([&](Change& change) -> base::Result<void> {
      if (!owners.empty()) {
        change.teller = TellerOf(owners, {record->digest});
      }
      SCANTLING_TRY(const bool fresh, StoreBuildRecord(change, *record));
      return fresh ? base::Result<void>() : base::Result<void>(base::Invalid("known"));
    });
    return written ? "" : written.error().Message();
  }
  std::string Run(const std::vector<std::string>& owners, const std::string& reporter,
                  std::vector<SeenCopy> copies) {
    RunningReport report = Report(true, std::move(copies));
    report.reporter = reporter;
    const auto outcome = owners.empty() ? service_->Running(report)
                                        : service_->Running(report, TellerOf(owners, {}));
    return outcome ? "" : outcome.error().Message();
  }
  static SeenCopy CopyOf(const std::string& uid, const std::string& digest,
                         const std::string& reference, const std::string& name_space) {
    SeenCopy out = Copy(uid, digest);
    out.reference = reference;
    out.name_space = name_space;
    return out;
  }
  std::vector<std::string> Column(const std::function<List(const View&)>& make,
                                  const std::string& column) {
    std::vector<std::string> out;
    TableQuery query;
    query.columns = {column};
    const auto read = service_->Read(0, [&](const View& view) -> base::Result<void> {
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
  std::vector<std::string> Images(const std::string& owner, const std::string& column = "digest") {
    const Scope scope{false, {owner}};
    return Column([&](const View& view) { return ImageList(view, scope); }, column);
  }
  std::vector<std::string> Copies(const std::string& owner, const std::string& column = "uid") {
    const Scope scope{false, {owner}};
    return Column([&](const View& view) { return RunningList(view, scope); }, column);
  }

  const std::string one_ = Digest('1');
  const std::string two_ = Digest('2');
  const std::string three_ = Digest('3');
  int documents_ = 0;
};

TEST_F(ClaimsTest, WhatOthersHaveToldOfIsNotToBeClaimed) {
  // Nobody's by the rules, and somebody's.
  ASSERT_EQ(Scan({}, Image(one_, "registry/other:1", {Package("lodash", "4.17.15")})), "");
  ASSERT_EQ(Scan({}, Image(two_, "registry/pay:1", {Package("secret", "1.0.0")})), "");
  for (const std::string& digest : {one_, two_}) {
    EXPECT_THAT(Scan({"mallory"}, Image(digest, "registry/mallory:1", {})),
                HasSubstr("others have told of the image"));
    const std::string record = R"({"digest":")" + digest + R"(","owner":"mallory")";
    EXPECT_THAT(Record({"mallory"}, record + "}"), HasSubstr("others have told"));
    EXPECT_THAT(Record({"mallory"}, record + R"(,"names":["registry/mallory:2"]})"),
                HasSubstr("others have told"));
    EXPECT_THAT(Record({"mallory"}, record + R"(,"environment":"production"})", true),
                HasSubstr("others have told"));
    // Nor as another digest of an image of their own.
    Submission own = Image(three_, "registry/mallory:3", {});
    own.report.inventory.image.config_digest = digest;
    EXPECT_THAT(Scan({"mallory"}, own), HasSubstr("others have told"));
  }
  EXPECT_THAT(Images("mallory"), IsEmpty());
  EXPECT_THAT(Images("pay"), ElementsAre(two_));
  // Whose the rules give it may tell of it again.
  EXPECT_EQ(Scan({"pay"}, Image(two_, "registry/pay:2", {Package("secret", "1.0.1")})), "");
  EXPECT_EQ(Record({"pay"}, R"({"digest":")" + two_ + R"(","owner":"pay"})"), "");
  EXPECT_THAT(Images("pay"), ElementsAre(two_));
}

TEST_F(ClaimsTest, WhoAloneToldOfAnImageSaysWhoseItIsUntilOthersTell) {
  ASSERT_EQ(Scan({"mallory"}, Image(one_, "registry/new:1", {Package("lodash", "4.17.15")})), "");
  EXPECT_THAT(Images("mallory"), IsEmpty());
  ASSERT_EQ(Record({"mallory"}, R"({"digest":")" + one_ + R"(","owner":"mallory"})"), "");
  EXPECT_THAT(Images("mallory"), ElementsAre(one_));
  // A colleague may, another team may not.
  EXPECT_EQ(Scan({"mallory", "pay"}, Image(one_, "registry/new:2", {})), "");
  EXPECT_THAT(Scan({"pay"}, Image(one_, "registry/pay:9", {})), HasSubstr("others have told"));
  // The server reads the same image elsewhere: what was only claimed counts no more.
  ASSERT_EQ(Scan({}, Image(one_, "registry/base:1", {Package("lodash", "4.17.15")})), "");
  EXPECT_THAT(Images("mallory"), IsEmpty());
  EXPECT_THAT(Scan({"mallory"}, Image(one_, "registry/mallory:1", {})),
              HasSubstr("others have told"));
}

TEST_F(ClaimsTest, ANameThatIsToldByOthersTooCountsForAll) {
  ASSERT_EQ(Scan({"shop"}, Image(one_, "registry/shop:1", {Package("lodash", "4.17.15")})), "");
  EXPECT_THAT(Images("shop"), ElementsAre(one_));
  ASSERT_EQ(Scan({}, Image(one_, "registry/shop:1", {Package("lodash", "4.17.15")})), "");
  EXPECT_THAT(Images("shop"), ElementsAre(one_));
  EXPECT_EQ(Scan({"shop"}, Image(one_, "registry/shop:2", {Package("lodash", "4.17.15")})), "");
  // Another name of it, by those whom it belongs to, takes nothing from others.
  EXPECT_EQ(Scan({"shop"}, Image(one_, "registry/mallory:2", {Package("lodash", "4.17.15")})), "");
  ASSERT_EQ(Run({}, "cluster prod", {CopyOf("a", one_, "elsewhere/x:1", "free")}), "");
  EXPECT_THAT(Copies("shop"), ElementsAre("a"));
  EXPECT_THAT(Copies("mallory"), IsEmpty());
}

TEST_F(ClaimsTest, AClaimedImageGivesNobodyTheCopiesThatOthersReport) {
  // A digest that everybody knows, claimed before anybody else has told of it.
  ASSERT_EQ(Scan({"mallory"}, Image(one_, "registry/mallory:1", {Package("lodash", "4.17.15")})),
            "");
  ASSERT_EQ(Record({"mallory"}, R"({"digest":")" + one_ + R"(","owner":"mallory"})"), "");
  ASSERT_EQ(Run({}, "cluster prod",
                {CopyOf("postgres", one_, "docker.io/library/postgres:16", "data"),
                 CopyOf("theirs", one_, "registry/mallory:7", "free"),
                 CopyOf("pays", one_, "registry/mallory:7", "pay-prod")}),
            "");
  EXPECT_THAT(Images("mallory"), ElementsAre(one_));
  EXPECT_THAT(Copies("mallory"), ElementsAre("theirs"));
  EXPECT_THAT(Images("mallory", "running"), ElementsAre("1"));
  EXPECT_THAT(Images("mallory", "namespaces"), ElementsAre("free"));
  EXPECT_THAT(Copies("pay"), ElementsAre("pays"));
  // The same when the copies were there first, and when the process begins anew.
  ASSERT_EQ(Run({}, "cluster two",
                {CopyOf("early", two_, "docker.io/library/redis:7", "data"),
                 CopyOf("named", two_, "registry/mallory-x:2", "free")}),
            "");
  ASSERT_EQ(Scan({"mallory"}, Image(two_, "registry/mallory-x:1", {})), "");
  const auto check = [&] {
    EXPECT_THAT(Copies("mallory"), UnorderedElementsAre("theirs", "named"));
  };
  check();
  service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
  ASSERT_TRUE(service_->UseDatabase(Database({})).has_value());
  check();
}

TEST_F(ClaimsTest, ClaimedLabelsCountForNoCopyOfOthers) {
  SetOwners(R"({"owner_label":"team","rules":[{"namespace":"pay-*","owner":"pay"},
                {"repository":"registry/shop*","owner":"shop"}]})");
  Submission labelled = Image(one_, "registry/shop:1", {Package("lodash", "4.17.15")});
  labelled.report.inventory.image.annotations["team"] = "shop";
  ASSERT_EQ(Scan({"shop"}, labelled), "");
  ASSERT_EQ(Run({}, "cluster prod",
                {CopyOf("pays", one_, "x/y:1", "pay-prod"), CopyOf("free", one_, "x/y:1", "none")}),
            "");
  EXPECT_THAT(Images("shop"), ElementsAre(one_));
  EXPECT_THAT(Copies("shop"), IsEmpty());
  EXPECT_THAT(Copies("pay"), ElementsAre("pays"));
  // Told by who sees everything, they count.
  ASSERT_EQ(Scan({}, labelled), "");
  EXPECT_THAT(Copies("shop"), UnorderedElementsAre("free", "pays"));
  // Changed by those whom it belongs to, they do not.
  labelled.report.inventory.image.annotations["team"] = "shop-two";
  ASSERT_EQ(Scan({"shop"}, labelled), "");
  EXPECT_THAT(Copies("shop-two"), IsEmpty());
  EXPECT_THAT(Copies("pay"), ElementsAre("pays"));
}

TEST_F(ClaimsTest, WhatIsClaimedOfAConfigurationMakesNoCopiesOfItsManifestTheirs) {
  Submission pushed_later = Image("", "registry/mallory:1", {Package("lodash", "4.17.15")});
  pushed_later.report.inventory.image.config_digest = one_;
  ASSERT_EQ(Scan({"mallory"}, pushed_later), "");
  SeenCopy copy = CopyOf("free", two_, "x/y:1", "none");
  copy.image_id = one_;
  ASSERT_EQ(Run({}, "cluster prod", {copy}), "");
  EXPECT_THAT(Copies("mallory"), IsEmpty());
  service_ = std::make_unique<Service>(*store_, ServiceOptions{[this] { return now_; }});
  ASSERT_TRUE(service_->UseDatabase(Database({})).has_value());
  EXPECT_THAT(Copies("mallory"), IsEmpty());
}

TEST_F(ClaimsTest, ANameOfOthersIsNotTaken) {
  ASSERT_EQ(Scan({}, Image(one_, "registry/free:1", {})), "");
  ASSERT_EQ(Scan({"mallory"}, Image(two_, "registry/mine:1", {})), "");
  const auto others = [&](std::string_view repository, std::string_view tag) {
    bool out = false;
    const auto read = service_->Read(0, [&](const View& view) -> base::Result<void> {
      out = NamesOthers(view, Scope{false, {"mallory"}}, repository, tag);
      return {};
    });
    EXPECT_TRUE(read.has_value());
    return out;
  };
  EXPECT_TRUE(others("registry/free", "1"));
  EXPECT_FALSE(others("registry/free", "2"));
  EXPECT_FALSE(others("registry/mine", "1"));
}

TEST_F(ClaimsTest, AReporterOfSomebodyGivesNoSightOfOthersImages) {
  ASSERT_EQ(Scan({}, Image(one_, "registry/other:1", {Package("secret", "1.0.0")})), "");
  ASSERT_EQ(Run({}, "cluster prod", {CopyOf("real", one_, "registry/other:1", "pay-prod")}), "");
  EXPECT_THAT(Run({"mallory"}, "cluster prod", {}), HasSubstr("is another's"));
  EXPECT_THAT(Run({"mallory"}, "host m", {CopyOf("real", one_, "registry/other:1", "mallory-x")}),
              HasSubstr("another reporter's"));
  EXPECT_THAT(Copies("pay"), ElementsAre("real"));
  ASSERT_EQ(Run({"mallory"}, "host m",
                {CopyOf("fake", one_, "registry/other:1", "mallory-x"),
                 CopyOf("own", three_, "registry/m:1", "mallory-x")}),
            "");
  EXPECT_THAT(Run({"pay"}, "host m", {}), HasSubstr("is another's"));
  EXPECT_EQ(Run({"mallory"}, "host m",
                {CopyOf("fake", one_, "registry/other:1", "mallory-x"),
                 CopyOf("own", three_, "registry/m:1", "mallory-x")}),
            "");
  // They see their copies, and of images what nobody has told of.
  EXPECT_THAT(Copies("mallory"), UnorderedElementsAre("fake", "own"));
  EXPECT_THAT(Copies("mallory", "image"), Not(testing::Contains("registry/other:1")));
  EXPECT_THAT(Images("mallory"), ElementsAre(three_));
  ASSERT_TRUE(service_
                  ->Read(0,
                         [&](const View& view) -> base::Result<void> {
                           const Scope scope{false, {"mallory"}};
                           EXPECT_FALSE(SeesContent(view, scope, view.fleet().FindContent(one_)));
                           EXPECT_TRUE(ComponentList(view, scope)->rows.empty());
                           return {};
                         })
                  .has_value());
  // The copy of who sees everything gives it.
  ASSERT_EQ(Run({}, "host n", {CopyOf("given", one_, "registry/other:1", "mallory-x")}), "");
  EXPECT_THAT(Images("mallory"), UnorderedElementsAre(one_, three_));
}

TEST_F(ClaimsTest, WhatIsNewIsHeldAgainstWhatTheViewerSees) {
  ASSERT_EQ(Scan({}, Image(one_, "registry/other:1", {Package("secret", "1.0.0")})), "");
  now_ += 1000;
  ASSERT_EQ(Scan({"mallory"}, Image(two_, "registry/other:2", {Package("lodash", "1.0.0")})), "");
  ASSERT_EQ(Record({"mallory"}, R"({"digest":")" + two_ + R"(","owner":"mallory"})"), "");
  EXPECT_THAT(Images("mallory"), ElementsAre(two_));
  ASSERT_TRUE(service_
                  ->Read(0,
                         [&](const View& view) -> base::Result<void> {
                           const uint32_t own = view.fleet().FindContent(two_);
                           EXPECT_EQ(PredecessorOf(view, {false, {"mallory"}}, own), kNone);
                           EXPECT_EQ(PredecessorOf(view, {}, own), view.fleet().FindContent(one_));
                           return {};
                         })
                  .has_value());
}

TEST_F(ClaimsTest, ANameThatComesAfterTheCopiesCountsForThem) {
  ASSERT_EQ(Run({}, "cluster prod", {CopyOf("a", one_, "x/y:1", "free")}), "");
  EXPECT_THAT(Copies("shop"), IsEmpty());
  ASSERT_EQ(Scan({}, Image(one_, "registry/shop:1", {})), "");
  EXPECT_THAT(Copies("shop"), ElementsAre("a"));
}

TEST(Claims, AreWrittenAndRead) {
  Claims claims;
  claims.by = {"a", "b"};
  claims.repositories = {"x/y", "z"};
  claims.labels = true;
  const auto read = ParseClaims(ClaimsJson(claims));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->by, claims.by);
  EXPECT_EQ(read->repositories, claims.repositories);
  EXPECT_TRUE(read->labels);
  EXPECT_FALSE(read->shared);
  // What is not whole claims nothing.
  EXPECT_TRUE(ParseClaims("{}")->shared);
  EXPECT_FALSE(ParseClaims("no"));
  EXPECT_TRUE(SameTeam({}, {}));
  EXPECT_FALSE(SameTeam({"a"}, {}));
  EXPECT_TRUE(SameTeam({"a", "b"}, {"b"}));
}

}  // namespace
}  // namespace scantling::program
