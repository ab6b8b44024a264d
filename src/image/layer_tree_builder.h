// Makes a LayerTree from entries as a tar has them: a later entry of the same name replaces an
// earlier one of whatever kind, with everything below it unless both are folders.
//
// Memory: 12 bytes per plain file while building, 8 after. Single thread. Paths are normalised
// (image/path.h).
#pragma once

#include "image/hash_index.h"
#include "image/layer_tree.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image {

class LayerTreeBuilder {
 public:
  LayerTreeBuilder();

  // False: the names and link targets together are too large (kMaxTextBytes); the entry was not
  // added.
  static constexpr uint64_t kMaxTextBytes = uint64_t{256} << 20;
  [[nodiscard]] bool AddFolder(std::string_view path);
  [[nodiscard]] bool AddPlain(
      std::string_view path);  // a file, device or socket that nobody claimed
  [[nodiscard]] bool AddClaimed(std::string_view path, uint32_t claim);
  [[nodiscard]] bool AddSymlink(std::string_view path, std::string_view target);
  [[nodiscard]] bool AddHardlink(std::string_view path, std::string_view target);
  [[nodiscard]] bool AddWhiteout(std::string_view path);  // the path that it hides
  [[nodiscard]] bool AddOpaque(std::string_view folder);

  LayerTree Finish(uint64_t entry_count) &&;

 private:
  static constexpr uint32_t kNone = LayerTree::kNone;
  struct Text {
    uint32_t at = 0;
    uint32_t size = 0;
  };
  struct Folder {
    uint64_t hash = 0;
    uint32_t parent = 0;
    Text name;
    uint32_t link = kNone;
    bool alive = true;
    bool is_explicit = false;
    bool opaque = false;
  };
  struct Node {
    NodeKind kind = NodeKind::kClaimed;
    bool alive = true;
    uint32_t folder = 0;
    Text name;
    Text target;
    uint32_t claim = 0;
  };
  struct PlainChunk {
    static constexpr size_t kSize = 32768;
    uint32_t folders[kSize];
    uint64_t hashes[kSize];
  };

  std::string_view View(Text text) const {
    return std::string_view(text_).substr(text.at, text.size);
  }
  bool Fits(size_t bytes) const { return text_.size() + bytes <= kMaxTextBytes; }
  Text Keep(std::string_view text);
  uint32_t FindFolder(uint32_t parent, std::string_view name, uint64_t hash) const;
  uint32_t FindNode(uint32_t folder, std::string_view name, uint64_t hash) const;
  uint32_t MakeFolder(uint32_t parent, std::string_view name, uint64_t hash);
  uint32_t EnsureFolder(std::string_view path);
  void KillNode(uint32_t node);
  void KillFolder(uint32_t folder);
  bool IsDead(uint32_t folder);
  bool AddNode(NodeKind kind, std::string_view path, std::string_view target, uint32_t claim);

  std::string text_;
  std::vector<Folder> folders_;
  std::vector<Node> nodes_;
  HashIndex folder_index_;
  HashIndex node_index_;
  std::vector<std::unique_ptr<PlainChunk>> plain_;
  size_t plain_in_last_ = PlainChunk::kSize;
  std::string last_folder_path_;
  uint32_t last_folder_ = 0;
};

}  // namespace scantling::image
