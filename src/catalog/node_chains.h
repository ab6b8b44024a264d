// Which top-level npm package brings each nested one, by Node's own resolution rule: a package
// needed by one in folder D is the first node_modules/NAME found in D, then in D's parents
// (https://nodejs.org/api/modules.html#loading-from-node_modules-folders).
#pragma once

#include "image/merged_tree.h"

#include <string>
#include <vector>

namespace scantling::catalog {

struct NodePackage {
  std::string path;  // of its package.json in the merged tree
  std::string name;
  std::string version;
  const std::vector<std::string>* needs = nullptr;
  bool is_root = false;  // a project, not an installed package
};

// For each package the shortest chain from a top-level package down to the one before it, as
// "name@version"; empty for top-level packages, projects, and packages that nothing needs. Ties go
// to the alphabetically first chain.
std::vector<std::vector<std::string>> NodeChains(const std::vector<NodePackage>& packages,
                                                 const image::MergedTree& tree);

}  // namespace scantling::catalog
