// See holes.h.
#include "program/holes.h"

#include <algorithm>

namespace scantling::program {
namespace {

void MakeSet(std::vector<uint32_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

bool SeesContent(const View& view, const Scope& scope, uint32_t index) {
  if (scope.everything) {
    return true;
  }
  const Fleet& fleet = view.fleet();
  const Content& content = fleet.contents()[index];
  if (content.owner != 0 && scope.Sees(fleet.texts()[content.owner])) {
    return true;
  }
  if (content.image_owner != 0 && scope.Sees(fleet.texts()[content.image_owner])) {
    return true;
  }
  // A reporter that may not be taken at its word gives sight of what only its own people have told
  // of, or nobody.
  const bool untold = !view.HasInventory(index) && content.names.empty();
  const bool own =
      untold || std::any_of(content.claimed_by.begin(), content.claimed_by.end(),
                            [&](uint32_t owner) { return scope.Sees(fleet.texts()[owner]); });
  return std::any_of(
      view.copies_of(index).begin(), view.copies_of(index).end(), [&](uint32_t copy_index) {
        const Copy& copy = fleet.copies()[copy_index];
        const bool claimed =
            copy.reporter != kNone && fleet.reporters()[copy.reporter].claimed && !own;
        return !claimed && copy.owner != 0 && scope.Sees(fleet.texts()[copy.owner]);
      });
}

CopyCounts CopiesSeen(const View& view, const Scope& scope, uint32_t content) {
  if (scope.everything) {
    return {view.counts(content).running, view.counts(content).unknown};
  }
  CopyCounts out;
  for (const uint32_t copy : view.copies_of(content)) {
    if (SeesCopy(view, scope, copy)) {
      (view.Known(copy) ? out.running : out.unknown) += 1;
    }
  }
  return out;
}

bool NamesOthers(const View& view, const Scope& scope, std::string_view repository,
                 std::string_view tag) {
  const Fleet& fleet = view.fleet();
  return std::any_of(fleet.names().begin(), fleet.names().end(), [&](const Name& name) {
    if (!name.edge || !name.HoldsAt(view.as_of()) || fleet.texts()[name.repository] != repository ||
        fleet.texts()[name.tag] != tag) {
      return false;
    }
    const Content& content = fleet.contents()[name.content];
    const auto theirs = [&](uint32_t owner) { return scope.Sees(fleet.texts()[owner]); };
    return !(content.owner != 0 && theirs(content.owner)) &&
           std::none_of(content.claimed_by.begin(), content.claimed_by.end(), theirs);
  });
}

Gap GapSeen(const View& view, const Scope& scope, uint32_t copy) {
  const uint32_t content = view.fleet().copies()[copy].content;
  return content == kNone || SeesContent(view, scope, content) ? view.CopyGap(copy)
                                                               : Gap::kNeverScanned;
}

bool SeesCopy(const View& view, const Scope& scope, uint32_t index) {
  const Copy& copy = view.fleet().copies()[index];
  return scope.everything || (copy.owner != 0 && scope.Sees(view.fleet().texts()[copy.owner]));
}

HoleCounter::HoleCounter(const View& view, const Scope& scope) : view_(view) {
  const Fleet& fleet = view.fleet();
  const size_t contents = fleet.contents().size();
  copies_.resize(contents);
  owners_.resize(contents);
  seen_.resize(contents);
  counted_.resize(contents, kNone);
  unfixable_.resize(contents, kNone);
  accepted_.resize(contents, kNone);
  named_.resize(fleet.texts().size(), kNone);
  for (uint32_t content = 0; content < contents; ++content) {
    seen_[content] = view.HasInventory(content) && SeesContent(view, scope, content);
    if (!seen_[content]) {
      continue;
    }
    for (const uint32_t copy : view.copies_of(content)) {
      if (SeesCopy(view, scope, copy)) {
        ++copies_[content];
        owners_[content].push_back(fleet.copies()[copy].owner);
      }
    }
    if (view.copies_of(content).empty()) {
      owners_[content].push_back(fleet.contents()[content].owner);
    }
    MakeSet(owners_[content]);
  }
}

HoleCounts HoleCounter::Count(uint32_t index, std::vector<uint32_t>* maybe_contents,
                              bool with_accepted) {
  const Fleet& fleet = view_.fleet();
  // Marks of an earlier count of the same vulnerability would hold this one up.
  const uint32_t mark = turn_++;
  const bool any_accepted = view_.AnyAccepted(index);
  HoleCounts out;
  uint32_t without_fix = 0;
  for (const uint32_t m : fleet.vulnerabilities()[index].matches) {
    const Match& match = fleet.matches()[m];
    if (!match.OpenAt(view_.as_of())) {
      continue;
    }
    bool here = false;
    for (const uint32_t content : fleet.components()[match.component].contents) {
      if (!seen_[content]) {
        continue;
      }
      here = true;
      if (any_accepted && view_.Accepted(content, match)) {
        out.accepted += accepted_[content] == mark ? 0 : 1;
        accepted_[content] = mark;
        if (!with_accepted) {
          continue;
        }
      }
      if (counted_[content] != mark) {
        counted_[content] = mark;
        ++out.images;
        out.copies += copies_[content];
        for (const uint32_t owner : owners_[content]) {
          if (named_[owner] != mark) {
            named_[owner] = mark;
            out.owners.push_back(owner);
          }
        }
        if (maybe_contents != nullptr) {
          maybe_contents->push_back(content);
        }
      }
      if (match.fixed_versions == 0 && unfixable_[content] != mark) {
        unfixable_[content] = mark;
        ++without_fix;
      }
    }
    if (here && (out.since == 0 || match.opened < out.since)) {
      out.since = match.opened;
    }
  }
  out.fixable = out.images - without_fix;
  std::sort(out.owners.begin(), out.owners.end(),
            [&](uint32_t a, uint32_t b) { return fleet.texts()[a] < fleet.texts()[b]; });
  out.owners.shrink_to_fit();
  if (maybe_contents != nullptr) {
    std::sort(maybe_contents->begin(), maybe_contents->end());
  }
  return out;
}

Spread SpreadOf(const View& view, const Scope& scope, uint32_t vulnerability) {
  Spread out;
  HoleCounter counter(view, scope);
  out.counts = counter.Count(vulnerability, &out.contents, true);
  return out;
}

bool HasHole(const View& view, const Scope& scope, uint32_t vulnerability) {
  const Fleet& fleet = view.fleet();
  const auto& matches = fleet.vulnerabilities()[vulnerability].matches;
  return std::any_of(matches.begin(), matches.end(), [&](uint32_t m) {
    const Match& match = fleet.matches()[m];
    const auto& contents = fleet.components()[match.component].contents;
    return match.OpenAt(view.as_of()) &&
           std::any_of(contents.begin(), contents.end(), [&](uint32_t content) {
             return view.HasInventory(content) && !view.Accepted(content, match) &&
                    SeesContent(view, scope, content);
           });
  });
}

std::vector<uint32_t> EverWith(const View& view, const Scope& scope, uint32_t vulnerability) {
  const Fleet& fleet = view.fleet();
  std::vector<uint32_t> out;
  for (const uint32_t m : fleet.vulnerabilities()[vulnerability].matches) {
    for (const uint32_t content : fleet.components()[fleet.matches()[m].component].contents) {
      if (view.HasInventory(content) && SeesContent(view, scope, content)) {
        out.push_back(content);
      }
    }
  }
  MakeSet(out);
  return out;
}

bool SeesVulnerability(const View& view, const Scope& scope, uint32_t vulnerability) {
  return scope.everything || !EverWith(view, scope, vulnerability).empty();
}

bool SeesDecision(const View& view, const Scope& scope, std::string_view repository,
                  const std::vector<uint32_t>& contents) {
  return scope.everything || std::any_of(contents.begin(), contents.end(), [&](uint32_t content) {
           const std::vector<std::string> names = view.RepositoriesOf(content);
           return repository.empty() || std::any_of(names.begin(), names.end(), [&](auto& name) {
                    return GlobMatches(repository, name);
                  });
         });
}

// What a viewer who sees everything asks for is made once.
template <typename Counts, typename Make>
std::shared_ptr<const std::vector<Counts>> Once(const Scope& scope, View::Shared<Counts>& shared,
                                                const Make& make) {
  if (!scope.everything) {
    return make();
  }
  std::call_once(shared.once, [&] { shared.counts = make(); });
  return shared.counts;
}

std::shared_ptr<const std::vector<HoleCounts>> HolesOf(const View& view, const Scope& scope) {
  return Once(scope, view.shared_holes(), [&] {
    HoleCounter counter(view, scope);
    auto out = std::make_shared<std::vector<HoleCounts>>();
    const auto count = static_cast<uint32_t>(view.fleet().vulnerabilities().size());
    out->reserve(count);
    for (uint32_t index = 0; index < count; ++index) {
      out->push_back(counter.Count(index));
    }
    return out;
  });
}

std::shared_ptr<const std::vector<ComponentCounts>> ComponentCountsOf(const View& view,
                                                                      const Scope& scope) {
  return Once(scope, view.shared_components(), [&] {
    const Fleet& fleet = view.fleet();
    std::vector<bool> seen(fleet.contents().size());
    for (uint32_t content = 0; content < seen.size(); ++content) {
      seen[content] = view.HasInventory(content) && SeesContent(view, scope, content);
    }
    auto out = std::make_shared<std::vector<ComponentCounts>>();
    out->reserve(fleet.components().size());
    for (const ComponentVersion& component : fleet.components()) {
      ComponentCounts counts;
      for (const uint32_t content : component.contents) {
        if (seen[content]) {
          ++counts.images;
          const CopyCounts copies = CopiesSeen(view, scope, content);
          counts.copies += copies.running + copies.unknown;
        }
      }
      out->push_back(counts);
    }
    return out;
  });
}

Rebuild RebuildOf(const View& view, uint32_t content, uint32_t component) {
  const Content& image = view.fleet().contents()[content];
  const auto use =
      std::lower_bound(image.components.begin(), image.components.end(), component,
                       [](const Uses& a, uint32_t wanted) { return a.component < wanted; });
  const bool base = use != image.components.end() && use->component == component && use->base &&
                    image.base_name != 0;
  if (base) {
    return {true, std::string(view.fleet().texts()[image.base_name]), image.image_owner};
  }
  const std::vector<std::string> names = view.RepositoriesOf(content);
  return {false, names.empty() ? view.NameOf(content) : names.front(), image.owner};
}

}  // namespace scantling::program
