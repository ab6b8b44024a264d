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

OwnedPaths::Folder OwnedPaths::FolderOf(std::string_view path) {
  path = StripRoot(path);
  Folder folder = {
      .hash = image::FolderHash(path), .merged_hash = 0, .merged = BelowMergedFolder(path)};
  if (folder.merged) {
    folder.merged_hash = image::FolderHash("usr/" + std::string(path));
  }
  return folder;
}

void OwnedPaths::EnterFolder(std::string_view folder) {
  folder = StripRoot(folder);
  if (folder != path_) {
    path_ = folder;
    current_ = FolderOf(folder);
  }
}

void OwnedPaths::AddFile(const Folder& folder, std::string_view name) {
  out_.push_back(image::PathHash(folder.hash, name));
  if (folder.merged) {
    out_.push_back(image::PathHash(folder.merged_hash, name));
  }
}

}  // namespace scantling::catalog
