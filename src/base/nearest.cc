// See nearest.h.
#include "base/nearest.h"

#include <algorithm>
#include <vector>

namespace scantling::base {
namespace {

constexpr size_t kLongestName = 64;

size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

template <typename Text>
std::string NearestOf(std::string_view name, std::span<const Text> candidates) {
  if (name.size() > kLongestName) {
    return "";
  }
  std::string_view best;
  size_t best_distance = std::max<size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const size_t distance = Distance(name, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return std::string(best);
}

}  // namespace

std::string Nearest(std::string_view name, std::span<const std::string_view> candidates) {
  return NearestOf(name, candidates);
}

std::string Nearest(std::string_view name, std::span<const std::string> candidates) {
  return NearestOf(name, candidates);
}

}  // namespace scantling::base
