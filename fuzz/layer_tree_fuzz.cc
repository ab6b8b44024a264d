// A layer tree from a cache file: what parses must be usable and come out as it went in.
#include "base/result.h"
#include "image/layer_tree.h"
#include "image/merged_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::base::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto tree = scantling::image::LayerTree::Parse(bytes);
  if (!tree) {
    return 0;
  }
  SCANTLING_ASSERT(scantling::base::AsBytes(tree->Serialize()).size() == size);
  for (uint32_t f = 0; f < tree->folders().size() && f < 100; ++f) {
    static_cast<void>(tree->FolderPath(f));
    static_cast<void>(tree->plain_files(f).size());
  }
  const scantling::image::LayerTree* layers[] = {&*tree, &*tree};
  const auto merged = scantling::image::MergedTree::Build(layers);
  for (const auto& node : tree->nodes().first(std::min<size_t>(tree->nodes().size(), 100))) {
    static_cast<void>(merged.Resolve(node.name));
  }
  return 0;
}
