// Our merged tree against a real engine's: one image with tricky layers, applied by buildah (its
// vfs driver, which applies each layer onto the files of the one below), file by file. Skipped
// where buildah cannot run.
//
// Engines differ where a layer writes below a link of a lower layer: overlay drivers of docker and
// podman hide the link by a folder, containerd and vfs follow it, and so do we.
#include "base/strings.h"
#include "image/merged_tree.h"
#include "image/test_layer.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace scantling::image {
namespace {

namespace fs = std::filesystem;
using scantling::testing::TarMaker;

// Everything is claimed and kept, so that contents can be compared.
class KeepAll : public LayerVisitor {
 public:
  Claim OnFile(const FileEntry&) override {
    data.emplace_back();
    return {Want::kWhole, static_cast<uint32_t>(data.size() - 1)};
  }
  Claim OnHead(const FileEntry&, base::Bytes) override { return {}; }
  void OnWhole(const FileEntry&, uint32_t claim, base::Bytes bytes) override {
    data[claim] = base::AsText(bytes);
  }
  void OnChunk(const FileEntry&, uint32_t, uint64_t, base::Bytes, bool) override {}
  void OnLost(const FileEntry&, uint32_t, const base::Error&) override {}
  std::vector<std::string> data;
};

// Each case lives in a folder of its own.
std::vector<TarMaker> TrickyLayers() {
  std::vector<TarMaker> out(3);
  out[0]
      .Folder("white")
      .File("white/1", "a")
      .File("white/2", "a")
      .Folder("white/e")
      .File("white/e/3", "a");
  out[1].File("white/.wh.1", "").File("white/.wh.e", "").Folder("white/e").File("white/e/4", "b");
  out[0].Folder("opaque").File("opaque/1", "a").Folder("opaque/x").File("opaque/x/2", "a");
  out[1].Folder("opaque").File("opaque/.wh..wh..opq", "").File("opaque/3", "b");
  out[0]
      .Folder("merged")
      .Folder("merged/usr")
      .Folder("merged/usr/lib")
      .Symlink("merged/lib", "usr/lib")
      .Symlink("merged/abs", "/merged/usr");
  out[0].File("merged/usr/lib/1", "a").File("merged/usr/lib/2", "a");
  out[1]
      .File("merged/lib/1", "b")
      .Folder("merged/lib/n")
      .File("merged/lib/n/3", "b")
      .File("merged/abs/lib/4", "b");
  out[2].File("merged/lib/.wh.2", "").File("merged/lib/5", "c");
  out[0]
      .Folder("tolink")
      .Folder("tolink/d")
      .File("tolink/d/1", "a")
      .Folder("tolink/o")
      .File("tolink/o/2", "a");
  out[1].Symlink("tolink/d", "o");
  out[2].File("tolink/d/3", "c");
  out[0].Folder("todir").Folder("todir/o").File("todir/o/1", "a").Symlink("todir/d", "o");
  out[1].Folder("todir/d").File("todir/d/2", "b");
  out[0].Folder("kinds").File("kinds/x", "a file").Folder("kinds/y").File("kinds/y/1", "a");
  out[1].Folder("kinds/x").File("kinds/x/1", "b").File("kinds/y", "now a file");
  out[2].File("kinds/x", "a file again");
  out[0].Folder("hard").File("hard/1", "a").Symlink("hard/l", "1");
  out[1]
      .Hardlink("hard/2", "hard/1")
      .Hardlink("hard/3", "hard/l")
      .File("hard/1", "b")
      .Hardlink("hard/4", "hard/1");
  out[2].File("hard/.wh.1", "");
  out[0].Folder("chain").Folder("chain/r").Symlink("chain/a", "b").Symlink("chain/b", "r");
  out[1].File("chain/a/1", "b").File("chain/a/2", "b");
  out[2].File("chain/b/.wh.1", "").File("chain/../chain/./a/3", "c");
  return out;
}

TEST(Engine, BuildahSeesTheSameFiles) {
  if (!scantling::testing::HaveProgram("buildah") || ::geteuid() != 0) {
    GTEST_SKIP() << "needs buildah and root";
  }
  // buildah makes an image name of the path, which must be in lower case.
  const std::string root = "/tmp/scantling_engine_" + std::to_string(::getpid());
  ASSERT_TRUE(fs::create_directory(root));
  struct Cleanup {
    std::string path;
    ~Cleanup() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  } const cleanup{root};

  std::vector<LayerTree> trees;
  std::vector<std::vector<std::string>> data;
  std::string layers;
  std::string ids;
  fs::create_directories(root + "/image/blobs/sha256");
  const auto put = [&](const std::string& text) {
    const std::string hex = base::Sha256Of(base::AsBytes(text)).Hex();
    std::ofstream(root + "/image/blobs/sha256/" + hex, std::ios::binary) << text;
    return R"("digest":"sha256:)" + hex + R"(","size":)" + std::to_string(text.size());
  };
  for (const TarMaker& tar : TrickyLayers()) {
    const std::string text = tar.Take();
    KeepAll visitor;
    trees.push_back(scantling::testing::ReadTar(text, visitor).tree);
    data.push_back(visitor.data);
    const std::string comma = layers.empty() ? "" : ",";
    layers += comma + R"({"mediaType":"application/vnd.oci.image.layer.v1.tar",)" + put(text) + "}";
    ids += comma + "\"" + base::Sha256Of(base::AsBytes(text)).ToString() + "\"";
  }
  const std::string config =
      put(R"({"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[)" + ids +
          "]}}");
  const std::string manifest = put(
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",)" +
      config + "},\"layers\":[" + layers + "]}");
  std::ofstream(root + "/image/oci-layout") << R"({"imageLayoutVersion":"1.0.0"})";
  std::ofstream(root + "/image/index.json")
      << R"({"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",)" +
             manifest + R"(,"annotations":{"org.opencontainers.image.ref.name":"t"}}]})";

  const auto buildah = [&](std::vector<std::string> arguments) {
    std::vector<std::string> command = {"buildah",       "--storage-driver", "vfs",        "--root",
                                        root + "/store", "--runroot",        root + "/run"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return scantling::testing::Run(command);
  };
  const auto from = buildah({"from", "--pull-never", "oci:" + root + "/image:t"});
  if (from.exit != 0) {
    GTEST_SKIP() << "buildah cannot run here: " << from.stderr_text;
  }
  const auto mount = buildah({"mount", std::string(base::Trim(from.stdout_text))});
  if (mount.exit != 0) {
    GTEST_SKIP() << "buildah cannot mount here: " << mount.stderr_text;
  }
  const fs::path tree_root(base::Trim(mount.stdout_text));
  std::map<std::string, std::string> engine;
  for (const auto& entry : fs::recursive_directory_iterator(tree_root)) {
    if (entry.symlink_status().type() == fs::file_type::regular) {
      std::ifstream file(entry.path(), std::ios::binary);
      engine[entry.path().lexically_relative(tree_root).string()] =
          std::string(std::istreambuf_iterator<char>(file), {});
    }
  }
  std::map<std::string, std::string> ours;
  const std::vector<const LayerTree*> pointers = {&trees[0], &trees[1], &trees[2]};
  const MergedTree merged = MergedTree::Build(pointers);
  for (const MergedTree::File& file : merged.files()) {
    ours[file.path] = data[file.layer][file.claim];
  }
  EXPECT_EQ(ours, engine);
  static_cast<void>(buildah({"umount", "--all"}));
}

}  // namespace
}  // namespace scantling::image
