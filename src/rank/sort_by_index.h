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
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const uint32_t at : order) {
    sorted.push_back(std::move(items[at]));
  }
  items = std::move(sorted);
}

}  // namespace scantling::rank
