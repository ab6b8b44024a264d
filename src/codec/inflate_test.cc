#include "codec/inflate.h"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

#include <cstring>

namespace scantling::codec {
namespace {

class TextSource : public ByteSource {
 public:
  TextSource(std::string text, size_t step) : text_(std::move(text)), step_(step) {}
  base::Result<size_t> Read(std::span<std::byte> into) override {
    const size_t count = std::min({into.size(), step_, text_.size() - at_});
    if (count != 0) {
      std::memcpy(into.data(), text_.data() + at_, count);
    }
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  size_t step_;
  size_t at_ = 0;
};

// One gzip member; with a file name of that length in its header.
std::string Gzip(std::string_view text, size_t name_size = 0) {
  std::vector<uint8_t> out(text.size() + text.size() / 8 + 1024);
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uint32_t>(text.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uint32_t>(out.size());
  EXPECT_EQ(isal_deflate(&stream), COMP_OK);
  std::string packed(reinterpret_cast<const char*>(out.data()), stream.total_out);
  if (name_size != 0) {
    packed[3] = 8;  // FNAME
    packed.insert(10, std::string(name_size, 'n') + '\0');
  }
  return packed;
}

std::string Zstd(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  if (window_log != 0) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer target{out.data(), out.size(), 0};
  // In two steps, so that the frame does not know its size.
  ZSTD_compressStream2(context, &target, &in, ZSTD_e_continue);
  EXPECT_EQ(ZSTD_compressStream2(context, &target, &in, ZSTD_e_end), 0U);
  ZSTD_freeCCtx(context);
  out.resize(target.pos);
  return out;
}

std::string Xz(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  size_t at = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<uint8_t*>(out.data()), &at, out.size()),
            LZMA_OK);
  out.resize(at);
  return out;
}

std::string Bzip2(std::string_view text) {
  std::string out(text.size() + text.size() / 100 + 1024, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

std::string Text(size_t size) {
  std::string out;
  uint32_t random = 1;
  while (out.size() < size) {
    random = random * 1664525 + 1013904223;
    out += (random >> 30) == 0 ? std::to_string(random) : "the same words again and again ";
  }
  out.resize(size);
  return out;
}

struct Unpacked {
  std::string text;
  std::string error;
  base::ErrorCode code = base::ErrorCode::kIo;
};

Unpacked Inflate(const std::string& packed, size_t in_step = SIZE_MAX, size_t out_size = 65536,
                 const base::Limits& limits = {}) {
  TextSource source(packed, in_step);
  auto inflater = MakeInflater(SniffCompression(base::AsBytes(packed)), source, limits);
  Unpacked out;
  if (!inflater) {
    out.error = inflater.error().Message();
    return out;
  }
  std::vector<std::byte> buffer(out_size);
  while (true) {
    auto count = (*inflater)->Read(buffer);
    if (!count) {
      out.error = count.error().Message();
      out.code = count.error().code();
      EXPECT_FALSE((*inflater)->Read(buffer).has_value());  // the error stays
      return out;
    }
    if (*count == 0) {
      return out;
    }
    out.text += base::AsText(base::Bytes(buffer).first(*count));
  }
}

std::string GzipPlain(std::string_view text) { return Gzip(text); }
std::string ZstdPlain(std::string_view text) { return Zstd(text); }

struct Format {
  const char* name;
  std::string (*pack)(std::string_view);
};
class InflateFormats : public ::testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(All, InflateFormats,
                         ::testing::Values(Format{"gzip", GzipPlain}, Format{"zstd", ZstdPlain},
                                           Format{"xz", Xz}, Format{"bzip2", Bzip2}),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(InflateFormats, RoundTripsInPiecesOfAnySize) {
  const std::string text = Text(100'000);
  const std::string packed = GetParam().pack(text);
  for (const size_t in_step : {size_t{1}, size_t{7}, size_t{4096}, SIZE_MAX}) {
    for (const size_t out_size : {size_t{13}, size_t{4096}, size_t{1} << 20}) {
      const Unpacked out = Inflate(packed, in_step, out_size);
      EXPECT_EQ(out.error, "");
      EXPECT_TRUE(out.text == text) << in_step << " " << out_size;
    }
  }
}

TEST_P(InflateFormats, SeveralMembersAndZeroPadding) {
  const std::string packed = GetParam().pack("one ") + GetParam().pack("") + GetParam().pack("two");
  EXPECT_EQ(Inflate(packed).text, "one two");
  EXPECT_EQ(Inflate(packed, 1, 1).text, "one two");
  const Unpacked padded = Inflate(packed + std::string(1024, '\0'));
  EXPECT_EQ(padded.text, "one two");
  EXPECT_EQ(padded.error, "");
  EXPECT_NE(Inflate(packed + "garbage behind it").error, "");
}

TEST_P(InflateFormats, EveryPrefixIsTruncated) {
  const std::string text = Text(3000);
  const std::string packed = GetParam().pack(text);
  for (size_t size = 6; size < packed.size(); ++size) {
    const Unpacked out = Inflate(packed.substr(0, size));
    EXPECT_EQ(out.code, base::ErrorCode::kTruncated)
        << size << " of " << packed.size() << ": " << out.error;
    EXPECT_TRUE(text.starts_with(out.text)) << size;
  }
}

TEST_P(InflateFormats, FlippedBitsNeverPassUnseen) {
  const std::string text = Text(2000);
  const std::string packed = GetParam().pack(text);
  size_t unseen = 0;
  for (size_t bit = 0; bit < packed.size() * 8; ++bit) {
    std::string bad = packed;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const Unpacked out = Inflate(bad);
    if (out.error.empty() && out.text != text) {
      ++unseen;
    }
  }
  EXPECT_EQ(unseen, 0U);
}

TEST(Inflate, LongNameInTheHeaderSplitAcrossReads) {
  const std::string packed = Gzip("hello", 5000);
  EXPECT_EQ(Inflate(packed, 1).text, "hello");
  EXPECT_EQ(Inflate(packed, 1000).text, "hello");
}

TEST(Inflate, WrongChecksumAndSize) {
  for (const size_t from_end : {size_t{8}, size_t{4}}) {
    std::string packed = Gzip("hello hello hello");
    packed[packed.size() - from_end] = static_cast<char>(packed[packed.size() - from_end] ^ 1);
    const Unpacked out = Inflate(packed);
    EXPECT_EQ(out.code, base::ErrorCode::kMismatch) << out.error;
  }
}

TEST(Inflate, Limits) {
  base::Limits limits;
  limits.layer_bytes = 100'000;
  const Unpacked size = Inflate(Gzip(Text(200'000)), SIZE_MAX, 65536, limits);
  EXPECT_EQ(size.code, base::ErrorCode::kLimit);
  EXPECT_NE(size.error.find("(limit layer-bytes)"), std::string::npos);
  EXPECT_LT(size.text.size(), 200'000U);
}

TEST(Inflate, RatioBomb) {
  const std::string megabyte(1 << 20, '\0');
  const std::string one = Zstd(megabyte);
  std::string bomb;
  for (int i = 0; i < 1100; ++i) {
    bomb += one;
  }
  TextSource source(bomb, SIZE_MAX);
  auto inflater = MakeInflater(Compression::kZstd, source, {});
  ASSERT_TRUE(inflater.has_value());
  std::vector<std::byte> buffer(1 << 20);
  uint64_t total = 0;
  while (true) {
    auto count = (*inflater)->Read(buffer);
    if (!count) {
      EXPECT_EQ(count.error().code(), base::ErrorCode::kLimit);
      EXPECT_NE(count.error().Message().find("(limit inflate-ratio)"), std::string::npos);
      break;
    }
    ASSERT_NE(*count, 0U);
    total += *count;
  }
  EXPECT_LE(total, (uint64_t{1} << 30) + (2 << 20));
}

TEST(Inflate, ZstdSkippableFramesAndHugeWindows) {
  std::string skippable("\x50\x2a\x4d\x18\x04\x00\x00\x00skip", 12);
  EXPECT_EQ(Inflate(skippable + Zstd("after")).text, "after");
  const Unpacked out = Inflate(Zstd(Text(3 << 20), 28));
  EXPECT_NE(out.error, "") << "a window of 256 MiB must be refused";
}

TEST(Inflate, Sniff) {
  EXPECT_EQ(SniffCompression({}), Compression::kNone);
  EXPECT_EQ(SniffCompression(base::AsBytes("\x1f")), Compression::kNone);
  EXPECT_EQ(SniffCompression(base::AsBytes("plain text")), Compression::kNone);
  EXPECT_EQ(SniffCompression(base::AsBytes("BZhello")), Compression::kNone);
}

}  // namespace
}  // namespace scantling::codec
