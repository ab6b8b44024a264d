// The merged-/usr folders are those of https://wiki.debian.org/UsrMerge and of file-hierarchy(7).
#include "catalog/common/owned_paths.h"

#include "image/layer_tree.h"

#include <algorithm>
#include <array>

namespace scantling::catalog {
namespace {

constexpr std::array<std::string_view, 6> kMergedFolders = {"bin",   "sbin",  "lib",
                                                            "lib32", "lib64", "libx32"};

bool BelowMergedFolder(std::string_view folder) {
  return std::ranges::find(kMergedFolders, folder.substr(0, folder.find('/'))) !=
         kMergedFolders.end();
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
  const size_t slash = path.rfind('/');
  EnterFolder(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
  AddFile(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

void OwnedPaths::EnterFolder(std::string_view folder) {
  folder = StripRoot(folder);
  if (entered_ && folder == folder_) {
    return;
  }
  entered_ = true;
  folder_ = folder;
  folder_hash_ = image::FolderHash(folder);
  merged_ = BelowMergedFolder(folder);
  if (merged_) {
    merged_hash_ = image::FolderHash("usr/" + folder_);
  }
}

void OwnedPaths::AddFile(std::string_view name) {
  if (!entered_) {
    EnterFolder({});
  }
  out_.push_back(image::PathHash(folder_hash_, name));
  if (merged_) {
    out_.push_back(image::PathHash(merged_hash_, name));
  }
}

}  // namespace scantling::catalog
