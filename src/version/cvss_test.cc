// CVSS: scores of known vectors (facts of the specifications' own calculators, agreed by an
// independent implementation), the parts that ranking uses, and what must be refused.
#include "version/cvss.h"

#include <gtest/gtest.h>

#include <string>

namespace scantling::version {
namespace {

struct Case {
  const char* vector;
  double score;
  double overall;
};

constexpr Case kCases[] = {
    {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0, 10.0},
    {"AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5, 7.5},
    {"AV:N/AC:M/Au:N/C:N/I:P/A:N", 4.3, 4.3},
    {"AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2, 6.2},
    {"AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8, 7.8},
    {"AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0, 0.0},
    {"AV:A/AC:H/Au:M/C:P/I:N/A:N", 1.2, 1.2},
    {"AV:N/AC:L/Au:S/C:P/I:P/A:P", 6.5, 6.5},
    {"AV:L/AC:L/Au:N/C:C/I:C/A:C", 7.2, 7.2},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, 10.0},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, 7.5},
    {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8, 7.8},
    {"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, 6.1},
    {"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6, 1.6},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, 0.0},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N", 0.0, 0.0},
    {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.1, 8.1},
    {"CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:C/C:L/I:L/A:L", 6.6, 6.6},
    {"CVSS:3.1/AV:L/AC:H/PR:H/UI:N/S:U/C:L/I:N/A:L", 3.0, 3.0},
    {"CVSS:3.1/AV:P/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", 4.2, 4.2},
    {"CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.8, 1.8},
    {"CVSS:3.1/AV:L/AC:H/PR:H/UI:N/S:U/C:L/I:L/A:N", 3.0, 3.0},
    {"CVSS:3.1/AV:P/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:L", 7.3, 7.3},
    {"CVSS:3.1/AV:P/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:N", 6.7, 6.7},
    {"CVSS:3.1/AV:A/AC:L/PR:L/UI:N/S:U/C:N/I:L/A:H", 6.3, 6.3},
    {"CVSS:3.1/AV:A/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.0, 8.0},
    {"CVSS:3.1/AV:P/AC:L/PR:L/UI:N/S:C/C:L/I:N/A:N", 2.4, 2.4},
    {"CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:L/A:L", 5.7, 5.7},
    {"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:C/C:L/I:L/A:N", 3.2, 3.2},
    {"CVSS:3.1/AV:P/AC:H/PR:H/UI:N/S:C/C:H/I:L/A:H", 6.8, 6.8},
    {"CVSS:3.1/AV:A/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:H", 7.3, 7.3},
    {"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:N/A:L", 5.9, 5.9},
    {"CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:C/C:N/I:H/A:N", 5.3, 5.3},
    {"CVSS:3.1/AV:A/AC:H/PR:H/UI:R/S:U/C:H/I:H/A:H", 6.3, 6.3},
    {"CVSS:3.1/AV:N/AC:H/PR:H/UI:N/S:C/C:L/I:L/A:L", 5.5, 5.5},
    {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8, 6.8},
    {"CVSS:3.1/AV:P/AC:L/PR:H/UI:N/S:C/C:N/I:H/A:L", 5.7, 5.7},
    {"CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:L/I:H/A:H", 7.6, 7.6},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, 9.3},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0, 10.0},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0, 0.0},
    {"CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:L/VA:L/SC:L/SI:L/SA:L", 1.0, 1.0},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", 8.7, 8.7},
    {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 6.3, 6.3},
    {"CVSS:4.0/AV:L/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:L/SC:L/SI:N/SA:H", 6.9, 6.9},
    {"CVSS:4.0/AV:A/AC:H/AT:P/PR:H/UI:A/VC:H/VI:N/VA:H/SC:H/SI:L/SA:L", 5.9, 5.9},
    {"CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:H/SC:H/SI:H/SA:L", 7.2, 7.2},
    {"CVSS:4.0/AV:P/AC:L/AT:P/PR:N/UI:N/VC:L/VI:N/VA:H/SC:L/SI:L/SA:H", 5.8, 5.8},
    {"CVSS:4.0/AV:P/AC:H/AT:N/PR:H/UI:N/VC:N/VI:L/VA:N/SC:H/SI:H/SA:N", 2.1, 2.1},
    {"CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:A/VC:N/VI:H/VA:H/SC:H/SI:N/SA:L", 6.9, 6.9},
    {"CVSS:4.0/AV:P/AC:L/AT:N/PR:H/UI:A/VC:N/VI:L/VA:N/SC:N/SI:L/SA:H", 4.2, 4.2},
    {"CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:P/VC:H/VI:N/VA:N/SC:L/SI:N/SA:H", 7.1, 7.1},
    {"CVSS:4.0/AV:P/AC:L/AT:N/PR:L/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.0, 7.0},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:H/VA:H/SC:N/SI:L/SA:L", 7.0, 7.0},
    {"CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 7.3, 7.3},
    {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:A/VC:L/VI:H/VA:H/SC:L/SI:N/SA:N", 6.0, 6.0},
    {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:N/VI:H/VA:L/SC:H/SI:H/SA:N", 7.2, 7.2},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:H/VA:N/SC:H/SI:H/SA:N", 8.4, 8.4},
    {"CVSS:4.0/AV:N/AC:H/AT:P/PR:H/UI:P/VC:H/VI:L/VA:N/SC:L/SI:H/SA:H", 7.1, 7.1},
    {"CVSS:4.0/AV:A/AC:L/AT:N/PR:H/UI:P/VC:L/VI:L/VA:L/SC:L/SI:L/SA:L", 2.4, 2.4},
    {"CVSS:4.0/AV:L/AC:H/AT:P/PR:H/UI:A/VC:N/VI:L/VA:H/SC:N/SI:L/SA:N", 4.3, 4.3},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:A/VC:L/VI:H/VA:N/SC:H/SI:H/SA:H", 8.4, 8.4},
    {"CVSS:4.0/AV:P/AC:H/AT:P/PR:L/UI:P/VC:N/VI:N/VA:H/SC:L/SI:H/SA:H", 5.9, 5.9},
    {"CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:A/VC:L/VI:H/VA:N/SC:H/SI:L/SA:L", 6.9, 6.9},
    {"CVSS:4.0/AV:A/AC:H/AT:N/PR:L/UI:P/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 1.0, 1.0},
    {"CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:P/VC:H/VI:L/VA:N/SC:L/SI:N/SA:H", 6.8, 6.8},
    {"CVSS:4.0/AV:L/AC:H/AT:P/PR:H/UI:P/VC:H/VI:N/VA:H/SC:N/SI:L/SA:L", 4.4, 4.4},
    {"CVSS:4.0/AV:N/AC:H/AT:P/PR:H/UI:A/VC:H/VI:L/VA:H/SC:H/SI:L/SA:N", 7.0, 7.0},
    {"CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:N/VC:L/VI:H/VA:H/SC:H/SI:H/SA:N", 7.1, 7.1},
    {"CVSS:4.0/AV:A/AC:L/AT:N/PR:H/UI:N/VC:H/VI:H/VA:H/SC:H/SI:N/SA:H", 9.3, 9.3},
    {"CVSS:4.0/AV:P/AC:L/AT:N/PR:H/UI:P/VC:H/VI:L/VA:H/SC:H/SI:N/SA:N", 6.8, 6.8},
    {"CVSS:4.0/AV:A/AC:L/AT:P/PR:H/UI:P/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", 1.0, 1.0},
    {"CVSS:4.0/AV:L/AC:L/AT:P/PR:H/UI:A/VC:N/VI:L/VA:N/SC:H/SI:L/SA:L", 2.1, 2.1},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:L/SC:H/SI:N/SA:N", 7.7, 7.7},
    {"CVSS:4.0/AV:P/AC:L/AT:P/PR:N/UI:A/VC:H/VI:H/VA:N/SC:N/SI:L/SA:N/E:X/CR:M/IR:X/MAV:N/MVC:N",
     5.3, 5.8},
    {"CVSS:4.0/AV:N/AC:L/AT:P/PR:H/UI:N/VC:H/VI:N/VA:L/SC:L/SI:N/SA:H/CR:X/AR:M/MAV:A/MSI:L", 7.0,
     7.0},
    {"CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:P/VC:H/VI:N/VA:H/SC:H/SI:L/SA:H/E:A/IR:L/MAV:P/MSI:N/MVC:H",
     7.1, 5.8},
    {"CVSS:4.0/AV:P/AC:L/AT:P/PR:N/UI:N/VC:N/VI:H/VA:L/SC:N/SI:H/SA:N/E:U/CR:L/AR:M/MSI:S/MVC:X",
     5.6, 2.6},
    {"CVSS:4.0/AV:A/AC:L/AT:P/PR:L/UI:A/VC:H/VI:H/VA:H/SC:L/SI:H/SA:H/E:A/CR:M/IR:M/MAV:X/MSI:N",
     7.2, 6.8},
    {"CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:P/VC:H/VI:L/VA:H/SC:N/SI:H/SA:L/E:P/CR:L/IR:L/MAV:L/MSI:S/"
     "MVC:H",
     8.3, 8.4},
    {"CVSS:4.0/AV:L/AC:H/AT:P/PR:N/UI:N/VC:H/VI:L/VA:H/SC:H/SI:L/SA:H/CR:H/IR:H/MAV:L/MVC:X", 7.3,
     7.3},
    {"CVSS:4.0/AV:N/AC:L/AT:P/PR:L/UI:A/VC:N/VI:N/VA:L/SC:N/SI:N/SA:H/E:P/CR:L/IR:L/AR:H/MVC:N",
     4.3, 2.0},
    {"CVSS:4.0/AV:P/AC:H/AT:N/PR:N/UI:P/VC:H/VI:N/VA:L/SC:H/SI:H/SA:N/AR:H/MSI:L/MVC:X", 5.8, 5.7},
    {"CVSS:4.0/AV:A/AC:L/AT:P/PR:N/UI:N/VC:N/VI:H/VA:H/SC:H/SI:H/SA:H/E:P/CR:H/IR:H", 7.4, 5.7},
    {"CVSS:4.0/AV:A/AC:H/AT:N/PR:N/UI:A/VC:N/VI:H/VA:H/SC:L/SI:L/SA:N/CR:X/AR:M/MVC:X", 5.8, 5.8},
    {"CVSS:4.0/AV:P/AC:H/AT:P/PR:N/UI:P/VC:H/VI:N/VA:L/SC:N/SI:H/SA:H/E:P/CR:X/IR:M", 5.8, 4.0},
    {"CVSS:4.0/AV:A/AC:L/AT:N/PR:L/UI:A/VC:H/VI:N/VA:L/SC:N/SI:N/SA:H/IR:L/MSI:X", 6.7, 6.6},
    {"CVSS:4.0/AV:L/AC:H/AT:N/PR:N/UI:A/VC:H/VI:L/VA:N/SC:N/SI:L/SA:H/IR:X/MAV:X", 6.9, 6.9},
    {"CVSS:4.0/AV:A/AC:L/AT:P/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:L/SA:L/CR:L/IR:X/MSI:X/MVC:H", 4.8,
     5.7},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:A/VC:L/VI:H/VA:H/SC:L/SI:H/SA:N/CR:L/IR:X/AR:H/MSI:S", 8.3,
     9.2},
};

TEST(Cvss, ScoresKnownVectors) {
  for (const Case& c : kCases) {
    const auto result = ParseCvss(c.vector);
    ASSERT_TRUE(result.has_value()) << c.vector << ": " << result.error().Message();
    EXPECT_DOUBLE_EQ(result->score, c.score) << c.vector;
    EXPECT_DOUBLE_EQ(result->overall, c.overall) << c.vector;
  }
}

TEST(Cvss, GivesTheParts) {
  const auto three = ParseCvss("CVSS:3.1/AV:A/AC:H/PR:L/UI:R/S:C/C:H/I:L/A:N");
  ASSERT_TRUE(three.has_value());
  EXPECT_EQ(three->major, 3);
  EXPECT_EQ(three->minor, 1);
  EXPECT_EQ(three->attack_vector, AttackVector::kAdjacent);
  EXPECT_EQ(three->attack_complexity, AttackComplexity::kHigh);
  EXPECT_EQ(three->privileges_required, PrivilegesRequired::kLow);
  EXPECT_EQ(three->user_interaction, UserInteraction::kRequired);
  EXPECT_TRUE(three->scope_changed);
  EXPECT_EQ(three->confidentiality, Impact::kHigh);
  EXPECT_EQ(three->integrity, Impact::kLow);
  EXPECT_EQ(three->availability, Impact::kNone);

  const auto four = ParseCvss("CVSS:4.0/AV:P/AC:L/AT:P/PR:H/UI:P/VC:N/VI:L/VA:H/SC:N/SI:N/SA:L");
  ASSERT_TRUE(four.has_value());
  EXPECT_EQ(four->major, 4);
  EXPECT_EQ(four->attack_vector, AttackVector::kPhysical);
  EXPECT_TRUE(four->attack_requirements);
  EXPECT_EQ(four->privileges_required, PrivilegesRequired::kHigh);
  EXPECT_EQ(four->user_interaction, UserInteraction::kPassive);
  EXPECT_TRUE(four->scope_changed);
  EXPECT_EQ(four->availability, Impact::kHigh);

  const auto two = ParseCvss("(AV:L/AC:M/Au:S/C:N/I:P/A:C)");
  ASSERT_TRUE(two.has_value());
  EXPECT_EQ(two->major, 2);
  EXPECT_EQ(two->attack_vector, AttackVector::kLocal);
  EXPECT_EQ(two->attack_complexity, AttackComplexity::kMedium);
  EXPECT_EQ(two->privileges_required, PrivilegesRequired::kLow);
  EXPECT_EQ(two->integrity, Impact::kLow);
  EXPECT_EQ(two->availability, Impact::kHigh);
  EXPECT_TRUE(
      ParseCvss("CVSS:2.0/AV:L/AC:M/Au:S/C:N/I:P/A:C/E:POC/RL:OF/RC:UC/CDP:LM/TD:ND").has_value());
}

TEST(Cvss, RefusesWhatTheSpecificationsRefuse) {
  for (const char* bad : {
           "", "CVSS:", "CVSS:3.1", "CVSS:3.1/", "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",           // A is missing
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H",   // twice
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X",       // no such value
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",      // ends with a slash
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:N",  // no such metric
           "CVSS:3.1/av:n/ac:l/pr:n/ui:n/s:u/c:h/i:h/a:h",       // lower case
           "AV:N/AC:L/Au:N/C:P/I:P",                             // CVSS 2, A is missing
           "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",                // CVSS 3 without its prefix
           "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:R/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
           "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N",  // S is for MSI only
       }) {
    EXPECT_FALSE(ParseCvss(bad).has_value()) << bad;
  }
  EXPECT_FALSE(ParseCvss(std::string(100000, 'A')).has_value());
}

TEST(Cvss, SurvivesEveryPrefixAndFlip) {
  const std::string good =
      "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P/MSI:S/U:Amber";
  ASSERT_TRUE(ParseCvss(good).has_value());
  for (size_t i = 0; i < good.size(); ++i) {
    (void)ParseCvss(good.substr(0, i)).has_value();
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = good;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      const auto result = ParseCvss(flipped);
      if (result.has_value()) {
        EXPECT_GE(result->score, 0);
        EXPECT_LE(result->score, 10);
      }
    }
  }
}

TEST(Cvss, BandsAndNames) {
  EXPECT_EQ(FromScore(0), SeverityLevel::kNone);
  EXPECT_EQ(FromScore(0.1), SeverityLevel::kLow);
  EXPECT_EQ(FromScore(3.9), SeverityLevel::kLow);
  EXPECT_EQ(FromScore(4.0), SeverityLevel::kMedium);
  EXPECT_EQ(FromScore(6.9), SeverityLevel::kMedium);
  EXPECT_EQ(FromScore(7.0), SeverityLevel::kHigh);
  EXPECT_EQ(FromScore(8.9), SeverityLevel::kHigh);
  EXPECT_EQ(FromScore(9.0), SeverityLevel::kCritical);
  EXPECT_EQ(FromScore(10), SeverityLevel::kCritical);
  EXPECT_EQ(ParseCvss("AV:N/AC:L/Au:N/C:C/I:C/A:C")->level(), SeverityLevel::kHigh);
  for (const SeverityLevel level :
       {SeverityLevel::kNone, SeverityLevel::kLow, SeverityLevel::kMedium, SeverityLevel::kHigh,
        SeverityLevel::kCritical}) {
    EXPECT_EQ(SeverityFromName(ToString(level)), level);
  }
  EXPECT_EQ(SeverityFromName("MODERATE"), SeverityLevel::kMedium);
  EXPECT_EQ(SeverityFromName("Important"), SeverityLevel::kHigh);
  EXPECT_EQ(SeverityFromName("meh"), std::nullopt);
}

}  // namespace
}  // namespace scantling::version
