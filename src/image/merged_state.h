// The merged tree while and after it is built: folders, links and claimed files as entries with a
// parent; unclaimed files only as "this layer's folder lies here", to be looked up in the layer's
// hashes.
//
// Single thread while built; const afterwards. Views point into the layers' trees, which are held
// here.
#pragma once

#include "image/hash_index.h"
#include "image/layer_tree.h"
#include "image/merged_tree.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image {

struct MergedTree::State {
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kRoot = 0;
  static constexpr int kMaxLinks = 40;
  static constexpr size_t kMaxParts = 4096;  // of one walk, links' targets included
  static constexpr uint64_t kMaxBuildParts =
      100'000'000;  // of all walks through links while building

  enum class EntryKind : uint8_t { kFolder, kSymlink, kClaimed, kUnclaimedLink };
  struct Entry {
    EntryKind kind = EntryKind::kFolder;
    bool alive = true;
    uint32_t parent = kRoot;
    uint32_t layer = 0;  // that made or last touched the name
    uint64_t name_hash = 0;
    std::string_view name;
    uint32_t previous = kNone;  // siblings
    uint32_t next = kNone;
    // kFolder:
    uint32_t first_child = kNone;
    uint32_t children = 0;
    uint32_t contributions = kNone;  // the topmost layer's first
    uint32_t hidden_by = 0;          // the last layer for which HideLower was here
    // kSymlink:
    std::string_view target;
    // kClaimed, kUnclaimedLink: where the bytes are.
    uint32_t content_layer = 0;
    uint32_t content_folder = 0;  // of that layer's tree
    std::string_view content_name;
    uint32_t claim = 0;
  };
  struct Contribution {
    uint32_t layer = 0;
    uint32_t folder = 0;
    uint32_t next = kNone;
  };
  struct Removal {  // this layer hides an unclaimed file of that name in lower ones
    uint32_t folder = 0;
    uint64_t name_hash = 0;
    uint32_t layer = 0;
  };
  struct Found {
    Kind kind = Kind::kMissing;
    uint32_t entry = kNone;   // what was found; kNone for kUnclaimed and kMissing
    uint32_t folder = kRoot;  // kUnclaimed: where
    std::string_view name;
    Contribution source;  // kUnclaimed: which layer's folder has it
    size_t parts = 0;     // how many names were looked up
  };

  State();
  uint32_t Find(uint32_t folder, std::string_view name, uint64_t name_hash) const;
  // The layer's folder that holds an unclaimed file of that name, if one is visible.
  bool FindPlain(uint32_t folder, std::string_view name, Contribution& source) const;
  // Follows links below `start`; the last name's link only when asked to.
  enum class LastLink : uint8_t { kFollow, kKeep };
  Found Walk(uint32_t start, std::string_view path, LastLink last_link) const;
  // The folder at the end of the path, made where it is missing; kNone for a circle of links.
  uint32_t WalkAndMake(uint32_t start, std::string_view path, uint32_t layer);

  uint32_t Insert(Entry entry);
  uint32_t MakeFolder(uint32_t parent, std::string_view name, uint32_t layer);
  void Remove(uint32_t entry);  // with all below
  // Removes what layers below `layer` have in the folder, but nothing that `layer` itself brought.
  void HideLower(uint32_t folder, uint32_t layer);
  // The same for one name, by its hash.
  void RemoveLower(uint32_t folder, uint64_t name_hash, uint32_t layer);
  void Whiteout(uint32_t folder, std::string_view name, uint32_t layer);

  std::string Path(uint32_t entry) const;
  std::string StoredPath(uint32_t layer, uint32_t folder, std::string_view name) const;

  std::vector<LayerTree> layers;
  std::vector<Entry> entries;
  std::vector<Contribution> contributions;
  std::vector<Removal> removals;
  HashIndex entry_index;
  HashIndex removal_index;
  uint64_t build_parts = 0;

 private:
  template <typename OnMissing>
  uint32_t WalkSteps(uint32_t start, std::string_view path, LastLink last_link, Found& found,
                     const OnMissing& on_missing) const;
  void Unlink(uint32_t entry);
};

}  // namespace scantling::image
