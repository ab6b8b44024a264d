// Sorts large structs by moving each once: a sort of the structs themselves moves each a dozen
// times, and a finding is over half a kilobyte.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace scantling::rank {

template <typename Item, typename Before>
void SortByIndex(std::vector<Item>& items, const Before& before) {
  std::vector<uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), uint32_t{0});
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return before(items[a], items[b]); });
  // Round each cycle of the permutation, in place: no second array of large structs.
  for (uint32_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) {
      continue;
    }
    Item first = std::move(items[start]);
    uint32_t at = start;
    while (order[at] != start) {
      items[at] = std::move(items[order[at]]);
      at = std::exchange(order[at], at);
    }
    items[at] = std::move(first);
    order[at] = at;
  }
}

}  // namespace scantling::rank
