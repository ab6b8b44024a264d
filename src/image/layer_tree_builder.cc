// See layer_tree_builder.h. Replaced folders and nodes are only marked dead (what is below a dead
// folder is found dead at the end); a new folder of the same name is a new number, so that nothing
// old can be reached through it.
#include "image/layer_tree_builder.h"

#include "base/strings.h"
#include "image/layer_tree_data.h"

#include <algorithm>
#include <utility>

namespace scantling::image {

LayerTreeBuilder::LayerTreeBuilder() {
  folders_.emplace_back();
  folders_[0].hash = FolderHash("");
}

LayerTreeBuilder::Text LayerTreeBuilder::Keep(std::string_view text) {
  const Text out{static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(text.size())};
  text_.append(text);
  return out;
}

uint32_t LayerTreeBuilder::FindFolder(uint32_t parent, std::string_view name, uint64_t hash) const {
  return folder_index_.Find(hash, [&](uint32_t i) {
    const Folder& folder = folders_[i];
    return folder.alive && folder.parent == parent && View(folder.name) == name;
  });
}

uint32_t LayerTreeBuilder::FindNode(uint32_t folder, std::string_view name, uint64_t hash) const {
  return node_index_.Find(hash, [&](uint32_t i) {
    const Node& node = nodes_[i];
    return node.alive && node.folder == folder && View(node.name) == name;
  });
}

uint32_t LayerTreeBuilder::MakeFolder(uint32_t parent, std::string_view name, uint64_t hash) {
  Folder folder;
  folder.hash = hash;
  folder.parent = parent;
  folder.name = Keep(name);
  const auto id = static_cast<uint32_t>(folders_.size());
  folders_.push_back(folder);
  folder_index_.InsertOver(hash, id, [&](uint32_t i) { return IsDead(i); });
  return id;
}

// The folder with that path; it and its parents are made where they are missing.
uint32_t LayerTreeBuilder::EnsureFolder(std::string_view path) {
  if (path.empty()) {
    return 0;
  }
  if (path == last_folder_path_) {
    return last_folder_;
  }
  uint32_t at = 0;
  std::string_view rest = path;
  while (!rest.empty()) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view name = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    const uint64_t hash = PathHash(folders_[at].hash, name);
    uint32_t next = FindFolder(at, name, hash);
    if (next == kNone) {
      next = MakeFolder(at, name, hash);
      if (const uint32_t node = FindNode(at, name, hash); node != kNone) {
        if (nodes_[node].kind == NodeKind::kClaimed) {
          KillNode(node);  // no engine accepts a file below a file; what comes last wins
        } else {
          folders_[next].link = node;
        }
      }
    }
    at = next;
  }
  last_folder_path_ = path;
  last_folder_ = at;
  return at;
}

void LayerTreeBuilder::KillNode(uint32_t node) { nodes_[node].alive = false; }

void LayerTreeBuilder::KillFolder(uint32_t folder) {
  folders_[folder].alive = false;
  last_folder_path_.clear();
}

// It or one of its parents. Remembered for the folder itself, so that what was below it, asked for
// from the top down, costs one step each.
bool LayerTreeBuilder::IsDead(uint32_t folder) {
  for (uint32_t at = folder; at != 0; at = folders_[at].parent) {
    if (!folders_[at].alive) {
      folders_[folder].alive = false;
      return true;
    }
  }
  return false;
}

bool LayerTreeBuilder::AddFolder(std::string_view path) {
  if (!Fits(path.size())) {
    return false;
  }
  if (path.empty()) {
    return true;
  }
  const uint32_t parent = EnsureFolder(base::DirName(path));
  const std::string_view name = base::BaseName(path);
  const uint64_t hash = PathHash(folders_[parent].hash, name);
  if (const uint32_t node = FindNode(parent, name, hash); node != kNone) {
    KillNode(node);
  }
  uint32_t folder = FindFolder(parent, name, hash);
  if (folder == kNone) {
    folder = MakeFolder(parent, name, hash);
  }
  folders_[folder].is_explicit = true;
  folders_[folder].link = kNone;
  return true;
}

bool LayerTreeBuilder::AddOpaque(std::string_view folder) {
  if (!Fits(folder.size())) {
    return false;
  }
  folders_[EnsureFolder(folder)].opaque = true;
  return true;
}

bool LayerTreeBuilder::AddPlain(std::string_view path) {
  if (!Fits(path.size())) {
    return false;
  }
  if (path.empty()) {
    return true;
  }
  const uint32_t parent = EnsureFolder(base::DirName(path));
  const std::string_view name = base::BaseName(path);
  const uint64_t name_hash = NameHash(name);
  const uint64_t hash = CombineHash(folders_[parent].hash, name_hash);
  if (const uint32_t node = FindNode(parent, name, hash); node != kNone) {
    KillNode(node);
  }
  if (const uint32_t folder = FindFolder(parent, name, hash); folder != kNone) {
    KillFolder(folder);
  }
  if (plain_in_last_ == PlainChunk::kSize) {
    plain_.push_back(std::make_unique_for_overwrite<PlainChunk>());
    plain_in_last_ = 0;
  }
  plain_.back()->folders[plain_in_last_] = parent;
  plain_.back()->hashes[plain_in_last_] = name_hash;
  ++plain_in_last_;
  return true;
}

bool LayerTreeBuilder::AddNode(NodeKind kind, std::string_view path, std::string_view target,
                               uint32_t claim) {
  if (!Fits(path.size() + target.size())) {
    return false;
  }
  if (path.empty()) {
    return true;
  }
  const uint32_t parent = EnsureFolder(base::DirName(path));
  const std::string_view name = base::BaseName(path);
  const uint64_t hash = PathHash(folders_[parent].hash, name);
  const auto id = static_cast<uint32_t>(nodes_.size());
  if (kind != NodeKind::kWhiteout) {
    if (const uint32_t node = FindNode(parent, name, hash); node != kNone) {
      KillNode(node);
    }
    if (const uint32_t folder = FindFolder(parent, name, hash); folder != kNone) {
      if (folders_[folder].link != kNone && kind == NodeKind::kSymlink) {
        folders_[folder].link = id;  // one link replaces another; what went through it stays
      } else {
        KillFolder(folder);
      }
    }
    node_index_.InsertOver(
        hash, id, [&](uint32_t i) { return !nodes_[i].alive || IsDead(nodes_[i].folder); });
  }
  Node node;
  node.kind = kind;
  node.folder = parent;
  node.name = Keep(name);
  node.target = Keep(target);
  node.claim = claim;
  nodes_.push_back(node);
  return true;
}

bool LayerTreeBuilder::AddClaimed(std::string_view path, uint32_t claim) {
  return AddNode(NodeKind::kClaimed, path, {}, claim);
}
bool LayerTreeBuilder::AddSymlink(std::string_view path, std::string_view target) {
  return AddNode(NodeKind::kSymlink, path, target, 0);
}
bool LayerTreeBuilder::AddHardlink(std::string_view path, std::string_view target) {
  return AddNode(NodeKind::kHardlink, path, target, 0);
}
bool LayerTreeBuilder::AddWhiteout(std::string_view path) {
  return AddNode(NodeKind::kWhiteout, path, {}, 0);
}

LayerTree LayerTreeBuilder::Finish(uint64_t entry_count) && {
  auto data = std::make_shared<LayerTree::Data>();
  data->entry_count = entry_count;
  data->text.assign(text_.begin(), text_.end());
  text_.clear();
  text_.shrink_to_fit();
  node_index_ = {};
  const auto view = [&](Text text) {
    return std::string_view(data->text.data() + text.at, text.size);
  };

  std::vector<uint32_t> new_folder(folders_.size(), kNone);
  for (size_t i = 0; i < folders_.size(); ++i) {
    Folder& folder = folders_[i];
    if (!folder.alive || new_folder[folder.parent] == kNone) {
      if (i != 0) {
        folder.alive = false;
        continue;
      }
    }
    new_folder[i] = static_cast<uint32_t>(data->folders.size());
    LayerTree::Folder out;
    out.parent = i == 0 ? 0 : new_folder[folder.parent];
    out.name = view(folder.name);
    out.is_explicit = folder.is_explicit;
    out.opaque = folder.opaque;
    data->folders.push_back(out);
  }
  std::vector<uint32_t> new_node(nodes_.size(), kNone);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (!node.alive || new_folder[node.folder] == kNone) {
      continue;
    }
    new_node[i] = static_cast<uint32_t>(data->nodes.size());
    data->nodes.push_back(
        {node.kind, new_folder[node.folder], view(node.name), view(node.target), node.claim});
  }
  for (size_t i = 0; i < folders_.size(); ++i) {
    if (new_folder[i] != kNone && folders_[i].link != kNone) {
      data->folders[new_folder[i]].link = new_node[folders_[i].link];
    }
  }

  // Plain files: counted, spread to their folders, sorted there.
  const auto for_each_plain = [&](const auto& visit) {
    for (size_t c = 0; c < plain_.size(); ++c) {
      const size_t count = c + 1 == plain_.size() ? plain_in_last_ : PlainChunk::kSize;
      for (size_t i = 0; i < count; ++i) {
        const uint32_t folder = new_folder[plain_[c]->folders[i]];
        if (folder != kNone) {
          visit(folder, plain_[c]->hashes[i]);
        }
      }
    }
  };
  std::vector<uint32_t> begin(data->folders.size() + 1);
  for_each_plain([&](uint32_t folder, uint64_t) { ++begin[folder + size_t{1}]; });
  for (size_t i = 1; i < begin.size(); ++i) {
    begin[i] += begin[i - 1];
  }
  data->plain.resize(begin.back());
  std::vector<uint32_t> next(begin.begin(), begin.end() - 1);
  for_each_plain([&](uint32_t folder, uint64_t hash) { data->plain[next[folder]++] = hash; });
  plain_.clear();

  // What has a name of its own is not also a plain file: names of nodes and folders, to be taken
  // out.
  std::vector<std::vector<uint64_t>> taken(data->folders.size());
  for (size_t i = 1; i < data->folders.size(); ++i) {
    taken[data->folders[i].parent].push_back(NameHash(data->folders[i].name));
  }
  for (const LayerTree::Node& node : data->nodes) {
    if (node.kind != NodeKind::kWhiteout) {
      taken[node.folder].push_back(NameHash(node.name));
    }
  }
  size_t kept = 0;
  data->plain_begin.push_back(0);
  for (size_t f = 0; f < data->folders.size(); ++f) {
    const auto first = data->plain.begin() + begin[f];
    const auto last = data->plain.begin() + begin[f + 1];
    std::sort(first, last);
    std::sort(taken[f].begin(), taken[f].end());
    auto skip = taken[f].begin();
    const size_t folder_begin = kept;
    for (auto it = first; it != last; ++it) {
      while (skip != taken[f].end() && *skip < *it) {
        ++skip;
      }
      if ((skip != taken[f].end() && *skip == *it) ||
          (kept != folder_begin && data->plain[kept - 1] == *it)) {
        continue;
      }
      data->plain[kept++] = *it;
    }
    data->plain_begin.push_back(static_cast<uint32_t>(kept));
  }
  data->plain.resize(kept);
  return LayerTree(std::move(data));
}

}  // namespace scantling::image
