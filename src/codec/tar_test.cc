#include "codec/tar.h"

#include "codec/test_tar.h"

#include <gtest/gtest.h>

namespace scantling::codec {
namespace {

using scantling::testing::TarMaker;

class Recorder : public TarHandler {
 public:
  bool OnEntry(const TarEntry& entry) override {
    static constexpr std::string_view kKinds = "FHSDO";
    text += kKinds[static_cast<size_t>(entry.kind)];
    text += " " + std::string(entry.path);
    if (!entry.target.empty()) {
      text += " -> " + std::string(entry.target);
    }
    if (entry.kind == TarKind::kFile) {
      text += " " + std::to_string(entry.size) + (entry.sparse ? " sparse" : "");
    }
    text += "\n";
    data.clear();
    return want;
  }
  bool OnData(uint64_t offset, base::Bytes bytes) override {
    EXPECT_EQ(offset, data.size());
    data += base::AsText(bytes);
    return true;
  }
  void OnEntryEnd() override { text += "  \"" + data + "\"\n"; }

  bool want = true;
  std::string text;
  std::string data;
};

std::string Walk(const std::string& tar, size_t step = SIZE_MAX, bool want = true) {
  Recorder recorder;
  recorder.want = want;
  TarWalker walker(recorder);
  for (size_t at = 0; at < tar.size(); at += std::min(step, tar.size() - at)) {
    const auto fed = walker.Feed(
        base::AsBytes(std::string_view(tar).substr(at, std::min(step, tar.size() - at))));
    if (!fed) {
      return recorder.text + "ERROR " + fed.error().Message();
    }
  }
  const auto end = walker.Finish();
  return recorder.text + (end ? "" : "ERROR " + end.error().Message());
}

// Entries of all kinds.
std::string Everything() {
  TarMaker tar;
  tar.Pax("comment", "of all", 'g')
      .File("a/file", "hello")
      .Folder("a/folder/")
      .Symlink("a/link", "file")
      .Hardlink("a/hard", "a/file");
  tar.Pax("path", std::string(300, 'p')).File("short", "x");
  tar.Pax("linkpath", std::string(300, 'l')).Symlink("s", "short");
  tar.Entry('L', "././@LongLink", "", std::string(200, 'n') + '\0', 201, 0644)
      .File("cut", "long name");
  tar.Entry('K', "././@LongLink", "", std::string(200, 'k') + '\0', 201, 0644).Symlink("to", "cut");
  tar.Entry('3', "dev", "", "", 0, 0644)
      .Entry('7', "contiguous", "", "data", 4, 0644)
      .File("empty", "");
  return tar.Take();
}

TEST(Tar, EntriesOfAllKinds) {
  const std::string want =
      "F a/file 5\n  \"hello\"\nD a/folder/\n  \"\"\nS a/link -> file\n  \"\"\nH a/hard -> "
      "a/file\n  \"\"\n"
      "F " +
      std::string(300, 'p') + " 1\n  \"x\"\nS s -> " + std::string(300, 'l') +
      "\n  \"\"\n"
      "F " +
      std::string(200, 'n') + " 9\n  \"long name\"\nS to -> " + std::string(200, 'k') +
      "\n  \"\"\n"
      "O dev\n  \"\"\nF contiguous 4\n  \"data\"\nF empty 0\n  \"\"\n";
  for (const size_t step :
       {size_t{1}, size_t{100}, size_t{511}, size_t{512}, size_t{513}, SIZE_MAX}) {
    EXPECT_EQ(Walk(Everything(), step), want) << step;
  }
}

TEST(Tar, EveryPrefix) {
  const std::string tar = Everything();
  const std::string whole = Walk(tar, SIZE_MAX, false);
  for (size_t size = 0; size < tar.size(); ++size) {
    const std::string text = Walk(tar.substr(0, size), SIZE_MAX, false);
    const size_t error = text.find("ERROR");
    EXPECT_TRUE(whole.starts_with(text.substr(0, error))) << size;
    if (error != std::string::npos) {
      EXPECT_NE(text.find("the tar ends"), std::string::npos) << size << text;
    }
  }
}

TEST(Tar, EveryFlippedByteEndsWell) {
  const std::string tar = Everything();
  for (size_t at = 0; at < tar.size(); ++at) {
    std::string bad = tar;
    bad[at] = static_cast<char>(bad[at] ^ 0x91);
    static_cast<void>(Walk(bad, 700));
  }
}

TEST(Tar, ABadChecksumEndsTheWalk) {
  std::string tar = TarMaker().File("good", "1").File("bad", "2").Take();
  tar[1024 + 1] ^= 1;
  EXPECT_EQ(Walk(tar).substr(0, 20), "F good 1\n  \"1\"\nERROR");
  EXPECT_NE(Walk(tar).find("checksum"), std::string::npos);
}

TEST(Tar, TrailingZerosMissingEndAndBytesAfterTheEnd) {
  const TarMaker tar = TarMaker().File("f", "1");
  const std::string want = "F f 1\n  \"1\"\n";
  EXPECT_EQ(Walk(tar.WithoutEnd()), want);
  EXPECT_EQ(Walk(tar.WithoutEnd() + std::string(512, '\0')), want);
  EXPECT_EQ(Walk(tar.Take() + std::string(10240, '\0')), want);
  EXPECT_EQ(Walk(tar.Take() + std::string(1000, 'x')), want);
  EXPECT_EQ(Walk(tar.WithoutEnd() + std::string(512, '\0') + tar.Take()),
            want + want);  // one zero block between
  EXPECT_EQ(Walk(""), "");
}

TEST(Tar, Base256AndPaxSizes) {
  std::string header = TarMaker::Header('0', "big", "", 0, 0644);
  header.replace(124, 12, std::string("\x80\0\0\0\0\0\0\0\0\0\0\x03", 12));
  TarMaker tar;
  tar.Append(TarMaker::WithChecksum(header)).Raw("abc");
  EXPECT_EQ(Walk(tar.Take()), "F big 3\n  \"abc\"\n");

  header.replace(124, 12, std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12));
  EXPECT_NE(Walk(TarMaker::WithChecksum(header)).find("negative"), std::string::npos);
  header.replace(124, 12, std::string("\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12));
  EXPECT_NE(Walk(TarMaker::WithChecksum(header)).find("too large"), std::string::npos);

  TarMaker pax;
  pax.Pax("size", "3").Entry('0', "p", "", "xyz", 0, 0644).File("next", "n");
  EXPECT_EQ(Walk(pax.Take()), "F p 3\n  \"xyz\"\nF next 1\n  \"n\"\n");
}

TEST(Tar, LinksWithASizeHaveNoData) {
  TarMaker tar;
  tar.Entry('2', "l", "t", "", 1000, 0644).Entry('1', "h", "t", "", 1000, 0644).File("f", "1");
  EXPECT_EQ(Walk(tar.Take()), "S l -> t\n  \"\"\nH h -> t\n  \"\"\nF f 1\n  \"1\"\n");
}

TEST(Tar, PrefixOfUstarAndFoldersOfV7) {
  std::string header = TarMaker::Header('0', "name", "", 0, 0644);
  header.replace(345, 10, "some/where");
  EXPECT_EQ(Walk(TarMaker::WithChecksum(header)), "F some/where/name 0\n  \"\"\n");
  std::string folder = TarMaker::Header('\0', "old/", "", 0, 0755);
  folder.replace(257, 8, std::string(8, '\0'));
  EXPECT_EQ(Walk(TarMaker::WithChecksum(folder)), "D old/\n  \"\"\n");
}

TEST(Tar, OldGnuSparse) {
  std::string header = TarMaker::Header('S', "sparse", "", 6, 0644);
  header.replace(386, 11, TarMaker::Octal(2, 11));
  header.replace(398, 11, TarMaker::Octal(3, 11));
  header.replace(410, 11, TarMaker::Octal(8, 11));
  header.replace(422, 11, TarMaker::Octal(2, 11));
  header[482] = 1;
  header.replace(483, 11, TarMaker::Octal(12, 11));
  std::string more(512, '\0');
  more.replace(0, 11, TarMaker::Octal(10, 11));
  more.replace(12, 11, TarMaker::Octal(1, 11));
  TarMaker tar;
  tar.Append(TarMaker::WithChecksum(header)).Append(more).Raw("abcdef").File("next", "n");
  const std::string want = std::string("F sparse 12 sparse\n  \"") +
                           std::string("\0\0abc\0\0\0def\0", 12) + "\"\nF next 1\n  \"n\"\n";
  EXPECT_EQ(Walk(tar.Take()), want);
  EXPECT_EQ(Walk(tar.Take(), 1), want);
}

TEST(Tar, PaxSparseOfAllVersions) {
  const std::string want =
      std::string("F real 8 sparse\n  \"") + std::string("\0\0ab\0\0c\0", 8) + "\"\n";
  const auto records = [](std::initializer_list<std::pair<const char*, const char*>> list) {
    std::string out;
    for (const auto& [key, value] : list) {
      out += TarMaker::PaxRecord(key, value);
    }
    return out;
  };
  const auto make = [](const std::string& pax, const std::string& data) {
    TarMaker tar;
    tar.Entry('x', "pax", "", pax, pax.size(), 0644)
        .Entry('0', "real", "", data, data.size(), 0644);
    return tar.Take();
  };
  EXPECT_EQ(Walk(make(records({{"GNU.sparse.size", "8"},
                               {"GNU.sparse.numblocks", "2"},
                               {"GNU.sparse.offset", "2"},
                               {"GNU.sparse.numbytes", "2"},
                               {"GNU.sparse.offset", "6"},
                               {"GNU.sparse.numbytes", "1"}}),
                      "abc")),
            want);
  EXPECT_EQ(Walk(make(records({{"GNU.sparse.size", "8"},
                               {"GNU.sparse.map", "2,2,6,1"},
                               {"GNU.sparse.name", "real"}}),
                      "abc")),
            want);
  std::string map = "2\n2\n2\n6\n1\n";
  map.resize(512);
  EXPECT_EQ(Walk(make(records({{"GNU.sparse.major", "1"},
                               {"GNU.sparse.minor", "0"},
                               {"GNU.sparse.name", "real"},
                               {"GNU.sparse.realsize", "8"}}),
                      map + "abc")),
            want);
}

TEST(Tar, LyingSparseMaps) {
  for (const char* map : {"2,2,6,9", "6,1,2,2", "2,2", "2,2,6", "x", "18446744073709551615,2,1,1",
                          "2,18446744073709551615"}) {
    TarMaker tar;
    const std::string pax =
        TarMaker::PaxRecord("GNU.sparse.size", "8") + TarMaker::PaxRecord("GNU.sparse.map", map);
    tar.Entry('x', "pax", "", pax, pax.size(), 0644).Entry('0', "f", "", "abc", 3, 0644);
    EXPECT_NE(Walk(tar.Take()).find("ERROR"), std::string::npos) << map;
  }
}

TEST(Tar, MalformedPaxRecords) {
  for (const char* pax :
       {"5 a=b", "99 path=x\n", "x path=y\n", "8 path=\n\n", "0 \n", "6 path\n", "4 =\n"}) {
    TarMaker tar;
    tar.Entry('x', "pax", "", pax, std::string_view(pax).size(), 0644).File("f", "1");
    EXPECT_NE(Walk(tar.Take()).find("ERROR"), std::string::npos) << pax;
  }
}

TEST(Tar, SkippingInsteadOfFeeding) {
  const std::string tar =
      TarMaker().File("a", std::string(5000, 'a')).File("b", "bb").Folder("c").Take();
  Recorder recorder;
  recorder.want = false;
  TarWalker walker(recorder);
  while (!walker.at_end() && walker.position() < tar.size()) {
    ASSERT_TRUE(walker.Feed(base::AsBytes(std::string_view(tar).substr(walker.position(), 512)))
                    .has_value());
    walker.Skip(walker.Skippable());
  }
  EXPECT_TRUE(walker.Finish().has_value());
  EXPECT_EQ(recorder.text, "F a 5000\nF b 2\nD c\n");
}

}  // namespace
}  // namespace scantling::codec
