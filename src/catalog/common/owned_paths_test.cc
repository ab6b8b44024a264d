// Hashes must be those of image::PathHash over the whole path, whatever the order of the paths.
#include "catalog/common/owned_paths.h"

#include "image/layer_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace scantling::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<uint64_t> Hashes(const std::vector<std::string>& paths) {
  std::vector<uint64_t> out;
  OwnedPaths owned(out);
  for (const std::string& path : paths) {
    owned.Add(path);
  }
  return out;
}

TEST(OwnedPaths, SpellingsOfOnePath) {
  for (const char* path :
       {"/usr/bin/x", "usr/bin/x", "./usr/bin/x", "//usr/bin/x", "/usr/bin/x/"}) {
    EXPECT_THAT(Hashes({path}), ElementsAre(image::PathHash("usr/bin/x"))) << path;
  }
  EXPECT_THAT(Hashes({"/", "/.", ".", "./", ""}), IsEmpty());
  EXPECT_THAT(Hashes({"/etc"}), ElementsAre(image::PathHash("etc")));
}

TEST(OwnedPaths, MergedUsr) {
  EXPECT_THAT(Hashes({"/bin/a/b"}),
              ElementsAre(image::PathHash("bin/a/b"), image::PathHash("usr/bin/a/b")));
  EXPECT_THAT(Hashes({"/binary/a", "/bin"}),
              ElementsAre(image::PathHash("binary/a"), image::PathHash("bin")));
}

TEST(OwnedPaths, AnyOrderGivesTheHashOfTheWholePath) {
  std::mt19937 random(17);
  const char* const parts[] = {"a", "ab", "b", "usr", "lib", "share", "a-b", "x y"};
  std::vector<std::string> paths;
  for (int i = 0; i < 3000; ++i) {
    std::string path = "q";  // not one of the merged folders
    for (uint32_t depth = static_cast<uint32_t>(random() % 5); depth > 0; --depth) {
      path += "/" + std::string(parts[random() % 8]);
    }
    paths.push_back(path);
  }
  const std::vector<uint64_t> got = Hashes(paths);
  ASSERT_EQ(got.size(), paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(got[i], image::PathHash(paths[i])) << paths[i];
  }
}

TEST(OwnedPaths, OddPathsAreHarmless) {
  EXPECT_LE(Hashes({"a//b", "//", "a/../b", "///a//", "a//", "a"}).size(), 6U);
}

}  // namespace
}  // namespace scantling::catalog
