// os-release: quoting as a shell has it (with sh as the oracle where there is one).
#include "catalog/os_release/os_release.h"

#include "base/strings.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace scantling::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::string_view kDebian =
    "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n"
    "VERSION=\"12 "
    "(bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n";

std::map<std::string, std::string> Facts(std::string_view path, std::string_view data) {
  const auto facts =
      OsReleaseCataloger().Catalog({.path = path, .data = base::AsBytes(data)}, base::Limits());
  EXPECT_TRUE(facts.has_value());
  std::map<std::string, std::string> out;
  for (const Fact& fact : facts->facts) {
    EXPECT_TRUE(out.emplace(fact.key, fact.value).second) << "twice: " << fact.key;
  }
  return out;
}

TEST(OsRelease, Debian) {
  EXPECT_THAT(
      Facts("etc/os-release", kDebian),
      ::testing::UnorderedElementsAre(
          Pair("os-release.PRETTY_NAME", "Debian GNU/Linux 12 (bookworm)"),
          Pair("os-release.NAME", "Debian GNU/Linux"), Pair("os-release.VERSION_ID", "12"),
          Pair("os-release.VERSION", "12 (bookworm)"),
          Pair("os-release.VERSION_CODENAME", "bookworm"), Pair("os-release.ID", "debian")));
}

struct QuoteCase {
  const char* name;
  const char* line;
  const char* want;
};

class Quotes : public ::testing::TestWithParam<QuoteCase> {};

TEST_P(Quotes, AsAShell) {
  const std::string line = GetParam().line;
  const os_release::Assignments got = os_release::Parse(line);
  ASSERT_EQ(got.values.size(), 1U);
  EXPECT_EQ(got.values[0].second, GetParam().want);
  EXPECT_THAT(got.bad_lines, IsEmpty());
  if (scantling::testing::HaveProgram("sh")) {
    const auto shell = scantling::testing::Run({"sh", "-c", line + "\nprintf %s \"$ID\""});
    EXPECT_EQ(shell.stdout_text, GetParam().want);
  }
}

INSTANTIATE_TEST_SUITE_P(
    OsRelease, Quotes,
    ::testing::Values(
        QuoteCase{"Plain", "ID=debian", "debian"}, QuoteCase{"Empty", "ID=", ""},
        QuoteCase{"Double", "ID=\"a b\"", "a b"}, QuoteCase{"Single", "ID='a b'", "a b"},
        QuoteCase{"EscapesInDouble", R"(ID="a\"b\\c\$d\`e\f")", "a\"b\\c$d`e\\f"},
        QuoteCase{"NoEscapesInSingle", R"(ID='a\b')", "a\\b"},
        QuoteCase{"EscapeOutside", R"(ID=a\ b)", "a b"},
        QuoteCase{"Pieces", R"(ID="a"'b'c)", "abc"}, QuoteCase{"Comment", "ID=x # why", "x"},
        QuoteCase{"HashInside", "ID=x#y", "x#y"}, QuoteCase{"BlankBefore", "  ID=x", "x"}),
    [](const auto& test) { return test.param.name; });

TEST(OsRelease, LastOneWins) {
  EXPECT_EQ(Facts("etc/os-release", "ID=a\nID=b\n")["os-release.ID"], "b");
}

TEST(OsRelease, CarriageReturns) {
  EXPECT_EQ(Facts("etc/os-release", "ID=debian\r\nVERSION_ID=\"12\"\r\n")["os-release.ID"],
            "debian");
  EXPECT_EQ(Facts("etc/os-release", "ID=debian\r\nVERSION_ID=\"12\"\r\n")["os-release.VERSION_ID"],
            "12");
}

TEST(OsRelease, BadLinesCostThemselves) {
  const os_release::Assignments got = os_release::Parse(
      "garbage\n1X=2\nPRETTY_NAME=\"no end\nVERSION_ID=12\n# fine\n\nNAME=\"no end "
      "either\nID=debian\nA=b c\n");
  EXPECT_THAT(got.bad_lines, ElementsAre(1, 2, 3, 7, 9));
  std::map<std::string, std::string> last(got.values.begin(), got.values.end());
  EXPECT_EQ(last["ID"], "debian");
}

TEST(OsRelease, EveryPrefixAndRandomDamage) {
  for (size_t size = 0; size < kDebian.size(); ++size) {
    const std::string prefix(kDebian.substr(0, size));
    EXPECT_LE(Facts("etc/os-release", prefix).size(), 6U);
  }
  std::mt19937 random(13);
  for (int i = 0; i < 5000; ++i) {
    std::string damaged(kDebian);
    for (int flips = 0; flips < 4; ++flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    EXPECT_LE(Facts("usr/lib/os-release", damaged).size(), 11U);
  }
}

}  // namespace
}  // namespace scantling::catalog
