// See node_chains.h. A breadth-first walk from each project; where a folder of packages has no
// project (global installs), from the packages in it that no other one there needs.
#include "catalog/node_chains.h"

#include "base/strings.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace scantling::catalog {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

class Chains {
 public:
  Chains(const std::vector<NodePackage>& packages, const image::MergedTree& tree)
      : packages_(packages), tree_(tree), parent_(packages.size(), kNone), seen_(packages.size()) {
    for (size_t i = 0; i < packages.size(); ++i) {
      by_folder_.emplace(base::DirName(packages[i].path), i);
      linked_store_ = linked_store_ || packages[i].path.find("/.pnpm/") != std::string::npos ||
                      packages[i].path.find("/.store/") != std::string::npos;
    }
  }

  std::vector<std::vector<std::string>> Run() {
    std::vector<size_t> order(packages_.size());
    for (size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return std::tie(packages_[a].name, packages_[a].version, packages_[a].path) <
             std::tie(packages_[b].name, packages_[b].version, packages_[b].path);
    });
    std::deque<size_t> queue;
    for (const size_t i : order) {
      if (packages_[i].is_root) {
        seen_[i] = true;
        for (const size_t child : Children(i)) {
          Add(queue, child, kNone);
        }
      }
    }
    Walk(queue);
    // No project reached these. Start from those that nothing unreached needs, then from whatever
    // is left (cycles).
    std::vector<bool> needed(packages_.size());
    for (const size_t i : order) {
      if (!seen_[i]) {
        for (const size_t child : Children(i)) {
          needed[child] = needed[child] || child != i;
        }
      }
    }
    for (const bool also_needed : {false, true}) {
      for (const size_t i : order) {
        if (!seen_[i] && needed[i] == also_needed) {
          Add(queue, i, kNone);
          if (also_needed) {
            Walk(queue);
          }
        }
      }
      Walk(queue);
    }
    std::vector<std::vector<std::string>> out(packages_.size());
    for (size_t i = 0; i < packages_.size(); ++i) {
      for (size_t at = parent_[i]; at != kNone; at = parent_[at]) {
        out[i].push_back(base::ToUtf8(packages_[at].name + "@" + packages_[at].version));
      }
      std::reverse(out[i].begin(), out[i].end());
    }
    return out;
  }

 private:
  void Add(std::deque<size_t>& queue, size_t package, size_t parent) {
    if (!seen_[package]) {
      seen_[package] = true;
      parent_[package] = parent;
      queue.push_back(package);
    }
  }

  void Walk(std::deque<size_t>& queue) {
    while (!queue.empty()) {
      const size_t at = queue.front();
      queue.pop_front();
      for (const size_t child : Children(at)) {
        Add(queue, child, at);
      }
    }
  }

  // Resolved needs, by name.
  std::vector<size_t> Children(size_t package) const {
    std::vector<size_t> out;
    std::vector<std::string> needs = *packages_[package].needs;
    std::sort(needs.begin(), needs.end());
    for (const std::string& name : needs) {
      if (const size_t found = Find(base::DirName(packages_[package].path), name); found != kNone) {
        out.push_back(found);
      }
    }
    return out;
  }

  size_t Find(std::string_view folder, const std::string& name) const {
    while (true) {
      if (base::BaseName(folder) != "node_modules") {
        const std::string candidate =
            std::string(folder) + (folder.empty() ? "" : "/") + "node_modules/" + name;
        if (const auto it = by_folder_.find(candidate); it != by_folder_.end()) {
          return it->second;
        }
        if (linked_store_) {
          const auto link = tree_.Resolve(candidate);
          if (link.kind == image::MergedTree::Kind::kFolder) {
            const auto it = by_folder_.find(link.path);
            return it == by_folder_.end() ? kNone : it->second;
          }
        }
      }
      if (folder.empty()) {
        return kNone;
      }
      folder = base::DirName(folder);
    }
  }

  const std::vector<NodePackage>& packages_;
  const image::MergedTree& tree_;
  std::unordered_map<std::string_view, size_t> by_folder_;
  std::vector<size_t> parent_;
  std::vector<bool> seen_;
  bool linked_store_ = false;  // pnpm and the like: node_modules holds links into a store
};

}  // namespace

std::vector<std::vector<std::string>> NodeChains(const std::vector<NodePackage>& packages,
                                                 const image::MergedTree& tree) {
  return Chains(packages, tree).Run();
}

}  // namespace scantling::catalog
