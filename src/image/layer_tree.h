// What one layer says about the file tree, as small as the merge needs it (~8-16 bytes per plain
// file).
//
// Folders, symbolic links, hard links, whiteouts and claimed files are kept by name; every other
// file only as a 64-bit hash of its name inside its folder: enough to know that it hides something
// of a lower layer. Paths are normalised: no leading
// "/" or "./", no empty or "." parts; ".." parts resolve inside the root (as container engines do).
//
// Thread-compatible; immutable once built, then safe for concurrent reads.
// The on-disk form (Serialize/Parse) is part of the layer cache: see docs/formats/layer-cache.md.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace scantling::image {

// Hash of a normalised path as (hash of folder, hash of name); the same in every layer, image and
// process.
uint64_t PathHash(std::string_view path);
uint64_t PathHash(uint64_t folder_hash, std::string_view name);
uint64_t NameHash(std::string_view name);
uint64_t FolderHash(std::string_view folder);
// PathHash from a name's hash as LayerTree::plain_files() holds it.
uint64_t CombineHash(uint64_t folder_hash, uint64_t name_hash);

enum class NodeKind : uint8_t { kClaimed, kSymlink, kHardlink, kWhiteout };

class LayerTree {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Folder {
    uint32_t parent = 0;       // folder 0 is the root and its own parent
    std::string_view name;     // into the tree's text
    bool is_explicit = false;  // an entry of its own, not only a parent of others
    bool opaque = false;       // hides all that lower layers have in it
    // The symbolic link of the same layer through which the folder's entries go ("lib -> usr/lib",
    // then "lib/x"), as an index into nodes(); only for folders without an entry of their own.
    uint32_t link = kNone;
  };
  struct Node {
    NodeKind kind = NodeKind::kClaimed;
    uint32_t folder = 0;
    std::string_view name;
    std::string_view target;  // symlink: as written; hard link: normalised path
    uint32_t claim = 0;       // kClaimed: the number that the visitor gave
  };

  std::span<const Folder> folders() const;  // parents before children
  std::span<const Node> nodes()
      const;  // in the layer's order; one per name, and perhaps a whiteout beside it
  std::span<const uint64_t> plain_files(
      uint32_t folder) const;  // sorted name hashes of unclaimed non-folders
  std::string FolderPath(uint32_t folder) const;
  uint64_t entry_count() const;

  std::string Serialize() const;
  static base::Result<LayerTree> Parse(base::Bytes bytes);

  struct Data;  // layer_tree_data.h, for LayerTreeBuilder
  LayerTree();  // the root only
  explicit LayerTree(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

 private:
  std::shared_ptr<const Data> data_;  // never null; copies are cheap
};

}  // namespace scantling::image
