// See merged_tree.h. One layer after another, and within a layer: whiteouts (they concern lower
// layers only), symbolic links (folders may lead through them), folders with their unclaimed files,
// then claimed files and hard links in the tar's order.
#include "image/merged_tree.h"

#include "image/merged_state.h"

#include <algorithm>
#include <utility>

namespace scantling::image {

class LayerApplier {
 public:
  using State = MergedTree::State;
  LayerApplier(State& state, uint32_t layer)
      : state_(state),
        layer_(layer),
        tree_(state.layers[layer]),
        folders_(tree_.folders().size(), State::kNone),
        applied_(tree_.nodes().size(), false) {}

  void Run() {
    const auto nodes = tree_.nodes();
    folders_[0] = State::kRoot;
    Enter(0, State::kRoot);
    for (const NodeKind kind : {NodeKind::kWhiteout, NodeKind::kSymlink}) {
      for (uint32_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].kind == kind) {
          Apply(i);
        }
      }
    }
    for (uint32_t f = 0; f < folders_.size(); ++f) {
      AddPlainFiles(f, Folder(f));
    }
    for (uint32_t i = 0; i < nodes.size(); ++i) {
      Apply(i);
    }
  }

 private:
  // Where a folder of the layer lies in the merged tree.
  uint32_t Folder(uint32_t folder) {
    std::vector<uint32_t> todo;
    // A folder's place may be gone again: something of this layer replaced it under another of its
    // names.
    for (uint32_t at = folder; folders_[at] == State::kNone || !state_.entries[folders_[at]].alive;
         at = tree_.folders()[at].parent) {
      todo.push_back(at);
    }
    for (auto it = todo.rbegin(); it != todo.rend(); ++it) {
      // Applying the link of a folder may lead here again, but only for folders above it, which are
      // placed by then.
      folders_[*it] = Place(*it);
      Enter(*it, folders_[*it]);
    }
    return folders_[folder];
  }

  uint32_t Place(uint32_t id) {
    const LayerTree::Folder& folder = tree_.folders()[id];
    const uint32_t parent = folders_[folder.parent];
    if (folder.link != LayerTree::kNone) {
      Apply(folder.link);
    }
    const uint32_t child = state_.Find(parent, folder.name, NameHash(folder.name));
    if (child == State::kNone) {
      return state_.MakeFolder(parent, folder.name, layer_);
    }
    if (state_.entries[child].kind == State::EntryKind::kFolder) {
      return child;
    }
    if (!folder.is_explicit && state_.entries[child].kind == State::EntryKind::kSymlink) {
      // Twice from here: the walk's own count of links starts at the link itself.
      const uint32_t there = state_.WalkAndMake(parent, folder.name, layer_);
      if (there != State::kNone) {
        return there;
      }
    }
    state_.Remove(child);
    return state_.MakeFolder(parent, folder.name, layer_);
  }

  void Enter(uint32_t id, uint32_t merged) {
    for (uint32_t at = merged; at != State::kRoot; at = state_.entries[at].parent) {
      state_.entries[at].layer = layer_;
    }
    if (tree_.folders()[id].opaque) {
      state_.HideLower(merged, layer_);
    }
  }

  // They hide what lower layers have under their names.
  void AddPlainFiles(uint32_t id, uint32_t merged) {
    const auto files = tree_.plain_files(id);
    if (files.empty()) {
      return;
    }
    if (files.size() < state_.entries[merged].children / 16) {
      for (const uint64_t hash : files) {
        state_.RemoveLower(merged, hash, layer_);
      }
    } else {
      for (uint32_t child = state_.entries[merged].first_child; child != State::kNone;) {
        const State::Entry& entry = state_.entries[child];
        const uint32_t next = entry.next;
        if (entry.layer < layer_ &&
            std::binary_search(files.begin(), files.end(), entry.name_hash)) {
          state_.Remove(child);
        }
        child = next;
      }
    }
    state_.contributions.push_back({layer_, id, state_.entries[merged].contributions});
    state_.entries[merged].contributions = static_cast<uint32_t>(state_.contributions.size() - 1);
  }

  void Apply(uint32_t index) {
    if (applied_[index]) {
      return;
    }
    applied_[index] = true;
    const LayerTree::Node& node = tree_.nodes()[index];
    const uint32_t folder = Folder(node.folder);
    if (node.kind == NodeKind::kWhiteout) {
      state_.Whiteout(folder, node.name, layer_);
      return;
    }
    State::Entry entry;
    entry.parent = folder;
    entry.layer = layer_;
    entry.name = node.name;
    entry.name_hash = NameHash(node.name);
    bool exists = true;
    switch (node.kind) {
      case NodeKind::kSymlink:
        entry.kind = State::EntryKind::kSymlink;
        entry.target = node.target;
        break;
      case NodeKind::kHardlink:
        exists = LinkTo(node.target, entry);
        break;
      default:
        entry.kind = State::EntryKind::kClaimed;
        entry.claim = node.claim;
        entry.content_layer = layer_;
        entry.content_folder = node.folder;
        entry.content_name = node.name;
        break;
    }
    if (const uint32_t there = state_.Find(folder, entry.name, entry.name_hash);
        there != State::kNone) {
      state_.Remove(there);
    }
    if (exists) {
      state_.Insert(entry);
    } else {
      state_.Whiteout(folder, node.name, layer_);
    }
  }

  // Takes over what the target is now; false when there is no such file.
  bool LinkTo(std::string_view target, State::Entry& entry) const {
    const State::Found found = state_.Walk(State::kRoot, target, State::LastLink::kKeep);
    if (found.entry != State::kNone) {
      const State::Entry& source = state_.entries[found.entry];
      if (source.kind == State::EntryKind::kFolder || found.kind == MergedTree::Kind::kLoop) {
        return false;
      }
      entry.kind = source.kind;
      entry.target = source.target;
      entry.claim = source.claim;
      entry.content_layer = source.content_layer;
      entry.content_folder = source.content_folder;
      entry.content_name = source.content_name;
      return true;
    }
    if (found.kind != MergedTree::Kind::kUnclaimed) {
      return false;
    }
    entry.kind = State::EntryKind::kUnclaimedLink;
    entry.content_layer = found.source.layer;
    entry.content_folder = found.source.folder;
    entry.content_name = found.name;
    return true;
  }

  State& state_;
  const uint32_t layer_;
  const LayerTree tree_;
  std::vector<uint32_t> folders_;
  std::vector<bool> applied_;
};

MergedTree::MergedTree() : state_(std::make_unique<State>()) {}
MergedTree::~MergedTree() = default;
MergedTree::MergedTree(MergedTree&&) noexcept = default;
MergedTree& MergedTree::operator=(MergedTree&&) noexcept = default;

MergedTree MergedTree::Build(std::span<const LayerTree* const> layers) {
  MergedTree out;
  State& state = *out.state_;
  size_t entries = 1;
  for (const LayerTree* layer : layers) {
    state.layers.push_back(*layer);
    entries += layer->folders().size() + layer->nodes().size();
  }
  state.entries.reserve(entries);
  state.entry_index.Reserve(entries);
  for (uint32_t i = 0; i < layers.size(); ++i) {
    LayerApplier(state, i).Run();
  }
  for (uint32_t i = 0; i < state.entries.size(); ++i) {
    const State::Entry& entry = state.entries[i];
    if (!entry.alive || (entry.kind != State::EntryKind::kClaimed &&
                         entry.kind != State::EntryKind::kUnclaimedLink)) {
      continue;
    }
    std::string stored =
        state.StoredPath(entry.content_layer, entry.content_folder, entry.content_name);
    if (entry.kind == State::EntryKind::kClaimed) {
      out.files_.push_back(
          {state.Path(i), entry.content_layer, entry.claim, entry.layer, std::move(stored)});
    } else {
      out.unclaimed_links_.push_back(
          {state.Path(i), entry.content_layer, std::move(stored), entry.layer});
    }
  }
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  std::sort(out.files_.begin(), out.files_.end(), by_path);
  std::sort(out.unclaimed_links_.begin(), out.unclaimed_links_.end(), by_path);
  return out;
}

const std::vector<MergedTree::File>& MergedTree::files() const { return files_; }
const std::vector<MergedTree::UnclaimedLink>& MergedTree::unclaimed_links() const {
  return unclaimed_links_;
}

MergedTree::Lookup MergedTree::Resolve(std::string_view path) const {
  const State& state = *state_;
  const State::Found found = state.Walk(State::kRoot, path, State::LastLink::kFollow);
  Lookup out;
  out.kind = found.kind;
  if (found.kind == Kind::kMissing || found.kind == Kind::kLoop) {
    return out;
  }
  if (found.entry != State::kNone) {
    const State::Entry& entry = state.entries[found.entry];
    out.path = state.Path(found.entry);
    out.layer = entry.layer;
    if (entry.kind != State::EntryKind::kFolder) {
      out.layer = entry.content_layer;
      out.claim = entry.claim;
      out.stored_path =
          state.StoredPath(entry.content_layer, entry.content_folder, entry.content_name);
    }
    return out;
  }
  out.path = state.Path(found.folder);
  if (!out.path.empty()) {
    out.path += '/';
  }
  out.path += found.name;
  out.layer = found.source.layer;
  out.stored_path = state.StoredPath(found.source.layer, found.source.folder, found.name);
  return out;
}

}  // namespace scantling::image
