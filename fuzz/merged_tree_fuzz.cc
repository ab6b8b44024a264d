// Several layers from a little language, one entry in four bytes: what, where (two), to where.
// Applied and looked up; every visible file must be found again under its own path.
#include "base/result.h"
#include "image/layer_tree_builder.h"
#include "image/merged_tree.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

std::string Path(uint8_t a, uint8_t b) {
  static constexpr std::array<const char*, 4> kNames = {"a", "b", "c", "d"};
  std::string out = kNames[a & 3];
  for (const uint8_t part : {static_cast<uint8_t>(a >> 2), static_cast<uint8_t>(a >> 5), b}) {
    if ((part & 4) != 0) {
      out += "/" + std::string(kNames[part & 3]);
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using scantling::image::LayerTree;
  using scantling::image::LayerTreeBuilder;
  using scantling::image::MergedTree;
  std::vector<LayerTree> trees;
  LayerTreeBuilder builder;
  uint32_t claim = 0;
  bool fits = true;
  for (size_t at = 0; at + 4 <= size && trees.size() < 16; at += 4) {
    const std::string path = Path(data[at + 1], data[at + 2]);
    const std::string to = Path(data[at + 3], data[at + 2]);
    switch (data[at] % 8) {
      case 0:
        fits = builder.AddFolder(path);
        break;
      case 1:
        fits = builder.AddPlain(path);
        break;
      case 2:
        fits = builder.AddClaimed(path, claim++);
        break;
      case 3:
        fits = builder.AddSymlink(path, (data[at] & 8) != 0    ? "/" + to
                                        : (data[at] & 16) != 0 ? "../" + to
                                                               : to);
        break;
      case 4:
        fits = builder.AddHardlink(path, to);
        break;
      case 5:
        fits = builder.AddWhiteout(path);
        break;
      case 6:
        fits = builder.AddOpaque(path);
        break;
      default:
        trees.push_back(std::move(builder).Finish(0));
        builder = LayerTreeBuilder();
    }
    SCANTLING_ASSERT(fits);
  }
  trees.push_back(std::move(builder).Finish(0));
  std::vector<const LayerTree*> layers;
  for (LayerTree& tree : trees) {
    auto again = LayerTree::Parse(scantling::base::AsBytes(tree.Serialize()));
    SCANTLING_ASSERT(again.has_value());
    tree = std::move(*again);
  }
  for (const LayerTree& tree : trees) {
    layers.push_back(&tree);
  }
  const MergedTree merged = MergedTree::Build(layers);
  for (const auto& file : merged.files()) {
    const auto found = merged.Resolve(file.path);
    SCANTLING_ASSERT(found.kind == MergedTree::Kind::kClaimed && found.path == file.path);
    SCANTLING_ASSERT(found.claim == file.claim && found.layer == file.layer);
  }
  for (const auto& link : merged.unclaimed_links()) {
    SCANTLING_ASSERT(merged.Resolve(link.path).kind == MergedTree::Kind::kUnclaimed);
  }
  return 0;
}
