// Tests of the small things that every room stands on.
#include "base/base64.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/parallel.h"
#include "base/reader.h"
#include "base/result.h"
#include "base/strings.h"
#include "base/time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace scantling::base {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) {
    return Invalid(std::to_string(value) + " is odd");
  }
  return value / 2;
}
Result<int> Quarter(int value) {
  SCANTLING_TRY(const int half, Half(value));
  return Half(half).With("second half");
}

TEST(Result, IsTwoWordsAndCarriesContext) {
  static_assert(sizeof(Result<int>) == 16);
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(3).error().Message(), "3 is odd");
  EXPECT_EQ(Quarter(6).error().Message(), "second half: 3 is odd");
  EXPECT_EQ(std::move(Invalid("x")).With("inner").With("outer").Message(), "outer: inner: x");
}

TEST(Reader, NeverLeavesItsBytes) {
  const std::string bytes("\x01\x02\x03\x04\x05", 5);
  Reader in(AsBytes(bytes));
  EXPECT_EQ(*in.Little<uint16_t>(), 0x0201);
  EXPECT_EQ(*in.Big<uint16_t>(), 0x0304);
  EXPECT_FALSE(in.Big<uint16_t>().has_value());
  EXPECT_EQ(in.offset(), 4U);
  EXPECT_FALSE(in.At(UINT64_MAX, 2).has_value());
  EXPECT_FALSE(in.At(2, UINT64_MAX).has_value());
  EXPECT_FALSE(in.Seek(6).has_value());
  EXPECT_TRUE(in.Seek(5).has_value());
  EXPECT_TRUE(in.AtEnd());
}

TEST(Base64, IsReadAndWritten) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("user:pass"), std::string("\0\xff\x80", 3)}) {
    EXPECT_EQ(DecodeBase64(EncodeBase64(text)), text);
  }
  EXPECT_EQ(EncodeBase64("user:pass"), "dXNlcjpwYXNz");
  EXPECT_EQ(DecodeBase64("dXNlcg"), "user");
  EXPECT_EQ(DecodeBase64("dXNlcg=="), "user");
  EXPECT_EQ(DecodeBase64("d"), std::nullopt);
  EXPECT_EQ(DecodeBase64("d*=="), std::nullopt);
}

TEST(Time, ReadsAndWritesDates) {
  EXPECT_EQ(FormatTime(*ParseTime("2024-04-17T18:15:15Z")), "2024-04-17T18:15:15Z");
  EXPECT_EQ(FormatTime(*ParseTime("2024-04-17T18:15:15.123+02:00")), "2024-04-17T16:15:15Z");
  EXPECT_EQ(FormatTime(*ParseTime("2021-08-31T00:00:00+0000")), "2021-08-31T00:00:00Z");
  EXPECT_EQ(FormatDate(*ParseTime("1969-12-31")), "1969-12-31");
  EXPECT_EQ(FormatDate(*ParseTime("2024-02-29")), "2024-02-29");
  EXPECT_EQ(FormatDate(*ParseTime("0001-01-01")), "0001-01-01");
  EXPECT_EQ(FormatDate(*ParseTime("9999-12-31")), "9999-12-31");
  EXPECT_EQ(FormatDate(*ParseTime("9999-12-31") + kSecondsPerDay), "10000-01-01");
  for (const char* bad :
       {"", "2024", "2023-02-29", "2024-13-01", "2024-04-17T", "2024-04-17T25:00:00Z",
        "2024-04-17T18:15:15X", "2024-04-17T18:15:15.", "20240417"}) {
    EXPECT_FALSE(ParseTime(bad).has_value()) << bad;
  }
  EXPECT_EQ(FormatHeaderTime(*ParseTime("2026-11-24T18:10:36Z"), "GMT"),
            "Tue, 24 Nov 2026 18:10:36 GMT");
  EXPECT_EQ(FormatHeaderTime(0, "+0000"), "Thu, 01 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(FormatHeaderTime(-1, "GMT"), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(Digest, KnownValuesAndText) {
  const std::string empty =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  EXPECT_EQ(Sha256Of({}).ToString(), empty);
  EXPECT_EQ(Digest::Parse(empty)->ToString(), empty);
  EXPECT_FALSE(Digest::Parse("sha256:E3").has_value());
  EXPECT_FALSE(Digest::Parse("sha512:" + empty.substr(7)).has_value());
  Sha256 parts;
  parts.Update(AsBytes("ab"));
  parts.Update(AsBytes("c"));
  EXPECT_EQ(parts.Finish(), Sha256Of(AsBytes("abc")));
}

TEST(Strings, MakesUtf8Valid) {
  EXPECT_EQ(ToUtf8("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(ToUtf8("a\xFF"
                   "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(ToUtf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a lone surrogate
  EXPECT_EQ(ToUtf8("\xC3"), "\xEF\xBF\xBD");
}

TEST(Strings, NearestName) {
  const std::vector<std::string> names = {"format", "output"};
  EXPECT_EQ(Nearest("fromat", names), "format");
  EXPECT_EQ(Nearest("outptu", names), "output");
  EXPECT_EQ(Nearest("zzzzzz", names), "");
  EXPECT_EQ(Nearest("ci", std::vector<std::string>{"db"}), "");
  EXPECT_EQ(Nearest(std::string(65, 'x'), std::vector<std::string>{std::string(65, 'x')}), "");
}

TEST(Limits, EveryMemberIsInTheTable) {
  EXPECT_EQ(LimitTable().size(), sizeof(Limits) / sizeof(uint64_t));
}

TEST(Parallel, EachItemOnceAndInAscendingOrderForEachWorker) {
  for (const size_t workers : {1, 2, 5}) {
    std::vector<std::atomic<int>> done(1'000);
    std::vector<size_t> last(workers, 0);
    std::atomic<bool> ascending = true;
    Share(done.size(), workers, [&](size_t worker, size_t i) {
      ++done[i];
      ascending = ascending && (last[worker] <= i);
      last[worker] = i;
    });
    EXPECT_TRUE(ascending);
    EXPECT_TRUE(
        std::all_of(done.begin(), done.end(), [](const auto& count) { return count == 1; }));
  }
  Share(0, 3, [](size_t, size_t) { FAIL(); });
  EXPECT_EQ(WorkersFor(0, 100, 4), 1U);
  EXPECT_EQ(WorkersFor(250, 100, 4), 2U);
  EXPECT_EQ(WorkersFor(1'000, 100, 4), 4U);
  EXPECT_EQ(WorkersFor(1'000, 100, 0), 1U);
}

TEST(File, ReplacedByRename) {
  const std::string folder = ::testing::TempDir() + "/scantling-file-test";
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/f";
  ASSERT_TRUE(WriteFileByRename(path, AsBytes("old")).has_value());
  auto mapped = MappedFile::Open(path);
  ASSERT_TRUE(mapped.has_value());
  ASSERT_TRUE(WriteFileByRename(path, AsBytes("new!")).has_value());
  EXPECT_EQ(AsText(mapped->bytes()), "old");
  EXPECT_EQ(*ReadFile(path, 100), "new!");
  EXPECT_EQ(ReadFile(path, 3).error().code(), ErrorCode::kLimit);
  EXPECT_EQ(ReadFile(folder + "/none", 3).error().code(), ErrorCode::kNotFound);
  EXPECT_FALSE(ReadFile(folder, 3).has_value());
  EXPECT_FALSE(ReadFile("/proc/self/status", 1 << 20)->empty()) << "a file without a size";
  EXPECT_EQ(ReadFile("/proc/self/status", 10).error().code(), ErrorCode::kLimit);
  for (const size_t size : {size_t{0}, size_t{15}, size_t{16}, size_t{65'536}, size_t{70'001}}) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      text.push_back(static_cast<char>(i * 7));
    }
    ASSERT_TRUE(WriteFileByRename(path, AsBytes(text), Durability::kDisposable).has_value());
    EXPECT_EQ(*ReadFile(path, size), text);
  }
  size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) {
    ++entries;
  }
  EXPECT_EQ(entries, 1U) << "no temporary file stays behind";
  // A device is written to and stays what it is (through a link, so that a mistake costs the link).
  const std::string device = folder + "/null";
  std::filesystem::create_symlink("/dev/null", device);
  ASSERT_TRUE(WriteFileByRename(device, AsBytes("gone")).has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(device));
  EXPECT_TRUE(std::filesystem::is_character_file(device));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace scantling::base
