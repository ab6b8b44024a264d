#include "codec/toml.h"

#include <gtest/gtest.h>

#include <string>

namespace scantling::codec {
namespace {

TEST(Toml, TreeWithPlaces) {
  const auto document = ParseToml(
      "[[IgnoredVulns]]\n"
      "id = \"GO-2022-0968\"\n"
      "ignoreUntil = 2026-11-09\n"
      "n = [1, 2.5, true]\n"
      "\n[a.b]\nwhen = 2026-11-09T10:00:00+02:00\n");
  ASSERT_TRUE(document.has_value()) << document.error().Message();
  const TomlNode& list = (*document)["IgnoredVulns"];
  ASSERT_TRUE(list.IsArray());
  const TomlNode& first = list.children.at(0);
  EXPECT_EQ(first["id"].text, "GO-2022-0968");
  EXPECT_EQ(first["id"].line, 2U);
  EXPECT_EQ(first["ignoreUntil"].kind, TomlNode::Kind::kDate);
  EXPECT_EQ(first["ignoreUntil"].text, "2026-11-09");
  EXPECT_EQ(first["n"].children.at(0).text, "1");
  EXPECT_EQ(first["n"].children.at(2).text, "true");
  EXPECT_EQ((*document)["a"]["b"]["when"].text, "2026-11-09T10:00:00+02:00");
  EXPECT_EQ((*document)["none"].kind, TomlNode::Kind::kMissing);
}

TEST(Toml, ErrorsNameThePlace) {
  const auto broken = ParseToml("a = 1\nb = [1,\n");
  ASSERT_FALSE(broken.has_value());
  EXPECT_NE(broken.error().Message().find("line "), std::string::npos) << broken.error().Message();
  EXPECT_FALSE(ParseToml("a = 1\na = 2\n").has_value());
  EXPECT_FALSE(ParseToml("a = 1", 3).has_value());
}

TEST(Toml, DepthIsLimited) {
  EXPECT_FALSE(ParseToml("a = " + std::string(100'000, '[')).has_value());
  std::string dotted = "a";
  for (int i = 0; i < 1000; ++i) {
    dotted += ".a";
  }
  EXPECT_FALSE(ParseToml(dotted + " = 1").has_value());
  EXPECT_FALSE(ParseToml("a" + std::string(100'000, '.') + " = 1").has_value());
}

TEST(Toml, EveryPrefix) {
  const std::string text =
      "# c\n[[x]]\nid = 'a'\nd = 2026-01-01\n[x.y]\nz = \"\\u00e9\"\nq = {a = [1]}\n";
  for (size_t i = 0; i <= text.size(); ++i) {
    const auto parsed = ParseToml(std::string_view(text).substr(0, i));
    (void)parsed.has_value();
  }
}

}  // namespace
}  // namespace scantling::codec
