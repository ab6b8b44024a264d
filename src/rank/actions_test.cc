// The kinds of actions, their words, and the laws: what all actions resolve is exactly the set of
// findings, and the list is short.
#include "rank/actions.h"

#include "rank/bump_target.h"
#include "rank/os_actions.h"
#include "rank/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

namespace scantling::rank {
namespace {

using model::ActionKind;
using model::Level;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using version::Ecosystem;

void RankAll(model::Report& report, const RankOptions& options = {}) {
  ASSERT_TRUE(Rank(report, options).has_value());
}

// --- the version of a bump

TEST(BumpTarget, Ends) {
  struct Case {
    std::string_view version;
    std::string_view installed;
    std::vector<std::string> fixed;
    bool want;
  };
  const std::vector<Case> cases = {
      {"2.12.2", "2.10.0", {"2.12.2", "2.15.0"}, true},
      {"2.13.0", "2.10.0", {"2.12.2", "2.15.0"}, false},
      {"2.12.4", "2.10.0", {"2.12.2", "2.15.0"}, true},
      {"2.17.1", "2.10.0", {"2.12.2", "2.15.0"}, true},
      {"2.9.0", "2.1.0", {"2.8.1", "3.0.2"}, true},
      {"3.0.0", "2.1.0", {"2.8.1", "3.0.2"}, false},
      {"2.0.0", "3.0.0", {"1.0.0"}, false},
      {"1.0.0", "0.9.0", {}, false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(Ends(Ecosystem::kMaven, test.version, {test.installed, test.fixed}), test.want)
        << test.version << " from " << test.installed;
  }
}

TEST(BumpTarget, SmallestThatEndsTheMost) {
  const std::vector<std::string> first = {"2.15.0"};
  const std::vector<std::string> second = {"2.3.2", "2.12.4", "2.17.1"};
  const std::vector<BumpItem> items = {{"2.14.1", first}, {"2.14.1", second}};
  const BumpTarget target = ChooseTarget(Ecosystem::kMaven, items);
  EXPECT_EQ(target.version, "2.17.1");
  EXPECT_EQ(target.ends, 2U);
  EXPECT_EQ(target.same_major, "");
}

TEST(BumpTarget, SaysWhatStayingOnTheMajorGives) {
  const std::vector<std::string> first = {"4.2.0"};
  const std::vector<std::string> second = {"5.0.1"};
  const std::vector<BumpItem> items = {{"4.1.0", first}, {"4.1.0", second}};
  const BumpTarget target = ChooseTarget(Ecosystem::kNpm, items);
  EXPECT_EQ(target.version, "5.0.1");
  EXPECT_EQ(target.same_major, "4.2.0");
  EXPECT_EQ(target.same_major_ends, 1U);
}

// --- kinds

TEST(Actions, BumpNamesArchiveAndReason) {
  model::Report report = MakeReport();
  auto jar = MakeComponent(Ecosystem::kMaven, "org.apache.logging.log4j:log4j-core", "2.14.1", 2);
  jar.container = "app/app.jar";
  auto exploited = MakeFinding("CVE-2021-44228", jar, {"2.15.0"}, Level::kCritical);
  exploited.kev = model::Kev{"2021-12-10", "", true};
  Add(report, jar,
      {exploited, MakeFinding("CVE-2021-44832", jar, {"2.17.1"}, Level::kMedium),
       MakeFinding("CVE-2099-1", jar, {}, Level::kLow)});
  RankAll(report);
  const model::Action& bump = report.actions.front();
  EXPECT_EQ(bump.title, "bump log4j-core 2.14.1 -> 2.17.1 in app.jar");
  EXPECT_EQ(bump.id, "bump:maven:org.apache.logging.log4j:log4j-core");
  EXPECT_EQ(bump.owner, model::Owner::kApplication);
  EXPECT_EQ(bump.layer, 2);
  EXPECT_EQ(bump.created_by, "COPY app.jar /app.jar");
  EXPECT_EQ(bump.resolves.size(), 2U);
  EXPECT_EQ(bump.remains, 1U);
  EXPECT_EQ(bump.due, "2024-01-13");
  EXPECT_THAT(bump.reason, StartsWith("exploited: CVE-2021-44228 (KEV since 2021-12-10); "));
  ASSERT_EQ(report.actions.size(), 2U);
  EXPECT_EQ(report.actions[1].kind, ActionKind::kNothingYet);
  EXPECT_EQ(report.actions[1].title, "nothing to do yet about 1 finding");
  EXPECT_EQ(report.actions[1].reason, "1 low; 1 not fixed yet; oldest since 2024-01");
}

TEST(Actions, NestedNpmNamesItsTop) {
  model::Report report = MakeReport();
  auto top = MakeComponent(Ecosystem::kNpm, "lodash", "4.17.15", 3);
  top.via = {"express@4.17.1", "body-parser@1.19.0"};
  auto old = MakeComponent(Ecosystem::kNpm, "lodash", "3.10.1", 3);
  old.via = {"express@4.17.1"};
  Add(report, top, {MakeFinding("CVE-2021-23337", top, {"4.17.21"}, Level::kHigh)});
  Add(report, old, {MakeFinding("CVE-2021-23337", old, {"4.17.21"}, Level::kHigh)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 1U);
  const model::Action& bump = report.actions[0];
  EXPECT_EQ(bump.title, "bump lodash 3.10.1, 4.17.15 -> 4.17.21 (via express)");
  EXPECT_THAT(bump.steps, Contains("npm install express@latest"));
  EXPECT_THAT(bump.steps,
              Contains(HasSubstr("express@4.17.1 > body-parser@1.19.0 > lodash@4.17.15")));
  EXPECT_THAT(bump.steps, Contains("check: npm ls lodash"));
}

TEST(Actions, HostileNamesCannotBeTyped) {
  model::Report report = MakeReport();
  auto evil = MakeComponent(Ecosystem::kNpm, "a; rm -rf /", "1.0.0", 3);
  Add(report, evil, {MakeFinding("CVE-1", evil, {"1.0.1"}, Level::kHigh)});
  RankAll(report);
  EXPECT_EQ(report.actions[0].steps[0], "npm install a??rm?-rf?/@1.0.1");
}

TEST(Actions, GoBinaryIsRebuilt) {
  model::Report report = MakeReport();
  auto stdlib = MakeComponent(Ecosystem::kGo, "stdlib", "go1.20.1", 2);
  auto net = MakeComponent(Ecosystem::kGo, "golang.org/x/net", "v0.10.0", 2);
  stdlib.container = net.container = "usr/local/bin/kubectl";
  Add(report, stdlib,
      {MakeFinding("CVE-1", stdlib, {"1.20.8", "1.21.4"}, Level::kHigh),
       MakeFinding("CVE-2", stdlib, {"1.21.4"}, Level::kHigh)});
  Add(report, net, {MakeFinding("CVE-3", net, {"0.17.0"}, Level::kHigh)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 1U);
  EXPECT_EQ(report.actions[0].kind, ActionKind::kRebuildBinary);
  EXPECT_EQ(report.actions[0].title,
            "rebuild kubectl with Go >= 1.21.4 and golang.org/x/net >= 0.17.0");
  EXPECT_THAT(report.actions[0].steps, Contains("go get golang.org/x/net@v0.17.0"));
}

TEST(Actions, BaseAndLayers) {
  model::Report report = MakeReport();
  auto glibc = MakeComponent(Ecosystem::kDeb, "libc6", "2.36-9", 0);
  auto curl = MakeComponent(Ecosystem::kDeb, "curl", "7.88.1-10", 1);
  Add(report, glibc,
      {MakeFinding("CVE-1", glibc, {"2.36-9+deb12u6"}, Level::kHigh),
       MakeFinding("CVE-2", glibc, {}, Level::kLow)});
  Add(report, curl, {MakeFinding("CVE-3", curl, {"7.88.1-10+deb12u5"}, Level::kMedium)});
  RankAll(report);
  const model::Action* base = FindAction(report, ActionKind::kRebuildBase);
  ASSERT_NE(base, nullptr);
  EXPECT_EQ(base->title, "rebuild on a fresh debian:12");
  EXPECT_EQ(base->owner, model::Owner::kImage);
  EXPECT_EQ(base->remains, 1U);
  EXPECT_THAT(base->steps, Contains("brings libc6 2.36-9 -> 2.36-9+deb12u6"));
  const model::Action* refresh = FindAction(report, ActionKind::kRefreshLayer);
  ASSERT_NE(refresh, nullptr);
  EXPECT_EQ(refresh->title, "refresh layer 2 (1 package has a fix)");
  EXPECT_EQ(refresh->created_by, "RUN apt-get install -y build-essential curl");
  EXPECT_EQ(refresh->owner, model::Owner::kApplication);
}

TEST(Actions, UpgradeNamesTheVersionThatHasEveryFix) {
  model::Report report = MakeReport();
  auto glibc = MakeComponent(Ecosystem::kDeb, "libc6", "2.36-9", 0);
  Add(report, glibc,
      {MakeFinding("CVE-1", glibc, {"2.36-9+deb12u6"}, Level::kCritical),
       MakeFinding("CVE-2", glibc, {"2.36-9+deb12u10"}, Level::kLow)});
  RankAll(report);
  EXPECT_THAT(report.actions[0].steps, Contains("brings libc6 2.36-9 -> 2.36-9+deb12u10"));
}

TEST(Actions, ReasonNamesTheExploitedAndAssumesNothing) {
  model::Report report = MakeReport();
  auto lodash = MakeComponent(Ecosystem::kNpm, "lodash", "4.17.15", 2);
  Add(report, lodash, {MakeFinding("CVE-1", lodash, {"4.17.21"}, Level::kUnknown)});
  RankAll(report);
  EXPECT_EQ(report.actions[0].reason, "1 without a severity; worst CVE-1");
  report.findings[0].kev = model::Kev{"2021-12-10", "", false};
  auto second = MakeFinding("CVE-2", lodash, {"4.17.21"}, Level::kHigh);
  second.kev = model::Kev{"2021-12-11", "", false};
  report.findings.push_back(second);
  RankAll(report);
  EXPECT_THAT(report.actions[0].reason, StartsWith("exploited (KEV): CVE-1, CVE-2; "));
}

TEST(Actions, NamedBase) {
  model::Report report = MakeReport();
  auto glibc = MakeComponent(Ecosystem::kDeb, "libc6", "2.36-9", 0);
  Add(report, glibc, {MakeFinding("CVE-1", glibc, {"2.36-9+deb12u6"}, Level::kHigh)});
  RankAll(report, {.base = "docker.io/library/debian:12-slim"});
  EXPECT_EQ(report.actions[0].title, "rebuild on a fresh debian:12-slim");
}

TEST(Actions, NoLayers) {
  model::Report report;
  report.inventory.image.distro.id = "debian";
  auto glibc = MakeComponent(Ecosystem::kDeb, "libc6", "2.36-9", -1);
  Add(report, glibc, {MakeFinding("CVE-1", glibc, {"2.36-9+deb12u6"}, Level::kHigh)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 1U);
  EXPECT_EQ(report.actions[0].title, "upgrade the system's packages (1 package has a fix)");
  EXPECT_EQ(report.findings[0].origin, model::Origin::kUnknown);
}

TEST(Actions, EndedBaseIsLeft) {
  model::Report report = MakeReport();
  report.distro_end_of_life = "2024-06-30";  // the data is of 2025
  auto glibc = MakeComponent(Ecosystem::kDeb, "libc6", "2.36-9", 0);
  Add(report, glibc,
      {MakeFinding("CVE-1", glibc, {"2.36-9+deb12u6"}, Level::kHigh),
       MakeFinding("CVE-2", glibc, {}, Level::kLow)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 1U);
  EXPECT_EQ(report.actions[0].kind, ActionKind::kLeaveBase);
  EXPECT_EQ(report.actions[0].title,
            "leave debian:12, end of life 2024-06-30: move to a supported release");
  EXPECT_EQ(report.actions[0].resolves.size(), 2U);

  report.distro_end_of_life = "2028-06-30";
  RankAll(report);
  EXPECT_EQ(FindAction(report, ActionKind::kLeaveBase), nullptr);
}

TEST(Actions, EndedReleaseIsLeftWhereTheBaseIsUnknown) {
  model::Report report = MakeReport();
  report.inventory.image.layers.resize(1);
  report.inventory.image.history.clear();
  report.distro_end_of_life = "2024-06-30";
  auto glibc = MakeComponent(Ecosystem::kDeb, "libc6", "2.36-9", 0);
  Add(report, glibc, {MakeFinding("CVE-1", glibc, {"2.36-9+deb12u6"}, Level::kHigh)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 1U);
  EXPECT_EQ(report.actions[0].kind, ActionKind::kLeaveBase);
}

TEST(Actions, TakeOutWhatOnlyBuilds) {
  model::Report report = MakeReport();
  auto gcc = MakeComponent(Ecosystem::kDeb, "gcc-12", "12.2.0-14", 1);
  gcc.role = model::Role::kBuildOnly;
  gcc.depends = {"libgcc-s1"};
  auto headers = MakeComponent(Ecosystem::kDeb, "libc6-dev", "2.36-9", 1);
  headers.role = model::Role::kHeaders;
  auto needed = MakeComponent(Ecosystem::kDeb, "binutils", "2.40-2", 1);
  needed.role = model::Role::kBuildOnly;
  auto runtime = MakeComponent(Ecosystem::kDeb, "needs-binutils", "1-1", 1);
  runtime.depends = {"binutils"};
  auto kept = MakeComponent(Ecosystem::kDeb, "dpkg", "1.21", 0);
  kept.role = model::Role::kBuildOnly;
  kept.essential = true;
  Add(report, gcc, {MakeFinding("CVE-1", gcc, {}, Level::kHigh)});
  Add(report, headers, {MakeFinding("CVE-2", headers, {}, Level::kHigh)});
  Add(report, needed, {MakeFinding("CVE-3", needed, {}, Level::kHigh)});
  Add(report, runtime, {});
  Add(report, kept, {MakeFinding("CVE-4", kept, {}, Level::kHigh)});
  const auto removable = Removable(report.inventory);
  ASSERT_EQ(removable.size(), 2U);
  RankAll(report);
  const model::Action* take_out = FindAction(report, ActionKind::kTakeOut);
  ASSERT_NE(take_out, nullptr);
  EXPECT_EQ(take_out->title, "take out gcc-12, libc6-dev");
  EXPECT_EQ(take_out->layer, 1);
  EXPECT_EQ(take_out->resolves.size(), 2U);
  const model::Action* rest = FindAction(report, ActionKind::kNothingYet);
  ASSERT_NE(rest, nullptr);
  EXPECT_EQ(rest->resolves.size(), 2U);
}

TEST(Actions, OwnedLanguagePackages) {
  model::Report report = MakeReport();
  auto python = MakeComponent(Ecosystem::kDeb, "python3-requests", "2.28.1+dfsg-1", 0);
  auto requests = MakeComponent(Ecosystem::kPypi, "requests", "2.28.1", 0);
  requests.owner = python.ref;
  auto docker = MakeComponent(Ecosystem::kDeb, "docker-ce", "5:24.0.7-1~debian.12~bookworm", 1);
  auto net = MakeComponent(Ecosystem::kGo, "golang.org/x/net", "v0.10.0", 1);
  net.owner = docker.ref;
  Add(report, python, {});
  Add(report, docker, {});
  Add(report, requests, {MakeFinding("CVE-1", requests, {"2.31.0"}, Level::kMedium)});
  Add(report, net, {MakeFinding("CVE-2", net, {"0.17.0"}, Level::kHigh)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 2U);
  EXPECT_EQ(report.actions[0].title, "update docker-ce, which carries golang.org/x/net");
  EXPECT_EQ(report.actions[1].kind, ActionKind::kNothingYet);
  EXPECT_THAT(report.actions[1].reason,
              HasSubstr("1 fixed upstream only, in a distribution's package"));
}

TEST(Actions, OwnedWithoutAFixAnywhereIsSaidApart) {
  model::Report report = MakeReport();
  auto python = MakeComponent(Ecosystem::kDeb, "python3-requests", "2.28.1+dfsg-1", 0);
  auto requests = MakeComponent(Ecosystem::kPypi, "requests", "2.28.1", 0);
  requests.owner = python.ref;
  Add(report, python, {});
  Add(report, requests,
      {MakeFinding("CVE-1", requests, {"2.31.0"}, Level::kMedium),
       MakeFinding("CVE-2", requests, {}, Level::kMedium)});
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 1U);
  EXPECT_THAT(report.actions[0].reason, HasSubstr("1 fixed upstream only, in a distribution's"));
  EXPECT_THAT(report.actions[0].reason, HasSubstr("1 in a distribution's package"));
  EXPECT_EQ(report.actions[0].steps.size(), 2U);
}

// --- laws

model::Report RandomReport(size_t findings) {
  model::Report report = MakeReport();
  const auto pick = [](int end) { return *rc::gen::inRange(0, end); };
  std::vector<model::Component> components;
  static constexpr std::array kTypes = {Ecosystem::kDeb,  Ecosystem::kNpm, Ecosystem::kMaven,
                                        Ecosystem::kPypi, Ecosystem::kGo,  Ecosystem::kGem};
  for (int i = 0; i < 60; ++i) {
    const Ecosystem type = kTypes[static_cast<size_t>(pick(6))];
    auto component = MakeComponent(type, "g:name" + std::to_string(i),
                                   "1." + std::to_string(pick(5)) + ".0", pick(6) - 1);
    component.role = static_cast<model::Role>(pick(4));
    component.essential = pick(5) == 0;
    if (type == Ecosystem::kGo) {
      component.container = "bin/tool" + std::to_string(pick(12));
    }
    if (type == Ecosystem::kDeb) {
      component.depends = {"g:name" + std::to_string(pick(60))};
    } else if (pick(4) == 0 && !components.empty()) {
      component.owner =
          components[static_cast<size_t>(pick(static_cast<int>(components.size())))].ref;
    }
    components.push_back(std::move(component));
  }
  for (size_t i = 0; i < findings; ++i) {
    const auto& component = components[static_cast<size_t>(pick(60))];
    std::vector<std::string> fixed;
    for (int n = pick(3); n > 0; --n) {
      fixed.push_back(std::to_string(4 - n) + "." + std::to_string(pick(9)) + ".1");
    }
    auto finding = MakeFinding("CVE-2024-" + std::to_string(i), component, fixed,
                               static_cast<Level>(pick(6)), pick(2) == 0 ? kRemote : kLocal);
    if (fixed.empty()) {
      finding.fix_state =
          static_cast<model::FixState>(std::array{0, 2, 3, 4}[static_cast<size_t>(pick(4))]);
    }
    if (pick(30) == 0) {
      finding.kev = model::Kev{"2023-01-0" + std::to_string(1 + pick(9)), "", pick(2) == 0};
    }
    report.findings.push_back(std::move(finding));
  }
  report.inventory.components = std::move(components);
  report.distro_end_of_life = pick(4) == 0 ? "2020-01-01" : "2030-01-01";
  return report;
}

std::vector<std::string> Flatten(const model::Report& report) {
  std::vector<std::string> out;
  for (const model::Action& action : report.actions) {
    out.push_back(action.id + "|" + action.title + "|" + action.due + "|" + action.reason);
    out.insert(out.end(), action.steps.begin(), action.steps.end());
    out.insert(out.end(), action.resolves.begin(), action.resolves.end());
  }
  for (const model::Finding& finding : report.findings) {
    out.push_back(std::to_string(finding.priority.rank) + finding.id + finding.component);
  }
  return out;
}

TEST(Actions, ExactCoverAndAShortList) {
  EXPECT_TRUE(rc::check([] {
    model::Report report =
        RandomReport(static_cast<size_t>(*rc::gen::elementOf(std::vector<int>{0, 1, 20, 500})));
    std::multiset<std::string> want;
    for (const model::Finding& finding : report.findings) {
      want.insert(model::FindingKey(finding.id, finding.component));
    }
    model::Report shuffled = report;
    std::reverse(shuffled.findings.begin(), shuffled.findings.end());
    std::reverse(shuffled.inventory.components.begin(), shuffled.inventory.components.end());
    RC_ASSERT(Rank(report, {}).has_value());
    std::multiset<std::string> got;
    double share = 0;
    for (const model::Action& action : report.actions) {
      got.insert(action.resolves.begin(), action.resolves.end());
      RC_ASSERT(!action.resolves.empty());
      RC_ASSERT(action.title.size() <= 80);
      RC_ASSERT(std::is_sorted(action.resolves.begin(), action.resolves.end()));
      share += action.risk;
    }
    RC_ASSERT(got == want);
    RC_ASSERT(report.actions.size() <= 8);
    RC_ASSERT(report.findings.empty() || (share > 0.999 && share < 1.001));
    const auto flat = Flatten(report);
    RC_ASSERT(Rank(shuffled, {}).has_value());
    RC_ASSERT(Flatten(shuffled) == flat);
    RC_ASSERT(Rank(report, {}).has_value());  // ranking again changes nothing
    RC_ASSERT(Flatten(report) == flat);
  }));
}

TEST(Actions, ManyBumpsShareALine) {
  model::Report report = MakeReport();
  for (int i = 0; i < 40; ++i) {
    auto component = MakeComponent(Ecosystem::kNpm, "pkg" + std::to_string(i), "1.0.0", 3);
    auto finding = MakeFinding("CVE-1", component, {"1.0.1"}, Level::kHigh);
    finding.epss = model::Epss{0.5 - i * 0.01, -1, ""};
    Add(report, component, {finding});
  }
  RankAll(report);
  ASSERT_EQ(report.actions.size(), 7U);
  EXPECT_EQ(report.actions[0].id, "bump:npm:pkg0");
  const auto merged =
      std::find_if(report.actions.begin(), report.actions.end(),
                   [](const auto& action) { return action.id == "bump:more:bump npm"; });
  ASSERT_NE(merged, report.actions.end());
  EXPECT_THAT(merged->title, StartsWith("bump 34 more npm packages: pkg6, pkg7, "));
  EXPECT_EQ(merged->resolves.size(), 34U);
  EXPECT_EQ(merged->steps.size(), 34U);
  EXPECT_EQ(merged->steps[0], "bump pkg6 1.0.0 -> 1.0.1: npm install pkg6@1.0.1");
}

}  // namespace
}  // namespace scantling::rank
