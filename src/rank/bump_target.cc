#include "rank/bump_target.h"

#include "base/strings.h"
#include "version/compare.h"

#include <algorithm>

namespace scantling::rank {
namespace {

using version::Ecosystem;

// A package with more fixes than this gets its target from the highest of them.
constexpr size_t kMaxCandidates = 128;

int Order(Ecosystem ecosystem, std::string_view a, std::string_view b) {
  return version::Compare(ecosystem, a, b).value_or(0);
}

std::string_view WithoutPrefix(std::string_view version) {
  if (version.starts_with("go")) {
    version.remove_prefix(2);
  } else if (version.starts_with("v")) {
    version.remove_prefix(1);
  }
  return version;
}

std::string_view MajorOf(std::string_view version) {
  version = WithoutPrefix(version);
  return version.substr(0, version.find_first_of(".-+~_"));
}

// How many dotted parts two versions begin with in common.
size_t CommonParts(std::string_view a, std::string_view b) {
  a = WithoutPrefix(a);
  b = WithoutPrefix(b);
  size_t common = 0;
  while (true) {
    const size_t end_a = a.find('.');
    const size_t end_b = b.find('.');
    if (a.substr(0, end_a) != b.substr(0, end_b)) {
      return common;
    }
    ++common;
    if (end_a == std::string_view::npos || end_b == std::string_view::npos) {
      return common;
    }
    a.remove_prefix(end_a + 1);
    b.remove_prefix(end_b + 1);
  }
}

uint64_t CountEnded(Ecosystem ecosystem, std::string_view version,
                    std::span<const BumpItem> items) {
  return static_cast<uint64_t>(std::count_if(items.begin(), items.end(), [&](const BumpItem& item) {
    return Ends(ecosystem, version, item);
  }));
}

}  // namespace

bool Ends(Ecosystem ecosystem, std::string_view version, const BumpItem& item) {
  if (item.fixed.empty() || Order(ecosystem, version, item.installed) <= 0 ||
      Order(ecosystem, version, item.fixed.front()) < 0) {
    return false;
  }
  size_t below = 0;  // the last fix that is not above `version`
  while (below + 1 < item.fixed.size() && Order(ecosystem, item.fixed[below + 1], version) <= 0) {
    ++below;
  }
  if (below + 1 == item.fixed.size() || Order(ecosystem, item.fixed[below], version) == 0) {
    return true;
  }
  return CommonParts(version, item.fixed[below]) > CommonParts(version, item.fixed[below + 1]);
}

BumpTarget ChooseTarget(Ecosystem ecosystem, std::span<const BumpItem> items) {
  std::vector<std::string_view> candidates;
  for (const BumpItem& item : items) {
    candidates.insert(candidates.end(), item.fixed.begin(), item.fixed.end());
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [&](std::string_view a, std::string_view b) { return Order(ecosystem, a, b) < 0; });
  if (candidates.size() > kMaxCandidates) {
    candidates.erase(candidates.begin(), candidates.end() - kMaxCandidates);
  }
  const auto stays = [&](std::string_view candidate) {
    return std::all_of(items.begin(), items.end(), [&](const BumpItem& item) {
      return MajorOf(item.installed) == MajorOf(candidate);
    });
  };
  BumpTarget out;
  BumpTarget same;
  for (const std::string_view candidate : candidates) {
    const uint64_t ends = CountEnded(ecosystem, candidate, items);
    if (ends > out.ends) {
      out.version = candidate;
      out.ends = ends;
    }
    if (ends > same.ends && stays(candidate)) {
      same.version = candidate;
      same.ends = ends;
    }
  }
  if (!out.version.empty() && !stays(out.version)) {
    out.same_major = same.version;
    out.same_major_ends = same.ends;
  }
  return out;
}

void AvoidKnownHoles(Ecosystem ecosystem, std::span<const BumpItem> items, const HolesAt& holes_at,
                     BumpTarget& target) {
  constexpr int kSteps = 8;
  std::vector<std::vector<std::string>> holes = holes_at(target.version);
  for (int step = 0; step < kSteps && !holes.empty(); ++step) {
    std::vector<BumpItem> next;
    for (const std::vector<std::string>& fixed : holes) {
      next.push_back({target.version, fixed});
    }
    const BumpTarget better = ChooseTarget(ecosystem, next);
    if (better.version.empty() || Order(ecosystem, better.version, target.version) <= 0 ||
        CountEnded(ecosystem, better.version, items) < target.ends) {
      break;
    }
    std::vector<std::vector<std::string>> left = holes_at(better.version);
    if (left.size() > holes.size()) {
      break;
    }
    target.version = better.version;
    holes = std::move(left);
  }
  target.holes = holes.size();
}

}  // namespace scantling::rank
