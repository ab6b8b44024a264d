// From the facts of files to the inventory of an image: which database is the live one, who brought
// what, who owns whom, which top-level package brings which. Pure functions over a merged tree.
#pragma once

#include "base/limits.h"
#include "catalog/layer_facts.h"
#include "image/merged_tree.h"
#include "model/inventory.h"

#include <span>
#include <string>
#include <vector>

namespace scantling::catalog {

// A claimed file of the merged tree.
struct VisibleFile {
  std::string path;                    // in the merged tree
  int32_t layer = -1;                  // that made this name
  const FileResult* result = nullptr;  // borrowed from the layer's facts
};

struct AssembleInput {
  model::Image image;                     // as the source describes it; layers' sizes filled in
  std::vector<const LayerFacts*> layers;  // bottom-up
  const image::MergedTree* tree = nullptr;
  std::vector<VisibleFile> files;  // sorted by path
  bool has_layers = true;          // false: rootfs, layer numbers are -1
};

model::Inventory Assemble(AssembleInput input, const base::Limits& limits);

}  // namespace scantling::catalog
