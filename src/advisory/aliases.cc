#include "advisory/aliases.h"

#include "advisory/ids.h"

#include <algorithm>

namespace scantling::advisory {

uint32_t Aliases::Find(uint32_t node) {
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

uint32_t Aliases::GroupOf(Text id) {
  const auto [place, is_new] = nodes_.emplace(id, static_cast<uint32_t>(parent_.size()));
  if (is_new) {
    parent_.push_back(place->second);
    ids_.push_back(id);
    cve_.push_back(IsCve(texts_.Get(id)) ? id : 0);
  }
  return Find(place->second);
}

bool Aliases::Join(Text a, Text b) {
  uint32_t first = GroupOf(a);
  uint32_t second = GroupOf(b);
  if (first == second) {
    return true;
  }
  if (cve_[first] != 0 && cve_[second] != 0) {
    return false;
  }
  if (first > second) {
    std::swap(first, second);
  }
  parent_[second] = first;
  cve_[first] = cve_[first] != 0 ? cve_[first] : cve_[second];
  return true;
}

std::unordered_map<uint32_t, std::vector<Text>> Aliases::Groups() {
  std::unordered_map<uint32_t, std::vector<Text>> out;
  for (uint32_t node = 0; node < parent_.size(); ++node) {
    out[Find(node)].push_back(ids_[node]);
  }
  for (const auto& [alias, id] : shared_) {
    auto& group = out[GroupOf(id)];
    if (std::find(group.begin(), group.end(), alias) == group.end()) {
      group.push_back(alias);
    }
  }
  return out;
}

}  // namespace scantling::advisory
