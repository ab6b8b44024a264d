// The target of a bump moves past what is known against it.
#include "rank/bump_target.h"

#include <gtest/gtest.h>

#include <map>

namespace scantling::rank {
namespace {

using version::Ecosystem;
using Fixes = std::vector<std::vector<std::string>>;

BumpTarget Avoid(const std::map<std::string, Fixes>& holes, std::string start,
                 const BumpItem& item) {
  BumpTarget target;
  target.version = std::move(start);
  target.ends = 1;
  const std::vector<BumpItem> items = {item};
  AvoidKnownHoles(
      Ecosystem::kPypi, items,
      [&](const std::string& version) {
        const auto found = holes.find(version);
        return found == holes.end() ? Fixes() : found->second;
      },
      target);
  return target;
}

TEST(AvoidKnownHoles, MovesUpUntilNothingIsKnown) {
  const std::vector<std::string> fixed = {"4.2.16"};
  const BumpTarget target =
      Avoid({{"4.2.16", {{"4.2.17", "5.0.10"}, {"4.2.18", "5.0.11"}}}, {"4.2.18", {{"4.2.20"}}}},
            "4.2.16", {"2.2", fixed});
  EXPECT_EQ(target.version, "4.2.20");
  EXPECT_EQ(target.holes, 0U);
}

TEST(AvoidKnownHoles, CountsWhatNothingFixes) {
  const std::vector<std::string> fixed = {"1.1"};
  const BumpTarget target = Avoid({{"1.1", {{}, {}}}}, "1.1", {"1.0", fixed});
  EXPECT_EQ(target.version, "1.1");
  EXPECT_EQ(target.holes, 2U);
}

TEST(AvoidKnownHoles, DoesNotTradeTheFindingForAnother) {
  // 2.0.0 fixes the hole of 1.1, but the finding is fixed in branch 1 and in 2.5.0 only.
  const std::vector<std::string> fixed = {"1.1", "2.5.0"};
  const BumpTarget target = Avoid({{"1.1", {{"2.0.0"}}}}, "1.1", {"1.0", fixed});
  EXPECT_EQ(target.version, "1.1");
  EXPECT_EQ(target.holes, 1U);
}

TEST(AvoidKnownHoles, EndsWhenVersionsGoInCircles) {
  const std::vector<std::string> fixed = {"1.1"};
  const BumpTarget target = Avoid({{"1.1", {{"1.2"}}}, {"1.2", {{"1.1"}}}}, "1.1", {"1.0", fixed});
  EXPECT_EQ(target.version, "1.2");
}

}  // namespace
}  // namespace scantling::rank
