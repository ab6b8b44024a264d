// Which layer last wrote a path: a flat table from path hash to layer, over all layers but the
// lowest.
#pragma once

#include "catalog/layer_facts.h"

#include <cstdint>
#include <vector>

namespace scantling::catalog {

class TouchedFiles {
 public:
  explicit TouchedFiles(const std::vector<const LayerFacts*>& layers);
  // -1 when no layer but the lowest has it.
  int32_t LastLayer(uint64_t path_hash) const;

 private:
  struct Slot {
    uint64_t hash = 0;
    int32_t layer = -1;
  };
  void Insert(uint64_t hash, int32_t layer);
  std::vector<Slot> slots_;  // a power of two, at most half full; the hashes are already well mixed
  uint64_t mask_ = 0;
};

}  // namespace scantling::catalog
