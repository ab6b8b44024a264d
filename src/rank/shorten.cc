#include "rank/shorten.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace scantling::rank {
namespace {

enum class Width : uint8_t { kFamily, kKind };

std::string GroupOf(const Proposal& proposal, Width width) {
  return width == Width::kFamily ? proposal.family
                                 : std::string(model::ToString(proposal.action.kind));
}

// How many lines `proposals` needs when those from `keep` on share one per group.
size_t LinesWith(const std::vector<Proposal>& proposals, size_t keep, Width width) {
  std::set<std::string> groups;
  for (size_t i = keep; i < proposals.size(); ++i) {
    groups.insert(GroupOf(proposals[i], width));
  }
  return keep + groups.size();
}

std::string MergedTitle(const Proposal& first, const std::string& noun, size_t count,
                        const std::vector<std::string>& names) {
  std::string head;
  switch (first.action.kind) {
    case model::ActionKind::kBump:
      head = "bump ";
      break;
    case model::ActionKind::kRebuildBinary:
      head = "rebuild ";
      break;
    case model::ActionKind::kRefreshLayer:
      head = "refresh ";
      break;
    case model::ActionKind::kTakeOut:
      head = "take out ";
      break;
    default:
      return first.action.title;
  }
  head += std::to_string(count) + " more " + noun + ": ";
  return Shortened(head + NameList(names, kTitleColumns - head.size()), kTitleColumns);
}

Proposal Merge(const View& view, std::vector<Proposal> parts, const std::string& group) {
  if (parts.size() == 1) {
    return std::move(parts.front());
  }
  Proposal out;
  Proposal& first = parts.front();
  out.action.kind = first.action.kind;
  out.action.id = std::string(model::ToString(first.action.kind)) + ":more:" + group;
  out.action.owner = first.action.owner;
  out.family = first.family;
  out.noun = first.noun;
  const bool one_noun = std::all_of(parts.begin(), parts.end(),
                                    [&](const Proposal& part) { return part.noun == first.noun; });
  std::vector<std::string> names;
  for (const Proposal& part : parts) {
    names.push_back(part.short_name);
  }
  out.action.title = MergedTitle(first, one_noun ? first.noun : "packages", parts.size(), names);
  const int32_t layer = first.action.layer;
  if (std::all_of(parts.begin(), parts.end(),
                  [layer](const Proposal& part) { return part.action.layer == layer; })) {
    SetLayer(view, layer, out.action);
  }
  for (Proposal& part : parts) {
    std::string step = std::move(part.action.title);
    if (!part.action.steps.empty()) {
      step.append(": ").append(part.action.steps.front());
    }
    out.action.steps.push_back(std::move(step));
    out.findings.insert(out.findings.end(), part.findings.begin(), part.findings.end());
  }
  out.risk = view.RiskOf(out.findings);
  return out;
}

}  // namespace

void SortProposals(std::vector<Proposal>& proposals) {
  std::sort(proposals.begin(), proposals.end(), [](const Proposal& a, const Proposal& b) {
    if (a.risk != b.risk) {
      return a.risk > b.risk;
    }
    if (a.action.due != b.action.due) {
      return b.action.due.empty() || (!a.action.due.empty() && a.action.due < b.action.due);
    }
    return a.action.id < b.action.id;
  });
}

std::vector<Proposal> Shorten(const View& view, std::vector<Proposal> proposals) {
  if (proposals.size() <= kMaxActions) {
    return proposals;
  }
  // As many lines of their own as possible; families are joined before whole kinds are, unless that
  // leaves fewer than two.
  constexpr size_t kWantedAlone = 2;
  Width width = Width::kFamily;
  size_t keep = kMaxActions;
  while (keep > 0 && LinesWith(proposals, keep, width) > kMaxActions) {
    --keep;
  }
  if (keep < kWantedAlone) {
    width = Width::kKind;
    keep = kMaxActions;
    while (keep > 0 && LinesWith(proposals, keep, width) > kMaxActions) {
      --keep;
    }
  }
  std::map<std::string, std::vector<Proposal>> groups;
  std::vector<Proposal> out;
  for (size_t i = 0; i < proposals.size(); ++i) {
    if (i < keep) {
      out.push_back(std::move(proposals[i]));
    } else {
      std::string group = GroupOf(proposals[i], width);
      groups[std::move(group)].push_back(std::move(proposals[i]));
    }
  }
  // A line of many comes after those of one: each of its parts is worth less than any of them.
  std::vector<Proposal> shared;
  for (auto& [group, parts] : groups) {
    std::vector<Proposal>& place = parts.size() == 1 ? out : shared;
    place.push_back(Merge(view, std::move(parts), group));
  }
  SortProposals(out);
  SortProposals(shared);
  std::move(shared.begin(), shared.end(), std::back_inserter(out));
  return out;
}

}  // namespace scantling::rank
