#include "image/layer_reader.h"

#include "image/layer_tree_builder.h"
#include "image/test_layer.h"

#include <gtest/gtest.h>
#include <zstd.h>

namespace scantling::image {
namespace {

using scantling::testing::ReadTar;
using scantling::testing::RecordingVisitor;
using scantling::testing::TarMaker;
using scantling::testing::TextSource;

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

std::string Big(size_t size) {
  std::string out;
  uint32_t random = 7;
  while (out.size() < size) {
    random = random * 1664525 + 1013904223;
    out.append(reinterpret_cast<const char*>(&random), 4);
  }
  out.resize(size);
  return out;
}

std::string Layer() {
  return TarMaker()
      .File("c1", "whole")
      .File("c-empty", "")
      .File("c-big", Big(1'500'000))
      .File("s1", Big(700'000))
      .File("s-empty", "")
      .File("h1", "MAGIC and more")
      .File("h2", "nothing of note")
      .File("h-big", "MAGIC" + Big(900'000))
      .File("h-big-not", Big(900'000))
      .File("h-empty", "")
      .File("plain", Big(50'000))
      .Take();
}

void ExpectAll(const RecordingVisitor& v) {
  EXPECT_EQ(v.whole.at("c1"), "whole");
  EXPECT_EQ(v.whole.at("c-empty"), "");
  EXPECT_TRUE(v.whole.at("c-big") == Big(1'500'000));
  EXPECT_TRUE(v.streams.at("s1") == Big(700'000) + "<END>");
  EXPECT_EQ(v.streams.at("s-empty"), "<END>");
  EXPECT_EQ(v.whole.at("h1"), "MAGIC and more");
  EXPECT_FALSE(v.whole.contains("h2"));
  EXPECT_TRUE(v.whole.at("h-big") == "MAGIC" + Big(900'000));
  EXPECT_EQ(v.heads.at("h-big-not"), Big(900'000).substr(0, kHeadBytes));
  EXPECT_EQ(v.heads.at("h-empty"), "");
  EXPECT_TRUE(v.lost.empty());
}

TEST(ReadLayer, DeliversByWantInAnyThreadsStepsAndHash) {
  const std::string tar = Layer();
  const std::string packed = Zstd(tar);
  for (const Threads threads : {Threads::kOne, Threads::kTwo}) {
    for (const size_t step : {size_t{1000}, SIZE_MAX}) {
      for (const Hash hash : {Hash::kNone, Hash::kStored, Hash::kUnpacked}) {
        for (const std::string& bytes : {tar, packed}) {
          RecordingVisitor visitor;
          const LayerResult result = ReadTar(bytes, visitor, hash, threads, step);
          EXPECT_TRUE(result.complete);
          ExpectAll(visitor);
          EXPECT_EQ(result.stored_bytes, bytes.size());
          EXPECT_EQ(result.unpacked_bytes, tar.size());
          EXPECT_EQ(result.tree.entry_count(), 11U);
          if (hash == Hash::kNone) {
            EXPECT_FALSE(result.digest.has_value());
          } else {
            ASSERT_TRUE(result.digest.has_value());
            EXPECT_EQ(*result.digest,
                      base::Sha256Of(base::AsBytes(hash == Hash::kStored ? bytes : tar)));
          }
        }
      }
    }
  }
}

TEST(ReadLayer, EveryPrefixGivesWhatWasThereAndSaysSo) {
  const std::string tar = TarMaker()
                              .File("c1", "one")
                              .File("s1", std::string(600, 's'))
                              .File("h1", "MAGIC")
                              .Folder("d")
                              .File("c2", "two")
                              .Take();
  for (const bool packed : {false, true}) {
    const std::string bytes = packed ? Zstd(tar) : tar;
    for (size_t size = 0; size < bytes.size(); ++size) {
      RecordingVisitor visitor;
      const LayerResult result = ReadTar(bytes.substr(0, size), visitor, Hash::kStored,
                                         size % 2 == 0 ? Threads::kOne : Threads::kTwo);
      EXPECT_EQ(*result.digest,
                base::Sha256Of(base::AsBytes(std::string_view(bytes).substr(0, size))));
      EXPECT_EQ(result.complete, result.diagnostics.empty());
      if (visitor.whole.contains("c2")) {
        EXPECT_EQ(visitor.whole["c2"], "two");
      }
      if (packed && size > 4) {
        EXPECT_FALSE(result.complete) << size;
      }
      // A stream that began is ended by its last chunk or by OnLost.
      for (const auto& [path, text] : visitor.streams) {
        EXPECT_TRUE(text.ends_with("<END>") || visitor.lost.contains(path)) << size;
      }
    }
  }
}

TEST(ReadLayer, GarbageIsADiagnosticAndStillHashed) {
  const std::string garbage = Big(3'000'000);
  for (const Threads threads : {Threads::kOne, Threads::kTwo}) {
    RecordingVisitor visitor;
    const LayerResult result = ReadTar(garbage, visitor, Hash::kUnpacked, threads);
    EXPECT_FALSE(result.complete);
    ASSERT_EQ(result.diagnostics.size(), 1U);
    EXPECT_EQ(*result.digest, base::Sha256Of(base::AsBytes(garbage)));
    const LayerResult packed = ReadTar(Zstd(garbage), visitor, Hash::kStored, threads);
    EXPECT_FALSE(packed.complete);
    EXPECT_EQ(*packed.digest, base::Sha256Of(base::AsBytes(Zstd(garbage))));
  }
}

TEST(ReadLayer, Limits) {
  base::Limits limits;
  limits.file_bytes = 1000;
  limits.path_bytes = 40;
  limits.path_depth = 3;
  limits.image_entries = 6;
  const std::string tar = TarMaker()
                              .File("c-large", std::string(2000, 'x'))
                              .File("s-large", std::string(2000, 'x'))
                              .File(std::string(50, 'c'), "x")
                              .File("a/b/c/c9", "too deep")
                              .File("c2", "fine")
                              .File("c3", "fine")
                              .File("c4", "one too many")
                              .Take();
  RecordingVisitor visitor;
  const LayerResult result = ReadTar(tar, visitor, Hash::kStored, Threads::kOne, SIZE_MAX, limits);
  EXPECT_FALSE(result.complete);
  EXPECT_TRUE(visitor.lost.at("c-large").find("(limit file-bytes)") != std::string::npos);
  EXPECT_EQ(visitor.streams.at("s-large").size(), 2005U);  // nothing is kept of a stream
  EXPECT_EQ(visitor.whole.at("c3"), "fine");
  EXPECT_FALSE(visitor.whole.contains("c4"));
  std::vector<std::string> codes;
  for (const model::Diagnostic& diagnostic : result.diagnostics) {
    codes.push_back(diagnostic.code);
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"limit.path-bytes", "limit.path-depth",
                                             "limit.image-entries"}));
}

TEST(ReadLayer, ASparseFileThatLiesAboutItsSize) {
  TarMaker tar;
  const std::string pax = TarMaker::PaxRecord("GNU.sparse.size", "4000000000000000000") +
                          TarMaker::PaxRecord("GNU.sparse.map", "0,1");
  for (const char* name : {"c1", "s1", "h1"}) {
    tar.Entry('x', "pax", "", pax, pax.size(), 0644).Entry('0', name, "", "M", 1, 0644);
  }
  RecordingVisitor visitor;
  const LayerResult result = ReadTar(tar.Take(), visitor);
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(visitor.lost.size(), 2U);
  EXPECT_EQ(visitor.heads.at("h1").size(), kHeadBytes);
}

class FailingSource : public codec::ByteSource {
 public:
  base::Result<size_t> Read(std::span<std::byte> into) override {
    if (++reads_ > 3) {
      return base::Error(base::ErrorCode::kIo, "the disk is gone");
    }
    std::fill(into.begin(), into.end(), std::byte{0});
    return into.size();
  }

 private:
  int reads_ = 0;
};

TEST(ReadLayer, AReadErrorIsAnError) {
  for (const Threads threads : {Threads::kOne, Threads::kTwo}) {
    FailingSource source;
    RecordingVisitor visitor;
    const auto result = ReadLayer(source, {Hash::kStored, threads}, {}, visitor);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code(), base::ErrorCode::kIo);
  }
}

TEST(LayerTree, ManyFiles) {
  TarMaker tar;
  for (int i = 0; i < 3000; ++i) {
    tar.File("d" + std::to_string(i % 50) + "/f" + std::to_string(i), "");
  }
  RecordingVisitor visitor;
  const LayerResult result = ReadTar(tar.Take(), visitor);
  ASSERT_EQ(result.tree.folders().size(), 51U);
  EXPECT_EQ(result.tree.plain_files(1).size(), 60U);
  EXPECT_EQ(result.tree.FolderPath(7), "d6");
  EXPECT_EQ(PathHash("d6/f6"), CombineHash(FolderHash("d6"), NameHash("f6")));
}

// A name that comes again and again, as file, folder, and with files below it: quick (a chain of
// dead entries would take minutes), and the last one wins.
TEST(LayerTree, DoublesOfOneName) {
  for (const uint32_t count : {200'000U, 200'001U}) {
    LayerTreeBuilder builder;
    for (uint32_t i = 0; i < count; ++i) {
      ASSERT_TRUE(i % 2 == 0 ? builder.AddClaimed("a/b", i) : builder.AddFolder("a/b"));
      if (i % 2 != 0) {
        ASSERT_TRUE(builder.AddClaimed("a/b/c/d", i));
        ASSERT_TRUE(builder.AddPlain("a/b/c/e"));
      }
    }
    const LayerTree tree = std::move(builder).Finish(count);
    ASSERT_EQ(tree.nodes().size(), 1U);
    const LayerTree::Node& node = tree.nodes()[0];
    EXPECT_EQ(node.claim, count - 1);
    if (count % 2 != 0) {
      EXPECT_EQ(node.name, "b");
      EXPECT_EQ(tree.folders().size(), 2U);
    } else {
      EXPECT_EQ(tree.FolderPath(node.folder), "a/b/c");
      EXPECT_EQ(node.name, "d");
      EXPECT_EQ(tree.folders().size(), 4U);
      EXPECT_EQ(tree.plain_files(node.folder).size(), 1U);
    }
  }
}

TEST(LayerTree, ParseOfDamagedBytes) {
  RecordingVisitor visitor;
  const LayerTree tree = ReadTar(TarMaker()
                                     .File("a/c1", "1")
                                     .Symlink("l", "a")
                                     .File("l/x/y", "1")
                                     .Hardlink("h", "a/c1")
                                     .File("a/.wh.gone", "")
                                     .File("b/.wh..wh..opq", "")
                                     .File("b/p1", "")
                                     .File("b/p2", "")
                                     .Take(),
                                 visitor)
                             .tree;
  const std::string bytes = tree.Serialize();
  ASSERT_TRUE(LayerTree::Parse(base::AsBytes(bytes)).has_value());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(
        LayerTree::Parse(base::AsBytes(std::string_view(bytes).substr(0, size))).has_value())
        << size;
  }
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {1, 0x80, 0xff}) {
      std::string bad = bytes;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      if (auto parsed = LayerTree::Parse(base::AsBytes(bad))) {
        EXPECT_EQ(parsed->Serialize(), bad);
      }
    }
  }
  EXPECT_TRUE(LayerTree::Parse(base::AsBytes(LayerTree().Serialize())).has_value());
}

}  // namespace
}  // namespace scantling::image
