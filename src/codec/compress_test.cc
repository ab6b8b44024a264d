#include "codec/compress.h"

#include <gtest/gtest.h>

#include <string>

namespace scantling::codec {
namespace {

std::string Sample() {
  std::string text;
  for (int line = 0; line < 5'000; ++line) {
    text += "component " + std::to_string(line * 7919 % 1000) + "\n";
  }
  return text;
}

class CompressTest : public testing::TestWithParam<Compression> {};

TEST_P(CompressTest, ReadsBackWhatWasPacked) {
  for (const std::string& text : {std::string(), std::string("a"), Sample()}) {
    const std::string packed = Compress(GetParam(), base::AsBytes(text));
    auto plain = Decompress(GetParam(), base::AsBytes(packed), 1 << 20);
    ASSERT_TRUE(plain.has_value()) << plain.error().Message();
    EXPECT_EQ(*plain, text);
    EXPECT_EQ(packed, Compress(GetParam(), base::AsBytes(text)));
  }
  EXPECT_LT(Compress(GetParam(), base::AsBytes(Sample())).size(), Sample().size() / 3);
}

TEST_P(CompressTest, ALimitIsAnError) {
  const std::string packed = Compress(GetParam(), base::AsBytes(Sample()));
  auto plain = Decompress(GetParam(), base::AsBytes(packed), 1000);
  ASSERT_FALSE(plain.has_value());
  EXPECT_EQ(plain.error().code(), base::ErrorCode::kLimit);
  ASSERT_TRUE(Decompress(GetParam(), base::AsBytes(packed), Sample().size()).has_value());
}

TEST_P(CompressTest, CutAtEveryLength) {
  const std::string packed = Compress(GetParam(), base::AsBytes(std::string_view("some text")));
  for (size_t size = 1; size < packed.size(); ++size) {
    EXPECT_FALSE(Decompress(GetParam(), base::AsBytes(packed).first(size), 1000).has_value())
        << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, CompressTest,
                         testing::Values(Compression::kGzip, Compression::kZstd));

}  // namespace
}  // namespace scantling::codec
