// The paths that an OS package owns, as hashes: what dpkg's *.list, apk's F:/R: lines and rpm's
// file tags all give.
//
// A path below one of the folders that a merged /usr turns into links (bin, sbin, lib, lib32,
// lib64, libx32) is added under usr/ as well: package lists may keep the old spelling, the tree has
// the file under usr/. Not handled: "..", "." and empty parts inside a path; no package manager
// writes them, their hash matches nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog {

// Borrows the vector. The last folder's hash is kept, so that files in one folder cost one hash
// each. Single thread.
class OwnedPaths {
 public:
  // A folder's part of the hash, for callers that come back to folders (rpm's folder table).
  struct Folder {
    uint64_t hash = 0;
    uint64_t merged_hash = 0;  // of the spelling under usr/
    bool merged = false;
  };
  static Folder FolderOf(std::string_view path);  // "/usr/bin/", "usr/bin", "" = root

  explicit OwnedPaths(std::vector<uint64_t>& out);

  // "/usr/bin/x", "./usr/bin/x" or "usr/bin/x". The root itself is not added.
  void Add(std::string_view path);

  // Files of one folder: the folder, then its files.
  void EnterFolder(std::string_view folder);
  void AddFile(std::string_view name) { AddFile(levels_.back().folder, name); }
  void AddFile(const Folder& folder, std::string_view name);

 private:
  void Enter(std::string_view folder);  // Requires: stripped
  std::vector<uint64_t>& out_;
  // The root, then one per part of path_.
  struct Level {
    size_t end = 0;  // in path_
    Folder folder;
  };
  std::string path_;
  std::vector<Level> levels_;
};

// Without leading "/", "./" and trailing "/"; "" for the root.
std::string_view StripRoot(std::string_view path);

}  // namespace scantling::catalog
