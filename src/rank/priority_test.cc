// CISA's table row by row, due dates, the answers that are missing, and the expected risk.
#include "rank/priority.h"

#include "rank/test_support.h"
#include "rank/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::rank {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

struct Row {
  bool kev, exposed, automatable, total;
  int days;
};

// BOD 26-04, all sixteen rows.
constexpr Row kRows[] = {
    {false, false, false, false, 0}, {false, true, false, false, 60},
    {false, false, true, false, 60}, {false, false, false, true, 0},
    {false, true, true, false, 14},  {false, true, false, true, 14},
    {false, false, true, true, 60},  {false, true, true, true, 3},
    {true, false, false, false, 14}, {true, true, false, false, 14},
    {true, false, true, false, 14},  {true, false, false, true, 14},
    {true, true, true, false, 3},    {true, true, false, true, 3},
    {true, false, true, true, 3},    {true, true, true, true, 3},
};

TEST(Table, AllRows) {
  for (const Row& row : kRows) {
    EXPECT_EQ(DaysOf({row.kev, row.exposed, row.automatable, row.total}), row.days)
        << row.kev << row.exposed << row.automatable << row.total;
  }
  EXPECT_EQ(LevelName(3), "immediate");
  EXPECT_EQ(LevelName(14), "soon");
  EXPECT_EQ(LevelName(60), "planned");
  EXPECT_EQ(LevelName(0), "next_rebuild");
}

model::Finding Remote() {
  return MakeFinding("CVE-2021-44228",
                     MakeComponent(version::Ecosystem::kMaven, "g:log4j-core", "2.14.1", 2),
                     {"2.17.1"}, model::Level::kCritical);
}
const model::Component kJar =
    MakeComponent(version::Ecosystem::kMaven, "g:log4j-core", "2.14.1", 2);

TEST(Prioritise, ExploitedIsImmediateAndCountsFromTheLaterDay) {
  model::Finding finding = Remote();
  finding.kev = model::Kev{"2021-12-10", "2021-12-24", true};
  finding.published = "2021-12-10";
  finding.fix_available = "2021-12-28";
  finding.epss = model::Epss{0.944, 0.99, "2025-02-01"};
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_EQ(finding.priority.level, "immediate");
  EXPECT_EQ(finding.priority.due, "2021-12-31");
  EXPECT_NEAR(finding.priority.risk, 0.944 * 0.95, 1e-9);
  EXPECT_EQ(finding.priority.reasons[0], "exploited (KEV since 2021-12-10, ransomware)");
  EXPECT_THAT(finding.priority.reasons, Contains("EPSS 0.94 of 2025-02-01"));
}

TEST(Prioritise, NoFixKeepsTheLevelWithoutADate) {
  model::Finding finding = Remote();
  finding.fix_state = model::FixState::kNotFixed;
  finding.fixed_versions.clear();
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_EQ(finding.priority.level, "immediate");
  EXPECT_EQ(finding.priority.due, "");
  EXPECT_THAT(finding.priority.reasons, Contains("no fix: no due date"));
}

TEST(Prioritise, NoDateIsSaid) {
  model::Finding finding = Remote();
  finding.published.clear();
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_EQ(finding.priority.due, "");
  EXPECT_THAT(finding.priority.reasons, Contains("no date to count from: no due date"));
}

TEST(Prioritise, UnknownExposureCountsAsExposed) {
  model::Finding unknown = Remote();
  Prioritise(unknown, kJar, Exposure::kUnknown);
  EXPECT_EQ(unknown.priority.level, "immediate");
  EXPECT_THAT(unknown.priority.reasons, Contains("exposure unknown, counted as exposed"));
  model::Finding closed = Remote();
  Prioritise(closed, kJar, Exposure::kNo);
  EXPECT_EQ(closed.priority.level, "planned");
  model::Finding open = Remote();
  Prioritise(open, kJar, Exposure::kYes);
  EXPECT_LT(closed.priority.risk, unknown.priority.risk);
  EXPECT_LT(unknown.priority.risk, open.priority.risk);
}

TEST(Prioritise, MissingAnswersFromTheVector) {
  struct Case {
    std::string_view vector;
    std::string automatable;
    std::string impact;
  };
  const std::vector<Case> cases = {
      {kRemote, "yes", "total"},
      {kLocal, "no", "partial"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:N", "no", "total"},
      {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H", "no", "partial"},
      {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "no", "total"},
      {"AV:N/AC:L/Au:N/C:P/I:P/A:P", "yes", "partial"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.vector);
    model::Finding finding = MakeFinding("CVE-1", kJar, {"3"}, model::Level::kHigh, test.vector);
    Prioritise(finding, kJar, Exposure::kYes);
    ASSERT_TRUE(finding.ssvc.has_value());
    EXPECT_EQ(finding.ssvc->automatable, test.automatable);
    EXPECT_EQ(finding.ssvc->technical_impact, test.impact);
    EXPECT_EQ(finding.ssvc->source, "cvss");
    const std::vector<std::string> first = finding.priority.reasons;
    Prioritise(finding, kJar, Exposure::kYes);  // again: the same words
    EXPECT_EQ(finding.priority.reasons, first);
  }
}

TEST(Prioritise, MissingAnswersFromTheLevel) {
  model::Finding finding = MakeFinding("CVE-1", kJar, {"3"}, model::Level::kUnknown, "");
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_EQ(finding.ssvc->source, "level");
  EXPECT_EQ(finding.priority.level, "soon");  // total, not automatable
  EXPECT_THAT(finding.priority.reasons,
              Contains(HasSubstr("no CVSS vector: automatable and impact taken from the level")));
}

TEST(Prioritise, VulnrichmentsAnswersStand) {
  model::Finding finding = Remote();
  finding.ssvc = model::Ssvc{"none", "No", "Partial", "vulnrichment"};
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_EQ(finding.priority.level, "planned");
  EXPECT_EQ(finding.ssvc->source, "vulnrichment");
}

TEST(Prioritise, UnknownEpssIsNotZero) {
  model::Finding finding = MakeFinding("CVE-1", kJar, {"3"}, model::Level::kHigh);
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_NEAR(finding.priority.risk, PriorOf(model::Level::kHigh) * ImpactOf(model::Level::kHigh),
              1e-9);
  EXPECT_THAT(finding.priority.reasons, Contains("no EPSS score: 0.02 assumed for its severity"));
}

TEST(Prioritise, EvidenceSetsAFloor) {
  model::Finding finding = MakeFinding("CVE-1", kJar, {"3"}, model::Level::kHigh);
  finding.epss = model::Epss{0.001, -1, ""};
  finding.exploit = model::Exploit{model::ExploitKind::kWeaponised, {"metasploit"}};
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_NEAR(finding.priority.risk, kFloorWeaponised * 0.8, 1e-9);
  EXPECT_EQ(finding.priority.reasons[0], "ready-made exploit (metasploit)");
}

TEST(Prioritise, RolesWeighLess) {
  model::Component headers = MakeComponent(version::Ecosystem::kDeb, "libssl-dev", "3", 0);
  headers.role = model::Role::kHeaders;
  model::Component kernel = MakeComponent(version::Ecosystem::kDeb, "linux-libc-dev", "6.1", 0);
  kernel.role = model::Role::kHeaders;
  model::Finding a = MakeFinding("CVE-1", headers, {"4"}, model::Level::kHigh);
  model::Finding b = MakeFinding("CVE-1", kernel, {"7"}, model::Level::kHigh);
  Prioritise(a, headers, Exposure::kYes);
  Prioritise(b, kernel, Exposure::kYes);
  EXPECT_THAT(a.priority.reasons, Contains("headers only: nothing executes"));
  EXPECT_THAT(b.priority.reasons, Contains("kernel headers: no kernel in an image"));
  EXPECT_LT(b.priority.risk, a.priority.risk);
}

TEST(Prioritise, NegligibleHasNoDueDate) {
  model::Finding finding = MakeFinding("CVE-1", kJar, {"3"}, model::Level::kNegligible);
  Prioritise(finding, kJar, Exposure::kYes);
  EXPECT_EQ(finding.priority.level, "none");
  EXPECT_EQ(finding.priority.due, "");
}

}  // namespace
}  // namespace scantling::rank
