// All that a scan keeps of one layer: its tree and what each claimed file gave. The unit of the
// layer cache; its bytes are described in docs/formats/layer-cache.md.
//
// Thread-compatible; immutable once built.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "catalog/common/cataloger.h"
#include "image/layer_tree.h"
#include "model/inventory.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog {

struct FileResult {
  std::string path;        // in the layer
  uint32_t cataloger = 0;  // index into Catalogers()
  FileFacts facts;
};

// A file that had to be read under another name: a hard or symbolic link with a claimed name to a
// file that has none.
struct SecondLook {
  std::string stored_path;  // in the layer
  std::string as;           // the name under which it is claimed
  FileResult result;
};

struct LayerFacts {
  image::LayerTree tree;
  std::vector<FileResult> files;  // index = claim number in the tree
  std::vector<SecondLook> second_looks;
  std::vector<model::Diagnostic> diagnostics;  // about the layer as a whole
  uint64_t stored_bytes = 0;
  bool complete = true;   // false: the layer's end was not reached
  bool cacheable = true;  // false: the result depends on more than the bytes (the clock)
};

std::string SerializeFacts(const LayerFacts& facts);
// Damaged or hostile bytes give an error, never a crash; sizes are checked before they are trusted.
base::Result<LayerFacts> ParseFacts(base::Bytes bytes);

}  // namespace scantling::catalog
