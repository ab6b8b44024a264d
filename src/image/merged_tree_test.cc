#include "image/merged_tree.h"

#include "image/test_layer.h"

#include <gtest/gtest.h>

namespace scantling::image {
namespace {

using scantling::testing::ReadTar;
using scantling::testing::RecordingVisitor;
using scantling::testing::TarMaker;

// Files whose name begins with "c" are claimed. The text says per line: path, layer of the bytes,
// stored path; "?" for hard links to unclaimed files.
class Layers {
 public:
  Layers& Add(const TarMaker& tar) {
    RecordingVisitor visitor;
    LayerResult result = ReadTar(tar.Take(), visitor);
    EXPECT_TRUE(result.complete);
    // What goes into the cache and comes out must be the same tree.
    const std::string bytes = result.tree.Serialize();
    auto parsed = LayerTree::Parse(base::AsBytes(bytes));
    EXPECT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->Serialize(), bytes);
    trees_.push_back(std::move(*parsed));
    claims_.push_back(visitor.claims);
    return *this;
  }
  MergedTree Merge() const {
    std::vector<const LayerTree*> trees;
    for (const LayerTree& tree : trees_) {
      trees.push_back(&tree);
    }
    return MergedTree::Build(trees);
  }
  std::string Text() const {
    const MergedTree tree = Merge();
    std::string out;
    for (const MergedTree::File& file : tree.files()) {
      EXPECT_EQ(claims_[file.layer][file.claim], file.stored_path);
      out += file.path + " " + std::to_string(file.layer) +
             (file.stored_path == file.path ? "" : " " + file.stored_path) +
             (file.link_layer == file.layer ? "" : " link " + std::to_string(file.link_layer)) +
             "\n";
    }
    for (const MergedTree::UnclaimedLink& link : tree.unclaimed_links()) {
      out += link.path + " ? " + std::to_string(link.layer) + " " + link.target_path + "\n";
    }
    return out;
  }

 private:
  std::vector<LayerTree> trees_;
  std::vector<std::vector<std::string>> claims_;
};

TEST(MergedTree, UpperLayersReplaceAndWhiteoutsRemove) {
  Layers l;
  l.Add(TarMaker().File("a/c1", "1").File("a/c2", "1").File("a/c3", "1").File("b/c1", "1"));
  l.Add(TarMaker().File("a/c1", "2").File("a/.wh.c2", "").File(".wh.b", ""));
  EXPECT_EQ(l.Text(), "a/c1 1\na/c3 0\n");
  EXPECT_EQ(l.Merge().Resolve("a/c2").kind, MergedTree::Kind::kMissing);
  EXPECT_EQ(l.Merge().Resolve("b").kind, MergedTree::Kind::kMissing);
}

TEST(MergedTree, WhiteoutsHideLowerLayersOnlyInAnyOrder) {
  for (const bool before : {true, false}) {
    Layers l;
    l.Add(TarMaker().File("d/c1", "1").File("d/e/c2", "1").File("c9", "1"));
    TarMaker top;
    if (before) {
      top.File(".wh.d", "").File(".wh.c9", "");
    }
    top.File("c9", "2").Folder("d").File("d/c3", "2").Folder("d/e").File("d/e/c4", "2");
    if (!before) {
      top.File(".wh.d", "").File(".wh.c9", "");
    }
    l.Add(top);
    EXPECT_EQ(l.Text(), "c9 1\nd/c3 1\nd/e/c4 1\n") << before;
  }
}

TEST(MergedTree, OpaqueFolders) {
  for (const bool before : {true, false}) {
    Layers l;
    l.Add(TarMaker().File("d/c1", "1").File("d/e/c2", "1").File("d/plain", "1"));
    TarMaker top;
    top.Folder("d");
    if (before) {
      top.File("d/.wh..wh..opq", "");
    }
    top.File("d/c3", "2").File("d/e/c4", "2");
    if (!before) {
      top.File("d/.wh..wh..opq", "");
    }
    l.Add(top);
    EXPECT_EQ(l.Text(), "d/c3 1\nd/e/c4 1\n") << before;
    EXPECT_EQ(l.Merge().Resolve("d/plain").kind, MergedTree::Kind::kMissing);
  }
}

TEST(MergedTree, ParentsThatAreLinks) {
  Layers l;
  l.Add(TarMaker()
            .Folder("usr")
            .Folder("usr/lib")
            .Symlink("lib", "usr/lib")
            .File("usr/lib/c1", "1")
            .Symlink("abs", "/usr/lib"));
  l.Add(TarMaker().File("lib/c1", "2").File("abs/c2", "2").File("lib/x/c3", "2"));
  l.Add(TarMaker().File("lib/.wh.c2", ""));
  EXPECT_EQ(l.Text(), "usr/lib/c1 1 lib/c1\nusr/lib/x/c3 1 lib/x/c3\n");
}

TEST(MergedTree, LinksOfTheSameLayer) {
  Layers l;
  l.Add(TarMaker()
            .Symlink("lib", "usr/lib")
            .File("lib/c1", "1"));  // a dangling link: its target is made
  l.Add(TarMaker().File("usr/lib/c2", "2"));
  EXPECT_EQ(l.Text(), "usr/lib/c1 0 lib/c1\nusr/lib/c2 1\n");
  EXPECT_EQ(l.Merge().Resolve("lib/c2").path, "usr/lib/c2");
}

TEST(MergedTree, LinksOutOfTheRootStayInside) {
  Layers l;
  l.Add(TarMaker()
            .Symlink("out", "../../../etc")
            .Folder("etc")
            .File("out/c1", "1")
            .File("../../c2", "1")
            .File("/etc/c3", "1"));
  EXPECT_EQ(l.Text(), "c2 0\netc/c1 0 out/c1\netc/c3 0\n");
}

TEST(MergedTree, LoopsEnd) {
  Layers l;
  l.Add(TarMaker().Symlink("a", "b").Symlink("b", "a").Symlink("self", "self/self"));
  EXPECT_EQ(l.Merge().Resolve("a").kind, MergedTree::Kind::kLoop);
  EXPECT_EQ(l.Merge().Resolve("a/x").kind, MergedTree::Kind::kLoop);
  EXPECT_EQ(l.Merge().Resolve("self").kind, MergedTree::Kind::kLoop);
  l.Add(TarMaker().File("a/c1", "2"));
  EXPECT_EQ(l.Text(), "a/c1 1\n");
}

TEST(MergedTree, FolderReplacedByLinkAndTheReverse) {
  Layers l;
  l.Add(TarMaker().Folder("d").File("d/c1", "1").Folder("other").File("other/c2", "1"));
  l.Add(TarMaker().Symlink("d", "other"));
  EXPECT_EQ(l.Text(), "other/c2 0\n");
  EXPECT_EQ(l.Merge().Resolve("d/c2").path, "other/c2");
  l.Add(TarMaker().Folder("d").File("d/c3", "3"));
  EXPECT_EQ(l.Text(), "d/c3 2\nother/c2 0\n");
  l.Add(TarMaker().File("other", "a plain file now"));
  EXPECT_EQ(l.Text(), "d/c3 2\n");
  EXPECT_EQ(l.Merge().Resolve("other").kind, MergedTree::Kind::kUnclaimed);
}

TEST(MergedTree, HardLinks) {
  Layers l;
  l.Add(TarMaker().File("c1", "1").File("plain", "1").Symlink("link", "c1").File("gone", "1"));
  l.Add(TarMaker()
            .Hardlink("ch", "c1")
            .Hardlink("p", "plain")
            .Hardlink("s", "link")
            .Hardlink("pp", "p")
            .Hardlink("none", "missing")
            .File("c1", "2")
            .Hardlink("after", "/c1")
            .Hardlink("gone", "missing"));
  EXPECT_EQ(l.Text(), "after 1 c1\nc1 1\nch 0 c1 link 1\np ? 0 plain\npp ? 0 plain\n");
  EXPECT_EQ(l.Merge().Resolve("s").path, "c1");
  EXPECT_EQ(l.Merge().Resolve("gone").kind, MergedTree::Kind::kMissing);
}

TEST(MergedTree, HardLinkTakesTheContentOfItsMoment) {
  Layers l;
  l.Add(TarMaker().File("c1", "1").File("plain", "1").Symlink("link", "c1"));
  l.Add(TarMaker().Hardlink("x/h", "c1").Hardlink("x/p", "plain").Hardlink("x/s", "link"));
  l.Add(TarMaker().File("c1", "3").File(".wh.plain", ""));
  EXPECT_EQ(l.Text(), "c1 2\nx/h 0 c1 link 1\nx/p ? 0 plain\n");
  EXPECT_EQ(l.Merge().Resolve("x/p").kind, MergedTree::Kind::kUnclaimed);
  EXPECT_EQ(l.Merge().Resolve("x/s").kind, MergedTree::Kind::kMissing);  // a link "c1" in x
}

TEST(MergedTree, UnclaimedFilesAreAnsweredFor) {
  Layers l;
  l.Add(TarMaker().File("bin/sh", "1").File("bin/ls", "1").Symlink("bin/bash", "sh"));
  l.Add(TarMaker().File("bin/ls", "2").File("bin/.wh.sh", ""));
  const MergedTree tree = l.Merge();
  EXPECT_EQ(tree.Resolve("bin/sh").kind, MergedTree::Kind::kMissing);
  EXPECT_EQ(tree.Resolve("bin/bash").kind, MergedTree::Kind::kMissing);
  const MergedTree::Lookup ls = tree.Resolve("/bin/../bin/./ls");
  EXPECT_EQ(ls.kind, MergedTree::Kind::kUnclaimed);
  EXPECT_EQ(ls.layer, 1U);
  EXPECT_EQ(ls.path, "bin/ls");
  EXPECT_EQ(tree.Resolve("bin").kind, MergedTree::Kind::kFolder);
  EXPECT_EQ(tree.Resolve("").kind, MergedTree::Kind::kFolder);
  EXPECT_EQ(tree.Resolve("bin/ls/x").kind, MergedTree::Kind::kMissing);
}

TEST(MergedTree, DoublesInsideOneTar) {
  Layers l;
  l.Add(TarMaker()
            .File("c1", "1")
            .File("c1", "2")
            .File("c2", "1")
            .Symlink("c2", "c1")
            .File("c3", "1")
            .Folder("c3")
            .File("c3/c4", "1")
            .File("d/c5", "1")
            .File("d", "a file now")
            .Symlink("e", "f")
            .Folder("e")
            .File("e/c6", "1"));
  EXPECT_EQ(l.Text(), "c1 0\nc3/c4 0\ne/c6 0\n");
  EXPECT_EQ(l.Merge().files()[0].claim, 1U);  // the later one
  EXPECT_EQ(l.Merge().Resolve("d").kind, MergedTree::Kind::kUnclaimed);
  EXPECT_EQ(l.Merge().Resolve("c2").path, "c1");
}

// One file written through very many links: quick, and the last one wins.
TEST(MergedTree, DoublesThroughLinks) {
  TarMaker tar;
  for (int i = 0; i < 60'000; ++i) {
    const std::string link = "l" + std::to_string(i);
    tar.Symlink(link, "d").File(link + "/c", "");
  }
  Layers l;
  l.Add(tar);
  EXPECT_EQ(l.Text(), "d/c 0 l59999/c\n");
}

TEST(MergedTree, WhiteoutBelowALinkedFolderAndOddNames) {
  Layers l;
  l.Add(TarMaker()
            .Folder("usr/lib")
            .Symlink("lib", "usr/lib")
            .File("usr/lib/c1", "1")
            .File("usr/lib/c2", "1"));
  l.Add(TarMaker()
            .File("lib/.wh.c1", "")
            .File(".wh..wh.plnk/12.3", "")
            .File("usr/lib/.wh..wh.c2", ""));
  EXPECT_EQ(l.Text(), "usr/lib/c2 0\n");
}

TEST(MergedTree, EmptyImages) {
  EXPECT_TRUE(MergedTree::Build({}).files().empty());
  EXPECT_EQ(MergedTree::Build({}).Resolve("x").kind, MergedTree::Kind::kMissing);
  const LayerTree empty;
  const std::vector<const LayerTree*> layers = {&empty, &empty};
  EXPECT_TRUE(MergedTree::Build(layers).files().empty());
}

}  // namespace
}  // namespace scantling::image
