// Headers: what is asked for comes out; every prefix and random damage end in an error or in fewer
// texts, never further.
#include "codec/rpm_header.h"

#include "tests/support/rpm_samples.h"

#include <gtest/gtest.h>

#include <random>

namespace scantling::codec {
namespace {

using ::scantling::testing::MakeRpmHeader;
using ::scantling::testing::RpmTagValue;

void AskEverything(const std::string& blob) {
  const auto header = RpmHeader::Parse(base::AsBytes(blob));
  if (!header) {
    EXPECT_FALSE(header.error().Message().empty());
    return;
  }
  for (const RpmTag tag : {RpmTag::kName, RpmTag::kEpoch, RpmTag::kBaseNames, RpmTag::kDirNames,
                           RpmTag::kDirIndexes}) {
    for (const std::string_view text : header->Texts(tag)) {
      EXPECT_LE(text.size(), blob.size());
    }
    EXPECT_LE(header->Numbers(tag).size(), blob.size());
    static_cast<void>(header->Text(tag));
    static_cast<void>(header->Number(tag));
    static_cast<void>(header->Complete(tag));
  }
}

TEST(RpmHeader, GivesTextsAndNumbers) {
  const std::string blob = MakeRpmHeader({{1000, {"bash"}, {}, false},
                                          {1003, {}, {7}, false},
                                          {1117, {"a", "", "c"}, {}, true},
                                          {1116, {}, {0, 1, 0}, false}});
  const auto header = RpmHeader::Parse(base::AsBytes(blob));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->Text(RpmTag::kName), "bash");
  EXPECT_EQ(header->Number(RpmTag::kEpoch), 7U);
  EXPECT_EQ(header->Texts(RpmTag::kBaseNames), (std::vector<std::string_view>{"a", "", "c"}));
  EXPECT_EQ(header->Numbers(RpmTag::kDirIndexes), (std::vector<uint32_t>{0, 1, 0}));
  EXPECT_EQ(header->Text(RpmTag::kVendor), std::nullopt);
  EXPECT_EQ(header->Number(RpmTag::kName), std::nullopt) << "a text is no number";
  EXPECT_TRUE(header->Complete(RpmTag::kVendor));
}

TEST(RpmHeader, LaterEntryReplacesEarlier) {
  const std::string blob = MakeRpmHeader(
      {{1000, {"old"}, {}, false}, {1001, {"1"}, {}, false}, {1000, {"new"}, {}, false}});
  const auto header = RpmHeader::Parse(base::AsBytes(blob));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->Text(RpmTag::kName), "new");
  EXPECT_EQ(header->Text(RpmTag::kVersion), "1");
}

TEST(RpmHeader, CountsThatLieAreSeen) {
  std::string blob = MakeRpmHeader({{1117, {"a", "b"}, {}, true}});
  blob[8 + 12 + 3] = 9;  // count
  const auto header = RpmHeader::Parse(base::AsBytes(blob));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->Texts(RpmTag::kBaseNames).size(), 2U);
  EXPECT_FALSE(header->Complete(RpmTag::kBaseNames));
}

TEST(RpmHeader, EveryPrefixAndRandomDamage) {
  for (const std::string& blob : ::scantling::testing::SampleRpmHeaders()) {
    for (size_t size = 0; size < blob.size(); ++size) {
      const std::string prefix = blob.substr(0, size);
      EXPECT_FALSE(RpmHeader::Parse(base::AsBytes(prefix)).has_value()) << size;
    }
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
      std::string damaged = blob;
      for (int flips = 0; flips < 3; ++flips) {
        damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
      }
      AskEverything(damaged);
    }
  }
}

}  // namespace
}  // namespace scantling::codec
