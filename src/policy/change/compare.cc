// See compare.h.
#include "policy/change/compare.h"

#include "base/strings.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace scantling::policy {
namespace {

using Components = std::unordered_map<std::string_view, const model::Component*>;

Components ByRef(const model::Inventory& inventory) {
  Components out;
  out.reserve(inventory.components.size());
  for (const model::Component& component : inventory.components) {
    out.emplace(component.ref, &component);
  }
  return out;
}

const model::Component* Find(const Components& components, const std::string& ref) {
  const auto found = components.find(ref);
  return found == components.end() ? nullptr : found->second;
}

// (package, id) under every id that a finding has.
class Keys {
 public:
  void Add(std::string_view package, std::string_view id, const std::vector<std::string>& aliases) {
    keys_.insert(Key(package, id));
    for (const std::string& alias : aliases) {
      keys_.insert(Key(package, alias));
    }
  }
  bool Has(std::string_view package, std::string_view id,
           const std::vector<std::string>& aliases) const {
    return keys_.contains(Key(package, id)) ||
           std::any_of(aliases.begin(), aliases.end(), [&](const std::string& alias) {
             return keys_.contains(Key(package, alias));
           });
  }

 private:
  static std::string Key(std::string_view package, std::string_view id) {
    return std::string(package).append(1, '\0').append(id);
  }
  std::unordered_set<std::string> keys_;
};

// What the baseline has, for look-ups.
struct Before {
  Keys recorded;
  Keys rematched;
  std::unordered_set<std::string> versions;   // package, NUL, version
  std::unordered_set<std::string_view> gaps;  // paths that it could not read
  std::string as_of;                          // of its newest data, or when it was written
};

std::string Versioned(const std::string& package, const std::string& version) {
  return package + std::string(1, '\0') + version;
}

std::string DataDate(const Baseline& baseline) {
  const std::string newest = DatesOf(baseline.database).newest;
  return newest.empty() || baseline.recorded.empty() ? std::max(newest, baseline.recorded)
                                                     : std::min(newest, baseline.recorded);
}

// "2025-02-10 to 2025-02-18", one date where they are the same.
std::string DataRange(const Baseline& baseline) {
  const std::string oldest = DatesOf(baseline.database).oldest;
  const std::string newest = DataDate(baseline);
  return oldest.empty() || oldest >= newest ? newest : oldest + " to " + newest;
}

Before LookAt(const Baseline& baseline, const std::vector<model::Finding>& rematched,
              const Components& old) {
  Before out;
  for (const RecordedFinding& finding : baseline.findings) {
    out.recorded.Add(finding.package, finding.id, finding.aliases);
  }
  for (const model::Finding& finding : rematched) {
    if (const model::Component* component = Find(old, finding.component)) {
      out.rematched.Add(ComponentKey(*component), finding.id, finding.aliases);
    }
  }
  for (const model::Component& component : baseline.inventory.components) {
    out.versions.insert(Versioned(ComponentKey(component), component.version));
  }
  for (const model::Skipped& skipped : baseline.inventory.coverage.skipped) {
    if (!skipped.path.empty()) {
      out.gaps.insert(skipped.path);
    }
  }
  out.as_of = DataDate(baseline);
  return out;
}

// In a file that the baseline could not read: "app.jar!/lib/x.jar" lies in app.jar.
bool InGap(const Before& before, const model::Component& component) {
  if (before.gaps.empty()) {
    return false;
  }
  const auto gap = [&before](std::string_view path) {
    for (size_t end = path.size(); end != std::string_view::npos;
         end = end == 0 ? std::string_view::npos : path.rfind("!/", end - 1)) {
      if (before.gaps.contains(path.substr(0, end))) {
        return true;
      }
    }
    return false;
  };
  return std::any_of(component.locations.begin(), component.locations.end(),
                     [&gap](const model::Location& location) { return gap(location.path); }) ||
         (!component.container.empty() && gap(component.container));
}

model::Change Judge(const model::Finding& finding, const model::Component& component,
                    const Before& before, bool has_findings) {
  const std::string package = ComponentKey(component);
  const bool recorded = before.recorded.Has(package, finding.id, finding.aliases);
  const bool rematched = before.rematched.Has(package, finding.id, finding.aliases);
  const bool was_there = before.versions.contains(Versioned(package, component.version));
  const bool base = finding.origin == model::Origin::kBase;
  const auto old = [base] { return base ? model::Change::kInherited : model::Change::kExisting; };
  if (recorded) {
    return old();
  }
  if (was_there || rematched) {
    // It was there before this change; whether it was known is another question.
    if (has_findings ||
        (!finding.published.empty() && !before.as_of.empty() && finding.published > before.as_of)) {
      return model::Change::kNewInWorld;
    }
    return old();
  }
  if (base) {
    return model::Change::kInherited;
  }
  return InGap(before, component) ? model::Change::kUnknown : model::Change::kIntroduced;
}

std::string Count(uint64_t count, std::string_view one, std::string_view more) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : more);
}

// Findings of the baseline that the image no longer has; and how many recorded ones the data itself
// took back.
void Resolve(const model::Report& current, const Baseline& baseline,
             const std::vector<model::Finding>& rematched, const Components& now,
             const Components& old, const Before& before, model::Comparison& out) {
  Keys still;
  for (const model::Finding& finding : current.findings) {
    if (const model::Component* component = Find(now, finding.component)) {
      still.Add(ComponentKey(*component), finding.id, finding.aliases);
    }
  }
  for (const model::Finding& finding : rematched) {
    const model::Component* component = Find(old, finding.component);
    if (component != nullptr && !still.Has(ComponentKey(*component), finding.id, finding.aliases)) {
      model::Finding& gone = out.resolved.emplace_back(finding);
      gone.layer = component->layer;
      gone.change = model::Change::kUnknown;
      if (baseline.base_layers >= 0 && component->layer >= 0) {
        gone.origin = component->layer < baseline.base_layers ? model::Origin::kBase
                                                              : model::Origin::kApplication;
      }
    }
  }
  std::sort(out.resolved.begin(), out.resolved.end(),
            [](const model::Finding& a, const model::Finding& b) {
              return std::tie(a.id, a.component) < std::tie(b.id, b.component);
            });
  uint64_t taken_back = 0;
  for (const RecordedFinding& finding : baseline.findings) {
    if (!before.rematched.Has(finding.package, finding.id, finding.aliases) &&
        !still.Has(finding.package, finding.id, finding.aliases)) {
      ++taken_back;
    }
  }
  if (taken_back > 0) {
    out.notes.push_back(Count(taken_back, "finding", "findings") +
                        " that the baseline recorded no longer follow from today's data for the "
                        "same packages: the data changed, not the image");
  }
}

std::string DistroText(const model::Distro& distro) {
  return distro.id.empty() ? "no distribution"
                           : distro.id + (distro.version_id.empty() ? "" : " " + distro.version_id);
}

void SayWhatDiffers(const model::Report& current, const Baseline& baseline, uint64_t in_gaps,
                    std::vector<std::string>& notes) {
  const model::Image& now = current.inventory.image;
  const model::Image& old = baseline.inventory.image;
  if (!baseline.has_findings) {
    notes.emplace_back(
        "the baseline is a bill of materials without findings of its own: what was published "
        "before its date counts as known then");
  } else if (baseline.database.embedded && !current.database.embedded) {
    notes.emplace_back(
        "the baseline was made with the starter set: much that is \"new in the world\" here was "
        "published earlier, and not known to that set");
  } else {
    std::vector<std::string> missing;
    for (const model::SourceInfo& source : current.database.sources) {
      const auto& had = baseline.database.sources;
      if (std::none_of(had.begin(), had.end(),
                       [&](const auto& other) { return other.name == source.name; })) {
        missing.push_back(source.name);
      }
    }
    if (!missing.empty()) {
      const size_t count = missing.size();
      missing.resize(std::min<size_t>(count, 5));
      notes.push_back("the baseline was made without the data of " + base::Join(missing, ", ") +
                      (count > 5 ? " and others" : "") +
                      ": what these say counts as new in the world");
    }
  }
  for (const model::SourceInfo& source : baseline.database.sources) {
    const auto& has = current.database.sources;
    const auto same = std::find_if(has.begin(), has.end(),
                                   [&](const auto& other) { return other.name == source.name; });
    if (same != has.end() && same->as_of < source.as_of) {
      notes.push_back("the data of " + source.name + " is older (" + same->as_of +
                      ") than when the baseline was made (" + source.as_of +
                      "): newer findings are missing on both sides");
      break;
    }
  }
  if ((now.distro.id != old.distro.id || now.distro.version_id != old.distro.version_id) &&
      !(now.distro.id.empty() && old.distro.id.empty())) {
    notes.push_back("the distribution changed: " + DistroText(old.distro) + " -> " +
                    DistroText(now.distro));
  }
  if (!now.platform.empty() && !old.platform.empty() && now.platform != old.platform) {
    notes.push_back("another platform: " + old.platform + " -> " + now.platform);
  }
  const size_t gaps = baseline.inventory.coverage.skipped.size();
  if (in_gaps > 0) {
    notes.push_back(Count(in_gaps, "finding is", "findings are") +
                    " in files that the baseline could not read: whether this change brought "
                    "them is not known");
  } else if (gaps > 0) {
    notes.push_back("the baseline has gaps: " + Count(gaps, "file", "files") +
                    " could not be read then");
  }
  if (baseline.inventory.components.empty()) {
    notes.emplace_back("the baseline lists no components: everything counts as introduced");
  }
}

}  // namespace

void Compare(model::Report& current, const Baseline& baseline,
             const std::vector<model::Finding>& rematched) {
  model::Comparison out;
  out.against = baseline.path;
  out.against_digest = baseline.inventory.image.digest.empty()
                           ? baseline.inventory.image.config_digest
                           : baseline.inventory.image.digest;
  const Components now = ByRef(current.inventory);
  const Components old = ByRef(baseline.inventory);
  const Before before = LookAt(baseline, rematched, old);
  out.recorded = DataRange(baseline);
  uint64_t in_gaps = 0;
  for (model::Finding& finding : current.findings) {
    const model::Component* component = Find(now, finding.component);
    finding.change = component == nullptr
                         ? model::Change::kUnknown
                         : Judge(finding, *component, before, baseline.has_findings);
    if (!model::IsOpen(finding)) {
      continue;
    }
    switch (finding.change) {
      case model::Change::kIntroduced:
        ++out.introduced;
        break;
      case model::Change::kInherited:
        ++out.inherited;
        break;
      case model::Change::kExisting:
        ++out.existing;
        break;
      case model::Change::kNewInWorld:
        ++out.new_in_world;
        break;
      case model::Change::kUnknown:
        in_gaps += component != nullptr ? 1 : 0;
        break;
    }
  }
  Resolve(current, baseline, rematched, now, old, before, out);
  SayWhatDiffers(current, baseline, in_gaps, out.notes);
  current.comparison = std::move(out);
}

}  // namespace scantling::policy
