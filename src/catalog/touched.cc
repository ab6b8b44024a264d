// See touched.h. Names are taken as the tars have them: a file written through a folder's symbolic
// link counts under the link's name only, which at worst names an earlier layer.
#include "catalog/touched.h"

#include <bit>

namespace scantling::catalog {

TouchedFiles::TouchedFiles(const std::vector<const LayerFacts*>& layers) {
  uint64_t count = 0;
  for (size_t i = 1; i < layers.size(); ++i) {
    const image::LayerTree& tree = layers[i]->tree;
    count += tree.nodes().size();
    for (uint32_t f = 0; f < tree.folders().size(); ++f) {
      count += tree.plain_files(f).size();
    }
  }
  slots_.resize(std::bit_ceil(count * 2 + 2));
  mask_ = slots_.size() - 1;
  for (size_t i = 1; i < layers.size(); ++i) {
    const image::LayerTree& tree = layers[i]->tree;
    const auto layer = static_cast<int32_t>(i);
    std::vector<uint64_t> folder_hashes(tree.folders().size());
    for (uint32_t f = 0; f < tree.folders().size(); ++f) {
      folder_hashes[f] = image::FolderHash(tree.FolderPath(f));
      for (const uint64_t name : tree.plain_files(f)) {
        Insert(image::CombineHash(folder_hashes[f], name), layer);
      }
    }
    for (const image::LayerTree::Node& node : tree.nodes()) {
      if (node.kind != image::NodeKind::kWhiteout) {
        Insert(image::PathHash(folder_hashes[node.folder], node.name), layer);
      }
    }
  }
}

void TouchedFiles::Insert(uint64_t hash, int32_t layer) {
  uint64_t at = hash & mask_;
  while (slots_[at].layer >= 0 && slots_[at].hash != hash) {
    at = (at + 1) & mask_;
  }
  slots_[at] = {hash, layer};  // layers come bottom-up: the last one stays
}

int32_t TouchedFiles::LastLayer(uint64_t path_hash) const {
  uint64_t at = path_hash & mask_;
  while (slots_[at].layer >= 0) {
    if (slots_[at].hash == path_hash) {
      return slots_[at].layer;
    }
    at = (at + 1) & mask_;
  }
  return -1;
}

}  // namespace scantling::catalog
