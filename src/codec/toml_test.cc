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
  EXPECT_FALSE(ParseToml("[,[x").has_value());  // meets an assertion of the library
  EXPECT_FALSE(ParseToml(std::string_view("[\0[x", 4)).has_value());
  EXPECT_FALSE(ParseToml("a = 1", 3).has_value());
}

TEST(Toml, TextsAndKeys) {
  const auto document = ParseToml(R"toml(
a.'b c'."d" = """
x\
   y"q"""""
l = '''c:\n'''
u = "\u00e9\U0001F600"
t = 2026-01-31 10:00:00
c = 07:32:00
f = -1_0.5e+3
i = {a.b = 1, c = []}
[[p]]
n = 1
[p.q]
r = 2
[[p]]
n = 3
[x.y.z]
[x]
w = [ # c
 1,
 2, ]
)toml");
  ASSERT_TRUE(document.has_value()) << document.error().Message();
  const TomlNode& root = *document;
  EXPECT_EQ(root["a"]["b c"]["d"].text, "xy\"q\"\"");
  EXPECT_EQ(root["l"].text, "c:\\n");
  EXPECT_EQ(root["u"].text, "\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(root["t"].text, "2026-01-31T10:00:00Z");
  EXPECT_EQ(root["c"].kind, TomlNode::Kind::kDate);
  EXPECT_EQ(root["f"].kind, TomlNode::Kind::kNumber);
  EXPECT_EQ(root["i"]["a"]["b"].text, "1");
  EXPECT_EQ(root["p"].children.size(), 2U);
  EXPECT_EQ(root["p"].children[0]["q"]["r"].text, "2");
  EXPECT_EQ(root["x"]["w"].children.size(), 2U);
}

TEST(Toml, WhatTheSpecificationForbids) {
  for (const std::string_view text : {"a",
                                      "a =",
                                      "= 1",
                                      "a = 1 b = 2",
                                      "[a]\n[a]",
                                      "a = {b = 1}\n[a.c]",
                                      "a = {b = 1,}",
                                      "a = [1 2]",
                                      "a = 'x",
                                      "a = \"\\q\"",
                                      "a = \"\\uD800\"",
                                      "a = 01",
                                      "a = 1__0",
                                      "a = 1.",
                                      "a = 2026-02-30",
                                      "a = [1]\n[[a]]",
                                      "[[a]]\n[a]",
                                      "a.b = 1\n[a]",
                                      "[a.b]\n[a]\nb.c = 1",
                                      "a = tru",
                                      "[]",
                                      "[a",
                                      "a = \"x\ny\"",
                                      "a = {b.c = 1}\n[a.b]",
                                      "\"\"\"k\"\"\" = 1",
                                      "[,[x",
                                      "\xC6\x9A",
                                      "a = \"\xff\""}) {
    EXPECT_FALSE(ParseToml(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseToml(std::string_view("[\0[x", 4)).has_value());
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
