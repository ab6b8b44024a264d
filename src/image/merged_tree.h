// The file tree that a container sees: layers applied bottom-up as container engines apply them.
//
// Rules (OCI image specification, layer.md; containerd's and Docker's archive apply): a parent that
// is a symbolic link is followed inside the root; a folder entry replaces a link or file of that
// name and keeps an existing folder; any other entry replaces what was there with everything below
// it; ".wh.NAME" removes NAME of lower layers; ".wh..wh..opq" removes all that lower layers have in
// the folder, but not what its own layer adds, whatever the order in the tar; a hard link takes the
// content of its target at that moment, from a lower layer too. Links are followed at most 40
// times.
#pragma once

#include "image/layer_tree.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image {

class MergedTree {
 public:
  // A claimed file that is visible at the end.
  struct File {
    std::string path;    // in the merged tree (folders' links resolved)
    uint32_t layer = 0;  // whose bytes they are
    uint32_t claim = 0;  // of that layer
    uint32_t link_layer =
        0;  // the layer that made this name (differs for a hard link to a lower layer)
    std::string stored_path;  // the path under which that layer's tar holds the bytes
  };
  enum class Kind : uint8_t { kMissing, kClaimed, kUnclaimed, kFolder, kLoop };
  struct Lookup {
    Kind kind = Kind::kMissing;
    uint32_t layer = 0;
    uint32_t claim = 0;
    std::string path;  // resolved
    std::string
        stored_path;  // kClaimed, kUnclaimed: the name under which that layer's tar holds it
  };
  // A hard link whose target is a file that nobody claimed under its own name: read again with the
  // link's name.
  struct UnclaimedLink {
    std::string path;         // the link
    uint32_t layer = 0;       // the layer that has the bytes
    std::string target_path;  // the name there
    uint32_t link_layer = 0;  // the layer that made the link
  };

  // The layers' trees are shared, not borrowed.
  static MergedTree Build(std::span<const LayerTree* const> layers);

  MergedTree();
  ~MergedTree();
  MergedTree(MergedTree&&) noexcept;
  MergedTree& operator=(MergedTree&&) noexcept;

  const std::vector<File>& files() const;                     // sorted by path
  const std::vector<UnclaimedLink>& unclaimed_links() const;  // sorted by path
  // Follows links. Answers for unclaimed plain files too (by hash).
  Lookup Resolve(std::string_view path) const;

 private:
  friend class LayerApplier;
  struct State;
  std::unique_ptr<State> state_;
  std::vector<File> files_;
  std::vector<UnclaimedLink> unclaimed_links_;
};

}  // namespace scantling::image
