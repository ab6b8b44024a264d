// Which ids name the same vulnerability. Union-find with one rule on top: a group holds at most one
// CVE, so aliases that chain ("GHSA-x is CVE-1 and, says another, CVE-2") never make two CVEs one.
#pragma once

#include "advisory/records.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::advisory {

class Aliases {
 public:
  explicit Aliases(const Interner& texts) : texts_(texts) {}

  // The group of an id, by one of its members; the id joins as a group of its own when it is new.
  uint32_t GroupOf(Text id);
  // Makes two ids one vulnerability, unless that would put two CVEs into one group.
  bool Join(Text a, Text b);
  // Another name for several vulnerabilities at once (a GO record that lists two CVEs).
  void AddShared(Text alias, Text id) { shared_.emplace_back(alias, id); }

  // All members, by group: group -> ids, in no order.
  std::unordered_map<uint32_t, std::vector<Text>> Groups();

 private:
  uint32_t Find(uint32_t node);

  const Interner& texts_;
  std::unordered_map<Text, uint32_t> nodes_;
  std::vector<Text> ids_;  // by node
  std::vector<uint32_t> parent_;
  std::vector<Text> cve_;  // by root; 0 none
  std::vector<std::pair<Text, Text>> shared_;
};

}  // namespace scantling::advisory
