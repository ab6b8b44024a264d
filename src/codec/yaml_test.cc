#include "codec/yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace scantling::codec {
namespace {

constexpr std::string_view kSample = R"(# a configuration
fail-on: high
scan:
  jobs: 2
  skip: ["**/testdata", 'a b']   # flow
  note: |
    two
    lines
defaults: &d {level: low, who: ~}
copy: *d
---
second: "null"
)";

TEST(Yaml, TreeWithPlaces) {
  const auto documents = ParseYaml(kSample);
  ASSERT_TRUE(documents.has_value()) << documents.error().Message();
  ASSERT_EQ(documents->size(), 2u);
  const YamlNode& root = (*documents)[0];
  EXPECT_EQ(root["fail-on"].Text(), "high");
  EXPECT_EQ(root["fail-on"].line, 2u);
  EXPECT_EQ(root["fail-on"].column, 10u);
  EXPECT_EQ(root.keys[1].text, "scan");
  EXPECT_EQ(root.keys[1].line, 3u);
  ASSERT_EQ(root["scan"]["skip"].children.size(), 2u);
  EXPECT_EQ(root["scan"]["skip"].children[1].text, "a b");
  EXPECT_TRUE(root["scan"]["skip"].children[1].quoted);
  EXPECT_EQ(root["scan"]["note"].Text(), "two\nlines\n");
  EXPECT_EQ(root["copy"]["level"].Text(), "low");
  EXPECT_TRUE(root["copy"]["who"].IsNull());
  EXPECT_FALSE((*documents)[1]["second"].IsNull());
  EXPECT_TRUE(root["nothing"]["below"].IsNull());
  EXPECT_TRUE(root.Has("scan"));
  EXPECT_FALSE(root.Has("jobs"));
}

TEST(Yaml, Empty) {
  const auto documents = ParseYaml("");
  ASSERT_TRUE(documents.has_value());
  EXPECT_TRUE(documents->empty());
}

TEST(Yaml, ErrorsNameThePlace) {
  struct Case {
    std::string_view input;
    std::string_view want;
  };
  for (const Case& c :
       {Case{"a: 1\nb: [1, 2\n", "line 3"}, Case{"a: 1\na: 2\n", "line 2, column 1"},
        Case{"? [a]\n: b\n", "not a scalar"}, Case{"a: *b\n", "unknown alias"},
        Case{"\ta: 1", "line 1"}}) {
    const auto documents = ParseYaml(c.input);
    ASSERT_FALSE(documents.has_value()) << c.input;
    EXPECT_NE(documents.error().Message().find(c.want), std::string::npos)
        << documents.error().Message();
  }
}

TEST(Yaml, Limits) {
  EXPECT_EQ(ParseYaml(std::string(1000, '[')).error().code(), base::ErrorCode::kLimit);
  std::string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) {
      laughs += "," + before;
    }
    laughs += "]\n";
  }
  EXPECT_EQ(ParseYaml(laughs).error().code(), base::ErrorCode::kLimit);
  YamlLimits small;
  small.bytes = 3;
  EXPECT_EQ(ParseYaml("abcd", small).error().code(), base::ErrorCode::kLimit);
  small = {};
  small.documents = 1;
  EXPECT_EQ(ParseYaml("a\n---\nb\n", small).error().code(), base::ErrorCode::kLimit);
}

TEST(Yaml, EveryPrefixAndFlips) {
  for (size_t i = 0; i <= kSample.size(); ++i) {
    (void)ParseYaml(kSample.substr(0, i)).has_value();
  }
  uint32_t seed = 1;
  for (int i = 0; i < 2000; ++i) {
    std::string bad(kSample);
    seed = seed * 1664525 + 1013904223;
    bad[(seed >> 8) % bad.size()] = static_cast<char>(seed);
    (void)ParseYaml(bad).has_value();
  }
}

}  // namespace
}  // namespace scantling::codec
