// The merged-/usr folders are those of https://wiki.debian.org/UsrMerge and of file-hierarchy(7).
#include "catalog/common/owned_paths.h"

#include "image/layer_tree.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace scantling::catalog {
namespace {

constexpr std::array<std::string_view, 6> kMergedFolders = {"bin",   "sbin",  "lib",
                                                            "lib32", "lib64", "libx32"};

bool BelowMergedFolder(std::string_view folder) {
  return std::ranges::find(kMergedFolders, folder.substr(0, folder.find('/'))) !=
         kMergedFolders.end();
}

// Eight bytes at a time: lists of 100,000 paths share long prefixes.
size_t CommonPrefix(std::string_view a, std::string_view b) {
  const size_t size = std::min(a.size(), b.size());
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
    if (std::memcmp(a.data() + at, b.data() + at, sizeof(uint64_t)) != 0) {
      break;
    }
  }
  while (at < size && a[at] == b[at]) {
    ++at;
  }
  return at;
}

}  // namespace

std::string_view StripRoot(std::string_view path) {
  while (path.starts_with('/') || path.starts_with("./")) {
    path.remove_prefix(path.front() == '/' ? 1 : 2);
  }
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return path == "." ? std::string_view() : path;
}

void OwnedPaths::Add(std::string_view path) {
  path = StripRoot(path);
  if (path.empty()) {
    return;
  }
  const auto* slash = static_cast<const char*>(memrchr(path.data(), '/', path.size()));
  if (slash == nullptr) {
    Enter({});
    AddFile(path);
    return;
  }
  const auto length = static_cast<size_t>(slash - path.data());
  Enter(StripRoot(path.substr(0, length)));
  AddFile(path.substr(length + 1));
}

OwnedPaths::OwnedPaths(std::vector<uint64_t>& out) : out_(out), levels_{{0, FolderOf({})}} {}

OwnedPaths::Folder OwnedPaths::FolderOf(std::string_view path) {
  path = StripRoot(path);
  Folder folder = {
      .hash = image::FolderHash(path), .merged_hash = 0, .merged = BelowMergedFolder(path)};
  if (folder.merged) {
    folder.merged_hash = image::FolderHash("usr/" + std::string(path));
  }
  return folder;
}

void OwnedPaths::EnterFolder(std::string_view folder) { Enter(StripRoot(folder)); }

void OwnedPaths::Enter(std::string_view folder) {
  if (folder == path_) {
    return;
  }
  const size_t common = CommonPrefix(folder, path_);
  const auto shared = [&](size_t end) {
    return end == 0 || (end <= common && (end == folder.size() || folder[end] == '/'));
  };
  while (!shared(levels_.back().end)) {
    levels_.pop_back();
  }
  path_ = folder;
  while (levels_.back().end < folder.size()) {
    const Level& above = levels_.back();
    const size_t start = above.end == 0 ? 0 : above.end + 1;
    const size_t end = std::min(folder.find('/', start), folder.size());
    const std::string_view name = folder.substr(start, end - start);
    Folder next;
    if (above.end == 0) {
      next = FolderOf(name);
    } else {
      next = {
          .hash = image::PathHash(above.folder.hash, name),
          .merged_hash = above.folder.merged ? image::PathHash(above.folder.merged_hash, name) : 0,
          .merged = above.folder.merged};
    }
    levels_.push_back({end, next});
  }
}

void OwnedPaths::AddFile(const Folder& folder, std::string_view name) {
  out_.push_back(image::PathHash(folder.hash, name));
  if (folder.merged) {
    out_.push_back(image::PathHash(folder.merged_hash, name));
  }
}

}  // namespace scantling::catalog
