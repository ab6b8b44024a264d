// Aliases, folding, withdrawn advisories: from records to what the database says.
#include "advisory/compile.h"

#include "advisory/osv_record.h"
#include "advisory/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::advisory {
namespace {

using test::LookupAll;
using ::testing::ElementsAre;

constexpr OsvOptions kNpm = {"npm", "ghsa", 1};
constexpr OsvOptions kGo = {"Go", "go", 2};
constexpr OsvOptions kDebian = {"Debian", "nvd", 4};

struct Entry {
  std::string id;
  std::vector<std::string_view> aliases;  // or related, for a DSA
  std::string_view ecosystem;
  std::string_view package;
  std::string_view fixed;  // "" none
};

FeedInput Feed(std::string name, const OsvOptions& options, const std::vector<Entry>& entries) {
  FeedInput out;
  out.name = std::move(name);
  out.as_of = "2030-01-01";
  for (const Entry& entry : entries) {
    OsvRecord record;
    record.id = entry.id;
    record.published = entry.id.starts_with("DSA") ? "2030-03-03" : "2030-01-02";
    record.aliases = entry.aliases;
    record.related = entry.aliases;
    OsvAffected affected;
    affected.ecosystem = entry.ecosystem;
    affected.name = entry.package;
    OsvRange range;
    range.type = "ECOSYSTEM";
    range.events.push_back({OsvEvent::Kind::kIntroduced, "0"});
    if (!entry.fixed.empty()) {
      range.events.push_back({OsvEvent::Kind::kFixed, entry.fixed});
    }
    affected.ranges.push_back(range);
    record.affected.push_back(affected);
    AddOsv(record, options, out.records);
  }
  return out;
}

template <typename... Feeds>
Database Build(Feeds... feeds) {
  std::vector<FeedInput> list;
  (list.push_back(std::move(feeds)), ...);
  auto db = Database::FromOwned(test::BuildBytes(std::move(list)), false);
  EXPECT_TRUE(db.has_value());
  return *std::move(db);
}

Vulnerability Get(const Database& db, std::string_view id) {
  const auto index = db.FindVulnerability(id);
  EXPECT_TRUE(index.has_value() && index->has_value()) << id;
  return *db.GetVulnerability(**index);
}

TEST(Aliases, ManyNamesAreOneVulnerability) {
  const Database db =
      Build(Feed("npm-ghsa", kNpm, {{"GHSA-aaaa-aaaa-aaaa", {"CVE-2030-0001"}, "npm", "a", "1.0"}}),
            Feed("go", kGo,
                 {{"GO-2030-0001", {"CVE-2030-0001", "GHSA-aaaa-aaaa-aaaa"}, "Go", "m", "1.0"},
                  {"GO-2030-0009", {"GHSA-zzzz-zzzz-zzzz"}, "Go", "n", "1.0"}}));
  const Vulnerability v = Get(db, "GO-2030-0001");
  EXPECT_EQ(v.id, "CVE-2030-0001");
  EXPECT_THAT(v.aliases, ElementsAre("GHSA-aaaa-aaaa-aaaa", "GO-2030-0001"));
  EXPECT_EQ(Get(db, "ghsa-AAAA-aaaa-aaaa").id, "CVE-2030-0001");
  EXPECT_EQ(Get(db, "GO-2030-0009").id, "GHSA-zzzz-zzzz-zzzz");
}

TEST(Aliases, ChainsNeverJoinTwoCves) {
  const Database db = Build(
      Feed("npm-ghsa", kNpm,
           {{"GHSA-aaaa-aaaa-aaaa", {"CVE-2030-0001"}, "npm", "a", "1.0"},
            {"GHSA-bbbb-bbbb-bbbb", {"CVE-2030-0002"}, "npm", "b", "1.0"}}),
      Feed("go", kGo,
           {{"GO-2030-0001",
             {"CVE-2030-0001", "CVE-2030-0002", "GHSA-bbbb-bbbb-bbbb"},
             "Go",
             "m",
             "1.5"},
            {"GO-2030-0002", {"GHSA-aaaa-aaaa-aaaa", "GHSA-bbbb-bbbb-bbbb"}, "Go", "n", "1.5"}}));
  EXPECT_THAT(Get(db, "CVE-2030-0001").aliases,
              ::testing::Not(::testing::Contains("CVE-2030-0002")));
  // An advisory that lists two CVEs is a statement for each.
  EXPECT_EQ(LookupAll(db, "golang", "m").size(), 2u);
  EXPECT_THAT(Get(db, "CVE-2030-0002").aliases,
              ::testing::IsSupersetOf({"GHSA-bbbb-bbbb-bbbb", "GO-2030-0001"}));
  const auto packages = db.PackagesOf(**db.FindVulnerability("CVE-2030-0002"));
  EXPECT_THAT(*packages,
              ::testing::Contains(std::make_pair(std::string("golang"), std::string("m"))));
}

TEST(Fold, DebianAdvisoryNamesTheFix) {
  const Database db =
      Build(Feed("debian-osv", kDebian,
                 {{"CVE-2030-0001", {}, "Debian:12", "a", "1.0-1+deb12u1"},
                  {"DSA-1-1",
                   {"CVE-2030-0001", "CVE-2030-0002", "CVE-2030-0003"},
                   "Debian:12",
                   "a",
                   "1.0-1+deb12u1"},
                  {"CVE-2030-0002", {}, "Debian:12", "a", "0.9-1"},
                  {"DSA-2-1", {"CVE-2030-0003"}, "Debian:12", "a", "1.0-1+deb12u2"},
                  {"CVE-2030-0004", {}, "Debian:12", "a", ""},
                  {"DSA-3-1", {"CVE-2030-0004"}, "Debian:12", "a", "1.0-1+deb12u3"}}));
  EXPECT_THAT(LookupAll(db, "debian:12", "a"),
              ElementsAre("CVE-2030-0001: DSA-1-1 debian-osv state=0 level=0 note= module= "
                          "date=2030-03-03 [,1.0-1+deb12u1,]",
                          "CVE-2030-0002: CVE-2030-0002 debian-osv state=0 level=0 note= module= "
                          "date=2030-01-02 [,0.9-1,]",
                          "CVE-2030-0003: DSA-2-1 debian-osv state=0 level=0 note= module= "
                          "date=2030-03-03 [,1.0-1+deb12u2,]",
                          "CVE-2030-0004: DSA-3-1 debian-osv state=0 level=0 note= module= "
                          "date=2030-03-03 [,1.0-1+deb12u3,]"));
  EXPECT_FALSE(
      db.FindVulnerability("DSA-1-1")->has_value());  // a name for three is an alias of none
}

TEST(Fold, AlpineHighestFixAndNeverAffected) {
  FeedInput secdb;
  secdb.name = "alpine-secdb";
  const auto add = [&](std::string_view cve, std::string_view fixed) {
    AdvisoryRecord advisory;
    advisory.id = secdb.records.texts.Add(cve);
    advisory.bundle = true;
    advisory.ids.push_back(advisory.id);
    StatementRecord statement;
    statement.name_space = secdb.records.texts.Add("alpine:v3.18");
    statement.package = secdb.records.texts.Add("a");
    if (fixed == "0") {
      statement.state = StatementState::kNotAffected;
    } else {
      statement.ranges.push_back({0, secdb.records.texts.Add(fixed), 0});
    }
    advisory.statements.push_back(statement);
    secdb.records.advisories.push_back(std::move(advisory));
  };
  add("CVE-2030-0001", "1.0-r1");
  add("CVE-2030-0001", "1.0-r10");
  add("CVE-2030-0002", "0");
  add("CVE-2030-0003", "0");
  add("CVE-2030-0003", "1.0-r2");
  const Database db = Build(std::move(secdb));
  EXPECT_THAT(
      LookupAll(db, "alpine:v3.18", "a"),
      ElementsAre("CVE-2030-0001: CVE-2030-0001 alpine-secdb state=0 level=0 note= module= date=- "
                  "[,1.0-r10,]",
                  "CVE-2030-0002: CVE-2030-0002 alpine-secdb state=1 level=0 note= module= date=-",
                  "CVE-2030-0003: CVE-2030-0003 alpine-secdb state=0 level=0 note= module= date=- "
                  "[,1.0-r2,]"));
}

TEST(Compile, WithdrawnHolds) {
  FeedInput list;
  list.name = "ghsa-withdrawn";
  list.records.withdrawn.push_back("GHSA-aaaa-aaaa-aaaa");
  const Database db =
      Build(std::move(list), Feed("npm-ghsa", kNpm,
                                  {{"GHSA-aaaa-aaaa-aaaa", {"CVE-2030-0001"}, "npm", "a", "1.0"},
                                   {"GHSA-bbbb-bbbb-bbbb", {}, "npm", "b", "1.0"}}));
  EXPECT_TRUE(LookupAll(db, "npm", "a").empty());
  EXPECT_EQ(LookupAll(db, "npm", "b").size(), 1u);
  EXPECT_FALSE(db.FindVulnerability("CVE-2030-0001")->has_value());
}

TEST(Compile, OrderOfFilesDoesNotShow) {
  const std::vector<Entry> entries = {{"GHSA-aaaa-aaaa-aaaa", {"CVE-2030-0001"}, "npm", "a", "1.0"},
                                      {"GHSA-bbbb-bbbb-bbbb", {"CVE-2030-0001"}, "npm", "a", "1.1"},
                                      {"GHSA-cccc-cccc-cccc", {}, "npm", "c", ""}};
  std::vector<FeedInput> one;
  one.push_back(Feed("npm-ghsa", kNpm, entries));
  std::vector<FeedInput> two;
  two.push_back(Feed("npm-ghsa", kNpm, {entries.rbegin(), entries.rend()}));
  EXPECT_EQ(test::BuildBytes(std::move(one)), test::BuildBytes(std::move(two)));
}

}  // namespace
}  // namespace scantling::advisory
