// The inside of a LayerTree, for those that make one (builder, parser).
#pragma once

#include "image/layer_tree.h"

#include <cstdint>
#include <vector>

namespace scantling::image {

struct LayerTree::Data {
  std::vector<char> text;       // names and targets; the views of folders and nodes point here
  std::vector<Folder> folders;  // at least the root
  std::vector<Node> nodes;
  std::vector<uint64_t> plain;        // folder after folder, each sorted, no doubles
  std::vector<uint32_t> plain_begin;  // folders.size() + 1 offsets into `plain`
  uint64_t entry_count = 0;
};

}  // namespace scantling::image
