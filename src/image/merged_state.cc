// See merged_state.h.
#include "image/merged_state.h"

#include <algorithm>
#include <utility>

namespace scantling::image {
namespace {

uint64_t Key(uint32_t folder, uint64_t name_hash) {
  const uint64_t mixed = name_hash + uint64_t{folder} * 0x9e3779b97f4a7c15;
  return mixed ^ mixed >> 32;
}

void PushParts(std::string_view path, std::vector<std::string_view>& stack) {
  // From the last part to the first, so that the first is taken first.
  size_t end = path.size();
  while (true) {
    const size_t slash = end == 0 ? std::string_view::npos : path.rfind('/', end - 1);
    const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    const std::string_view part = path.substr(begin, end - begin);
    if (!part.empty() && part != ".") {
      stack.push_back(part);
    }
    if (slash == std::string_view::npos) {
      return;
    }
    end = slash;
  }
}

}  // namespace

MergedTree::State::State() { entries.emplace_back(); }

uint32_t MergedTree::State::Find(uint32_t folder, std::string_view name, uint64_t name_hash) const {
  return entry_index.Find(Key(folder, name_hash), [&](uint32_t i) {
    const Entry& entry = entries[i];
    return entry.alive && entry.parent == folder && entry.name == name;
  });
}

bool MergedTree::State::FindPlain(uint32_t folder, std::string_view name,
                                  Contribution& source) const {
  const uint64_t hash = NameHash(name);
  const uint32_t removal = removal_index.Find(Key(folder, hash), [&](uint32_t i) {
    return removals[i].folder == folder && removals[i].name_hash == hash;
  });
  for (uint32_t at = entries[folder].contributions; at != kNone; at = contributions[at].next) {
    const Contribution& contribution = contributions[at];
    if (removal != kNone && contribution.layer < removals[removal].layer) {
      return false;
    }
    const auto files = layers[contribution.layer].plain_files(contribution.folder);
    if (std::binary_search(files.begin(), files.end(), hash)) {
      source = contribution;
      return true;
    }
  }
  return false;
}

// One walk for looking and for making: on_missing(folder, name, entry) makes a folder where there
// is none (entry: what is there instead, or kNone), or says kNone to end the walk.
template <typename OnMissing>
uint32_t MergedTree::State::WalkSteps(uint32_t start, std::string_view path, LastLink last_link,
                                      Found& found, const OnMissing& on_missing) const {
  std::vector<std::string_view> todo;
  PushParts(path, todo);
  uint32_t at = start;
  int links = 0;
  while (!todo.empty()) {
    const std::string_view name = todo.back();
    todo.pop_back();
    if (++found.parts > kMaxParts) {
      found.kind = Kind::kLoop;
      return kNone;
    }
    if (name == "..") {
      at = entries[at].parent;
      continue;
    }
    const uint32_t child = Find(at, name, NameHash(name));
    if (child != kNone && entries[child].kind == EntryKind::kFolder) {
      at = child;
      continue;
    }
    if (child != kNone && entries[child].kind == EntryKind::kSymlink) {
      if (todo.empty() && last_link == LastLink::kKeep) {
        found.entry = child;
        return kNone;
      }
      if (++links > kMaxLinks) {
        found.kind = Kind::kLoop;
        found.entry = child;
        return kNone;
      }
      const std::string_view target = entries[child].target;
      if (target.starts_with('/')) {
        at = kRoot;
      }
      PushParts(target, todo);
      continue;
    }
    found.folder = at;
    found.name = name;
    found.entry = child;
    at = on_missing(at, name, child, todo.empty());
    if (at == kNone) {
      return kNone;
    }
  }
  return at;
}

MergedTree::State::Found MergedTree::State::Walk(uint32_t start, std::string_view path,
                                                 LastLink last_link) const {
  Found found;
  const uint32_t folder =
      WalkSteps(start, path, last_link, found,
                [&](uint32_t at, std::string_view name, uint32_t child, bool last) {
                  if (!last) {
                    found.entry = kNone;  // a file in the middle of a path
                  } else if (child != kNone) {
                    found.kind = entries[child].kind == EntryKind::kClaimed ? Kind::kClaimed
                                                                            : Kind::kUnclaimed;
                  } else if (FindPlain(at, name, found.source)) {
                    found.kind = Kind::kUnclaimed;
                  }
                  return kNone;
                });
  if (folder != kNone) {
    found.kind = Kind::kFolder;
    found.entry = folder;
  }
  return found;
}

uint32_t MergedTree::State::WalkAndMake(uint32_t start, std::string_view path, uint32_t layer) {
  if (build_parts > kMaxBuildParts) {
    return kNone;
  }
  Found found;
  const uint32_t out = WalkSteps(start, path, LastLink::kFollow, found,
                                 [&](uint32_t at, std::string_view name, uint32_t child, bool) {
                                   if (child != kNone) {
                                     Remove(child);
                                   }
                                   return MakeFolder(at, name, layer);
                                 });
  build_parts += found.parts;
  return out;
}

uint32_t MergedTree::State::Insert(Entry entry) {
  const auto id = static_cast<uint32_t>(entries.size());
  Entry& parent = entries[entry.parent];
  entry.previous = kNone;
  entry.next = parent.first_child;
  if (parent.first_child != kNone) {
    entries[parent.first_child].previous = id;
  }
  parent.first_child = id;
  ++parent.children;
  entry_index.InsertOver(Key(entry.parent, entry.name_hash), id,
                         [&](uint32_t i) { return !entries[i].alive; });
  entries.push_back(entry);
  return id;
}

uint32_t MergedTree::State::MakeFolder(uint32_t parent, std::string_view name, uint32_t layer) {
  Entry entry;
  entry.parent = parent;
  entry.layer = layer;
  entry.name = name;
  entry.name_hash = NameHash(name);
  return Insert(entry);
}

void MergedTree::State::Unlink(uint32_t id) {
  const Entry& entry = entries[id];
  Entry& parent = entries[entry.parent];
  --parent.children;
  if (entry.previous != kNone) {
    entries[entry.previous].next = entry.next;
  } else {
    parent.first_child = entry.next;
  }
  if (entry.next != kNone) {
    entries[entry.next].previous = entry.previous;
  }
}

void MergedTree::State::Remove(uint32_t id) {
  Unlink(id);
  std::vector<uint32_t> todo = {id};
  while (!todo.empty()) {
    Entry& entry = entries[todo.back()];
    todo.pop_back();
    entry.alive = false;
    for (uint32_t child = entry.first_child; child != kNone; child = entries[child].next) {
      todo.push_back(child);
    }
  }
}

void MergedTree::State::HideLower(uint32_t folder, uint32_t layer) {
  std::vector<uint32_t> todo = {folder};
  while (!todo.empty()) {
    const uint32_t at = todo.back();
    todo.pop_back();
    if (std::exchange(entries[at].hidden_by, layer) == layer) {
      continue;
    }
    // Contributions are in layer order: those of this layer come first.
    uint32_t* link = &entries[at].contributions;
    while (*link != kNone && contributions[*link].layer >= layer) {
      link = &contributions[*link].next;
    }
    *link = kNone;
    for (uint32_t child = entries[at].first_child; child != kNone;) {
      const uint32_t next = entries[child].next;
      if (entries[child].layer < layer) {
        Remove(child);
      } else if (entries[child].kind == EntryKind::kFolder) {
        todo.push_back(child);
      }
      child = next;
    }
  }
}

void MergedTree::State::RemoveLower(uint32_t folder, uint64_t name_hash, uint32_t layer) {
  const uint32_t child = entry_index.Find(Key(folder, name_hash), [&](uint32_t i) {
    const Entry& entry = entries[i];
    return entry.alive && entry.parent == folder && entry.name_hash == name_hash;
  });
  if (child != kNone && entries[child].layer < layer) {
    Remove(child);
  }
}

void MergedTree::State::Whiteout(uint32_t folder, std::string_view name, uint32_t layer) {
  const uint64_t hash = NameHash(name);
  if (const uint32_t child = Find(folder, name, hash); child != kNone) {
    if (entries[child].layer < layer) {
      Remove(child);
    } else if (entries[child].kind == EntryKind::kFolder) {
      HideLower(child, layer);
    }
  }
  if (entries[folder].contributions == kNone) {
    return;
  }
  const uint64_t key = Key(folder, hash);
  const uint32_t known = removal_index.Find(key, [&](uint32_t i) {
    return removals[i].folder == folder && removals[i].name_hash == hash;
  });
  if (known != kNone) {
    removals[known].layer = layer;
  } else {
    removal_index.Insert(key, static_cast<uint32_t>(removals.size()));
    removals.push_back({folder, hash, layer});
  }
}

std::string MergedTree::State::Path(uint32_t id) const {
  size_t size = 0;
  for (uint32_t at = id; at != kRoot; at = entries[at].parent) {
    size += entries[at].name.size() + 1;
  }
  if (size == 0) {
    return {};
  }
  std::string out(size - 1, '/');
  size_t end = out.size();
  for (uint32_t at = id; at != kRoot; at = entries[at].parent) {
    const std::string_view name = entries[at].name;
    end -= name.size();
    name.copy(out.data() + end, name.size());
    end -= end != 0 ? 1 : 0;
  }
  return out;
}

std::string MergedTree::State::StoredPath(uint32_t layer, uint32_t folder,
                                          std::string_view name) const {
  std::string out = layers[layer].FolderPath(folder);
  if (!out.empty()) {
    out += '/';
  }
  return out.append(name);
}

}  // namespace scantling::image
