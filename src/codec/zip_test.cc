#include "codec/zip.h"

#include "codec/zip_test_writer.h"

#include <gtest/gtest.h>

#include <random>

namespace scantling::codec {
namespace {

constexpr uint64_t kPlenty = uint64_t{64} << 20;

struct Listed {
  std::vector<std::string> names;
  std::vector<std::string> contents;  // "!code: text" for what could not be read
  std::string problem;
};

Listed List(std::string_view file, uint64_t max_bytes = kPlenty) {
  Listed out;
  const auto archive = ZipArchive::Open(base::AsBytes(file));
  if (!archive) {
    out.problem = archive.error().Message();
    return out;
  }
  ZipCursor cursor(*archive);
  ZipReader reader;
  ZipEntry entry;
  while (true) {
    const auto more = cursor.Next(entry);
    if (!more) {
      out.problem = more.error().Message();
      return out;
    }
    if (!*more) {
      return out;
    }
    out.names.emplace_back(entry.name);
    const auto content = reader.Read(*archive, entry, max_bytes);
    out.contents.push_back(content ? std::string(base::AsText(content->bytes))
                                   : "!" + std::string(base::ToString(content.error().code())));
  }
}

std::string Sample() {
  return ZipTestWriter()
      .Add("META-INF/", "", true)
      .Add("a.txt", std::string(3000, 'x') + "end")
      .Add("stored.bin", "plain bytes", true)
      .Add("a.txt", "the same name again")
      .Finish();
}

TEST(Zip, ListsAndReads) {
  const Listed listed = List(Sample());
  EXPECT_EQ(listed.problem, "");
  ASSERT_EQ(listed.names, (std::vector<std::string>{"META-INF/", "a.txt", "stored.bin", "a.txt"}));
  EXPECT_EQ(listed.contents[0], "");
  EXPECT_EQ(listed.contents[1], std::string(3000, 'x') + "end");
  EXPECT_EQ(listed.contents[2], "plain bytes");
  EXPECT_EQ(listed.contents[3], "the same name again");
}

TEST(Zip, BytesInFrontCommentAndBytesBehind) {
  ZipTestWriter writer;
  writer.Add("a", "content");
  for (const std::string& file :
       {writer.Finish("#!/bin/sh\nexec java -jar $0\n"), writer.Finish("", "a comment"),
        writer.Finish("x", std::string(65535, 'c')), writer.Finish() + "bytes behind"}) {
    const Listed listed = List(file);
    EXPECT_EQ(listed.problem, "");
    EXPECT_EQ(listed.contents, std::vector<std::string>{"content"});
  }
}

TEST(Zip, EndRecordInsideOfAComment) {
  // The comment holds something that looks like an empty archive; the record whose comment ends the
  // file is the true one.
  const std::string fake = ZipTestWriter().Finish();
  const Listed listed = List(ZipTestWriter().Add("a", "content").Finish("", fake + "tail"));
  EXPECT_EQ(listed.names, std::vector<std::string>{"a"});
}

TEST(Zip, Zip64) {
  const std::string file = ZipTestWriter().Add("a", "content").Finish64();
  EXPECT_EQ(List(file).contents, std::vector<std::string>{"content"});
  EXPECT_EQ(List("prefix" + file).contents, std::vector<std::string>{"content"});
}

TEST(Zip, SizesInTheZip64ExtraField) {
  std::string file = ZipTestWriter().Add("a", "content", true).Finish();
  const size_t directory = file.find("PK\x01\x02");
  std::string extra;
  ZipTestWriter::Number(extra, 1, 2);
  ZipTestWriter::Number(extra, 16, 2);
  ZipTestWriter::Number(extra, 7, 8);
  ZipTestWriter::Number(extra, 7, 8);
  file.replace(directory + 20, 8, std::string(8, '\xff'));
  file[directory + 30] = static_cast<char>(extra.size());
  file.insert(directory + 46 + 1, extra);
  const size_t end = file.rfind("PK\x05\x06");
  file[end + 12] = static_cast<char>(file[end + 12] + static_cast<char>(extra.size()));
  EXPECT_EQ(List(file).contents, std::vector<std::string>{"content"});
}

TEST(Zip, RefusesEntriesOneByOne) {
  using Entry = ZipTestWriter::Entry;
  const std::string file =
      ZipTestWriter()
          .Add(Entry{.name = "huge claim", .data = "abc", .claimed_unpacked = 0x7fffffff})
          .Add(Entry{.name = "small claim", .data = std::string(1000, 'a'), .claimed_unpacked = 10})
          .Add(Entry{
              .name = "large claim", .data = std::string(1000, 'a'), .claimed_unpacked = 1001})
          .Add(Entry{.name = "crc", .data = "abc", .claimed_crc = 1})
          .Add(Entry{.name = "stored crc", .data = "abc", .stored = true, .claimed_crc = 1})
          .Add(Entry{.name = "two sizes", .data = "abc", .stored = true, .claimed_unpacked = 9})
          .Add(Entry{.name = "encrypted", .data = "abc", .flags = 1})
          .Add(Entry{.name = "lzma", .data = "abc", .method = 14})
          .Add("good", "abc")
          .Finish();
  const Listed listed = List(file, uint64_t{4} << 30);
  EXPECT_EQ(listed.contents,
            (std::vector<std::string>{"!invalid", "!invalid", "!invalid", "!mismatch", "!mismatch",
                                      "!invalid", "!unsupported", "!unsupported", "abc"}));
}

TEST(Zip, LimitsBytes) {
  const std::string file = ZipTestWriter().Add("bomb", std::string(4 << 20, '\0')).Finish();
  EXPECT_LT(file.size(), 10'000u);
  EXPECT_EQ(List(file, 1 << 20).contents, std::vector<std::string>{"!limit"});
  EXPECT_EQ(List(file, 4 << 20).contents.at(0).size(), size_t{4} << 20);
}

TEST(Zip, NoArchive) {
  EXPECT_NE(List("").problem, "");
  EXPECT_NE(List("PK\x03\x04 and no more").problem, "");
  EXPECT_NE(List(std::string(100'000, 'P')).problem, "");
}

TEST(Zip, EveryPrefix) {
  const std::string file = Sample();
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(List(std::string(file, 0, size)).problem, "") << size;
  }
}

TEST(Zip, RandomFlips) {
  std::mt19937 random(7);
  const std::string good = Sample();
  for (int i = 0; i < 3000; ++i) {
    std::string file = good;
    for (int flips = 0; flips < 3; ++flips) {
      file[random() % file.size()] = static_cast<char>(random());
    }
    (void)List(file, 1 << 20);
  }
}

}  // namespace
}  // namespace scantling::codec
