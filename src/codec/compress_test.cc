#include "codec/compress.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

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

TEST(GzipStream, OfAnyPartsIsOneMember) {
  const std::string sample = Sample() + std::string(300'000, 'x') + Sample();
  for (const size_t part : {size_t{1}, size_t{7}, size_t{4096}, size_t{100'000}, sample.size()}) {
    GzipStream stream;
    std::string packed;
    for (size_t at = 0; at < sample.size(); at += part) {
      stream.Write(base::AsBytes(std::string_view(sample).substr(at, part)), packed);
    }
    stream.Finish(packed);
    EXPECT_LT(packed.size(), sample.size() / 4) << part;
    // libdeflate reads one member, and says how much of the bytes that was.
    const auto plain = Decompress(Compression::kGzip, base::AsBytes(packed), 1 << 20);
    ASSERT_TRUE(plain.has_value()) << plain.error().Message();
    EXPECT_EQ(*plain, sample) << part;
    std::string once(sample.size() + 1, '\0');
    size_t read = 0;
    size_t written = 0;
    auto* const reader = libdeflate_alloc_decompressor();
    EXPECT_EQ(libdeflate_gzip_decompress_ex(reader, packed.data(), packed.size(), once.data(),
                                            once.size(), &read, &written),
              LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(reader);
    EXPECT_EQ(read, packed.size()) << part;
    EXPECT_EQ(written, sample.size()) << part;
  }
}

TEST(GzipStream, OfNothingIsEmpty) {
  GzipStream stream;
  std::string packed;
  stream.Write({}, packed);
  stream.Finish(packed);
  const auto plain = Decompress(Compression::kGzip, base::AsBytes(packed), 10);
  ASSERT_TRUE(plain.has_value()) << plain.error().Message();
  EXPECT_EQ(*plain, "");
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
