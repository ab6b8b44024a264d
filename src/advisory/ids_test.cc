#include "advisory/ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scantling::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Ids, Clean) {
  EXPECT_EQ(CleanId(" cve-2021-44228 "), "CVE-2021-44228");
  EXPECT_EQ(CleanId("CVE_2019_2426"), "CVE-2019-2426");
  EXPECT_EQ(CleanId("ghsa-35JH-r3h4-6jhm"), "GHSA-35jh-r3h4-6jhm");
  EXPECT_EQ(CleanId("go-2023-2102"), "GO-2023-2102");
  EXPECT_EQ(CleanId("XSA-207"), "XSA-207");
  EXPECT_TRUE(IsCve("CVE-2021-44228"));
  EXPECT_FALSE(IsCve("CVE-2021-44228x"));
  EXPECT_FALSE(IsCve("CVE-46838"));
  EXPECT_FALSE(IsAliasId("DSA-5673-1"));
}

TEST(Ids, FreeForm) {
  EXPECT_THAT(IdsIn("CVE-2017-2616 (+ regression fix)"), ElementsAre("CVE-2017-2616"));
  EXPECT_THAT(IdsIn("CVE-2017-8904 XSA-214"), ElementsAre("CVE-2017-8904"));
  EXPECT_THAT(IdsIn("CVE_2019-2426"), ElementsAre("CVE-2019-2426"));
  EXPECT_THAT(IdsIn("CVE-2022-0001 CVE-2022-0002"), ElementsAre("CVE-2022-0001", "CVE-2022-0002"));
  EXPECT_THAT(IdsIn("XSA-207"), ElementsAre("XSA-207"));
  EXPECT_THAT(IdsIn("CVE-2022-????? XSA-398"), ElementsAre("XSA-398"));
  EXPECT_THAT(IdsIn("GHSA-AAAA-bbbb-cccc"), ElementsAre("GHSA-aaaa-bbbb-cccc"));
  EXPECT_THAT(IdsIn(""), IsEmpty());
}

TEST(Ids, Namespaces) {
  EXPECT_EQ(NamespaceOf("Debian:12"), "debian:12");
  EXPECT_EQ(NamespaceOf("Alpine:v3.18"), "alpine:v3.18");
  EXPECT_EQ(NamespaceOf("AlmaLinux:9"), "almalinux:9");
  EXPECT_EQ(NamespaceOf("Go"), "golang");
  EXPECT_EQ(NamespaceOf("Debian"), std::nullopt);
  EXPECT_EQ(NamespaceOf("Bitnami"), std::nullopt);
  EXPECT_EQ(PackageName("pypi", "Zope.Interface__x"), "zope-interface-x");
  EXPECT_EQ(PackageName("npm", "@Angular/Core"), "@Angular/Core");
}

TEST(Ids, Summary) {
  EXPECT_EQ(SummaryLine("One  line\twith space "), "One line with space");
  EXPECT_EQ(SummaryLine("The first sentence is this. And a second."),
            "The first sentence is this.");
  const std::string cut = SummaryLine(std::string(150, 'a') + " " + std::string(150, 'b'));
  EXPECT_LE(cut.size(), 200u);
  EXPECT_TRUE(cut.ends_with("..."));
  std::string wide;
  for (int i = 0; i < 200; ++i) {
    wide += "\xC3\xA9";
  }
  EXPECT_LE(SummaryLine(wide).size(), 200u);
  EXPECT_EQ(SummaryLine("a\xFFz"), "a\xEF\xBF\xBDz");
}

}  // namespace
}  // namespace scantling::advisory
