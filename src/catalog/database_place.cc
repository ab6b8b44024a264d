// See database_place.h. Folders: dpkg(1), apk(8), and rpm's %_dbpath of Fedora, SUSE and image
// builders.
#include "catalog/database_place.h"

#include "base/strings.h"

#include <array>
#include <map>
#include <string>
#include <tuple>

namespace scantling::catalog {
namespace {

// Longer ones first: "lib/dpkg" is also the end of "var/lib/dpkg".
constexpr std::array<std::string_view, 8> kFolders = {
    "var/lib/dpkg/", "usr/lib/apk/db/", "usr/lib/sysimage/rpm/",
    "var/lib/rpm/",  "usr/share/rpm/",  "lib/apk/db/",
    "lib/dpkg/",     "lib/rpm/",
};

// Smaller is preferred; -1 for what is no rpm database.
int KindRank(std::string_view path) {
  const std::string_view name = base::BaseName(path);
  return name == "rpmdb.sqlite" ? 0 : name == "Packages.db" ? 1 : name == "Packages" ? 2 : -1;
}

}  // namespace

std::string_view RootOf(std::string_view database_path) {
  for (const std::string_view folder : kFolders) {
    const size_t at = database_path.find(folder);
    if (at == 0) {
      return {};
    }
    if (at != std::string_view::npos && database_path[at - 1] == '/') {
      return database_path.substr(0, at - 1);
    }
  }
  return {};
}

std::unordered_set<const VisibleFile*> ReplacedRpmDatabases(const std::vector<VisibleFile>& files,
                                                            const image::MergedTree& tree) {
  using Rank = std::tuple<int, int, std::string_view>;
  std::map<std::string_view, std::pair<Rank, const VisibleFile*>> live;  // by root
  std::unordered_set<const VisibleFile*> replaced;
  for (const VisibleFile& file : files) {
    const int kind = KindRank(file.path);
    if (kind < 0 || file.result->facts.records.empty() ||
        file.result->facts.records.front().component.type != version::Ecosystem::kRpm) {
      continue;
    }
    const std::string_view root = RootOf(file.path);
    const std::string place = std::string(root) + (root.empty() ? "" : "/") + "var/lib/rpm";
    const image::MergedTree::Lookup used = tree.Resolve(place);
    const bool there =
        used.kind == image::MergedTree::Kind::kFolder && base::DirName(file.path) == used.path;
    const Rank rank{there ? 0 : 1, kind, file.path};
    const auto [it, first] = live.try_emplace(root, rank, &file);
    if (first) {
      continue;
    }
    if (rank < it->second.first) {
      replaced.insert(it->second.second);
      it->second = {rank, &file};
    } else {
      replaced.insert(&file);
    }
  }
  return replaced;
}

}  // namespace scantling::catalog
