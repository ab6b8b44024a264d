// See os_actions.h.
#include "rank/os_actions.h"

#include "match/target.h"
#include "version/compare.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

namespace scantling::rank {
namespace {

using model::ActionKind;
using model::Component;
using model::Finding;
using model::FixState;
using model::Origin;

std::string PlainReference(std::string_view name) {
  name = name.substr(0, name.find('@'));
  for (const std::string_view prefix : {"docker.io/", "library/"}) {
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
    }
  }
  return std::string(name);
}

// "debian:12-slim" by name, else "debian:12" by os-release.
std::string BaseText(const View& view) {
  std::string name = PlainReference(view.report.base_name);
  if (!name.empty() && !name.starts_with("sha256:")) {
    return name;
  }
  const model::Distro& distro = view.report.inventory.image.distro;
  if (distro.id.empty()) {
    return "base image";
  }
  return distro.version_id.empty() ? distro.id : distro.id + ":" + distro.version_id;
}

std::string UpgradeCommand(version::Ecosystem type) {
  switch (type) {
    case version::Ecosystem::kApk:
      return "apk upgrade --no-cache";
    case version::Ecosystem::kRpm:
      return "dnf -y upgrade && dnf clean all";
    default:
      return "apt-get update && apt-get -y upgrade && rm -rf /var/lib/apt/lists/*";
  }
}

std::string RemoveCommand(version::Ecosystem type, const std::string& names) {
  switch (type) {
    case version::Ecosystem::kApk:
      return "apk del " + names;
    case version::Ecosystem::kRpm:
      return "dnf -y remove " + names;
    default:
      return "apt-get purge -y --auto-remove " + names;
  }
}

// The package that an action would touch: the component itself, or the owner of its file.
const Component* PackageOf(const View& view, const Finding& finding) {
  const Component* component = view.ComponentOf(finding);
  if (component == nullptr || match::IsOsPackage(component->type)) {
    return component;
  }
  return view.OwnerOf(*component);
}

// Names of the packages with findings, the riskiest first.
std::vector<std::string> PackageNames(const View& view, const FindingIndexes& findings) {
  std::map<std::string, double> risks;
  for (const uint32_t at : findings) {
    if (const Component* package = PackageOf(view, view.report.findings[at])) {
      risks[package->name] += view.report.findings[at].priority.risk;
    }
  }
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [name, risk] : risks) {
    sorted.emplace_back(-risk, name);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> names;
  for (auto& [risk, name] : sorted) {
    names.push_back(Typable(name));
  }
  return names;
}

// A fix that the distribution ships, and not one of a language's registry for a file that it owns.
bool HasPackageFix(const View& view, const Finding& finding) {
  const Component* component = view.ComponentOf(finding);
  return component != nullptr && match::IsOsPackage(component->type) &&
         finding.fix_state == FixState::kFixed && !finding.fixed_versions.empty();
}

// "openssl 3.0.11-1 -> 3.0.15-1": for each source package the version that has all its fixes, the
// riskiest package first.
std::string UpgradeList(const View& view, const FindingIndexes& findings) {
  struct Upgrade {
    double risk = 0;
    std::string_view installed;
    std::string_view fixed;
  };
  std::map<std::string_view, Upgrade> by_source;
  for (const uint32_t at : findings) {
    const Finding& finding = view.report.findings[at];
    if (!HasPackageFix(view, finding)) {
      continue;
    }
    const Component& component = *view.ComponentOf(finding);
    Upgrade& upgrade =
        by_source[component.source_name.empty() ? component.name : component.source_name];
    upgrade.risk = std::max(upgrade.risk, finding.priority.risk);
    if (upgrade.fixed.empty() ||
        version::Compare(component.type, finding.fixed_versions[0], upgrade.fixed).value_or(0) >
            0) {
      upgrade.fixed = finding.fixed_versions[0];
      upgrade.installed =
          component.source_version.empty() ? component.version : component.source_version;
    }
  }
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [name, upgrade] : by_source) {
    sorted.emplace_back(-upgrade.risk, Typable(name) + " " + Typable(upgrade.installed) + " -> " +
                                           Typable(upgrade.fixed));
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> texts;
  for (auto& [risk, text] : sorted) {
    texts.push_back(std::move(text));
  }
  return NameList(texts, 200);
}

void DescribeRebuild(const View& view, Proposal& proposal) {
  model::Action& action = proposal.action;
  const std::string base = BaseText(view);
  action.id = "rebuild_base:" + base;
  action.title = "rebuild on a fresh " + base;
  action.owner = model::Owner::kImage;
  const Component* first = PackageOf(view, view.report.findings[proposal.findings.front()]);
  SetLayer(view, first->layer, action);
  action.steps.push_back(
      "pull the base again and build without cache: docker build --pull --no-cache .");
  action.steps.push_back("if the base pins a digest or a date, move it: FROM " + base);
  action.steps.push_back("until a newer " + base + " is published, add after FROM: RUN " +
                         UpgradeCommand(first->type));
  action.steps.push_back("brings " + UpgradeList(view, proposal.findings));
}

void DescribeRefresh(const View& view, int32_t layer, Proposal& proposal) {
  model::Action& action = proposal.action;
  const Component* first = PackageOf(view, view.report.findings[proposal.findings.front()]);
  const std::string count = Counted(PackageNames(view, proposal.findings).size(),
                                    "package has a fix", "packages have a fix");
  action.id = "refresh_layer:" + std::to_string(layer);
  SetLayer(view, layer, action);
  action.owner = OwnerFor(view.report.findings[proposal.findings.front()], true);
  if (layer < 0) {
    action.title = "upgrade the system's packages (" + count + ")";
    action.steps.push_back(UpgradeCommand(first->type));
  } else {
    action.title = "refresh layer " + std::to_string(layer + 1) + " (" + count + ")";
    action.steps.push_back("run the line again, without cache: " +
                           (action.created_by.empty()
                                ? "the one that made layer " + std::to_string(layer + 1)
                                : Shortened(action.created_by, 160)));
    action.steps.push_back(
        "docker build --no-cache . (or change the line, so that the cache misses)");
  }
  action.steps.push_back("brings " + UpgradeList(view, proposal.findings));
  proposal.short_name = "layer " + std::to_string(layer + 1);
}

void DescribeLeave(const View& view, Proposal& proposal) {
  model::Action& action = proposal.action;
  const std::string base = BaseText(view);
  const std::string ended = view.report.distro_end_of_life;
  action.id = "leave_base:" + base;
  const auto title = [&](const std::string& name) {
    return "leave " + name + ", end of life " + ended + ": move to a supported release";
  };
  // What to do is worth more than where the base comes from.
  action.title = title(base).size() <= kTitleColumns
                     ? title(base)
                     : Shortened(title(base.substr(base.rfind('/') + 1)), kTitleColumns);
  action.owner = model::Owner::kImage;
  SetLayer(view, view.report.inventory.image.layers.empty() ? -1 : 0, action);
  action.steps.push_back(
      "change FROM to a release that still gets security updates, then rebuild and test");
  action.steps.push_back(
      "packages that are named with a version in the Dockerfile need the new release's versions");
  const bool any_fixed =
      std::any_of(proposal.findings.begin(), proposal.findings.end(),
                  [&](uint32_t at) { return HasPackageFix(view, view.report.findings[at]); });
  if (any_fixed) {
    action.steps.push_back("until then, the fixes that came before the end: " +
                           UpgradeList(view, proposal.findings));
  }
}

void DescribeTakeOut(const View& view, int32_t layer, Proposal& proposal) {
  model::Action& action = proposal.action;
  action.id = "take_out:" + std::to_string(layer);
  SetLayer(view, layer, action);
  const Finding& first = view.report.findings[proposal.findings.front()];
  action.owner = OwnerFor(first, true);
  const std::vector<std::string> names = PackageNames(view, proposal.findings);
  const std::string_view verb = "take out ";
  action.title = std::string(verb) + NameList(names, kTitleColumns - verb.size());
  std::string all;
  for (const std::string& name : names) {
    all.append(all.empty() ? "" : " ").append(name);
  }
  action.steps.push_back(
      "build in a stage of its own and copy the result: FROM ... AS build, then COPY --from=build");
  const Component* package = PackageOf(view, first);
  action.steps.push_back("or remove them in the same RUN line that installed them: " +
                         RemoveCommand(package->type, all));
  action.steps.push_back("nothing that is there to run depends on them");
  proposal.short_name = names.front();
}

double LeftRisk(const View& view, const Proposal& proposal, const std::vector<bool>& taken) {
  double sum = 0;
  for (const uint32_t at : proposal.findings) {
    sum += taken[at] ? 0 : view.report.findings[at].priority.risk;
  }
  return sum;
}

struct Candidate {
  Proposal proposal;
  int32_t layer = -1;
};

std::vector<Candidate> Candidates(const View& view, const FindingIndexes& findings) {
  const std::vector<const Component*> removable_list = Removable(view.report.inventory);
  const std::unordered_set<const Component*> removable(removable_list.begin(),
                                                       removable_list.end());
  using Key = std::tuple<ActionKind, int32_t>;
  std::map<Key, FindingIndexes> groups;
  for (const uint32_t at : findings) {
    const Finding& finding = view.report.findings[at];
    const Component* package = PackageOf(view, finding);
    if (package == nullptr) {
      continue;
    }
    const bool own = package->ref == finding.component;
    const bool fixed = own && finding.fix_state == FixState::kFixed;
    const bool base = finding.origin == Origin::kBase;
    if (view.distro_ended && !match::IsThirdParty(*package)) {
      // Not refreshed: the release gets no more fixes. Those that came before its end are among the
      // steps.
      groups[{ActionKind::kLeaveBase, -1}].push_back(at);
    } else if (fixed && base) {
      groups[{ActionKind::kRebuildBase, -1}].push_back(at);
    } else if (fixed) {
      groups[{ActionKind::kRefreshLayer, package->layer}].push_back(at);
    }
    if (removable.contains(package)) {
      groups[{ActionKind::kTakeOut, package->layer}].push_back(at);
    }
  }
  std::vector<Candidate> out;
  for (auto& [key, indexes] : groups) {
    Candidate candidate;
    candidate.proposal.action.kind = std::get<0>(key);
    candidate.layer = std::get<1>(key);
    candidate.proposal.findings = std::move(indexes);
    out.push_back(std::move(candidate));
  }
  return out;
}

}  // namespace

std::vector<const Component*> Removable(const model::Inventory& inventory) {
  std::unordered_map<std::string_view, std::vector<const Component*>> by_name;
  std::vector<const Component*> queue;
  std::unordered_set<const Component*> needed;
  for (const Component& component : inventory.components) {
    if (!match::IsOsPackage(component.type)) {
      continue;
    }
    by_name[component.name].push_back(&component);
    if (component.role == model::Role::kRuntime || component.essential) {
      queue.push_back(&component);
      needed.insert(&component);
    }
  }
  while (!queue.empty()) {
    const Component* component = queue.back();
    queue.pop_back();
    for (const std::string& name : component->depends) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) {
        continue;
      }
      for (const Component* dependency : found->second) {
        if (needed.insert(dependency).second) {
          queue.push_back(dependency);
        }
      }
    }
  }
  std::vector<const Component*> out;
  for (const Component& component : inventory.components) {
    if (match::IsOsPackage(component.type) && !needed.contains(&component)) {
      out.push_back(&component);
    }
  }
  return out;
}

std::vector<Proposal> ProposeForPackages(const View& view, const FindingIndexes& findings) {
  std::vector<Candidate> candidates = Candidates(view, findings);
  std::vector<bool> taken(view.report.findings.size(), false);
  std::vector<Proposal> out;
  while (!candidates.empty()) {
    size_t best = 0;
    std::pair<double, size_t> best_worth{-1, 0};
    for (size_t i = 0; i < candidates.size(); ++i) {
      const Proposal& proposal = candidates[i].proposal;
      const auto left =
          static_cast<size_t>(std::count_if(proposal.findings.begin(), proposal.findings.end(),
                                            [&taken](uint32_t at) { return !taken[at]; }));
      const std::pair worth{LeftRisk(view, proposal, taken), left};
      if (worth > best_worth) {
        best = i;
        best_worth = worth;
      }
    }
    if (best_worth.second == 0) {
      break;
    }
    Candidate chosen = std::move(candidates[best]);
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(best));
    Proposal& proposal = chosen.proposal;
    std::erase_if(proposal.findings, [&taken](uint32_t at) { return taken[at]; });
    for (const uint32_t at : proposal.findings) {
      taken[at] = true;
    }
    proposal.risk = view.RiskOf(proposal.findings);
    switch (proposal.action.kind) {
      case ActionKind::kRebuildBase:
        DescribeRebuild(view, proposal);
        break;
      case ActionKind::kRefreshLayer:
        DescribeRefresh(view, chosen.layer, proposal);
        proposal.noun = "layers";
        break;
      case ActionKind::kLeaveBase:
        DescribeLeave(view, proposal);
        break;
      default:
        DescribeTakeOut(view, chosen.layer, proposal);
        proposal.noun = "layers' build packages";
        break;
    }
    proposal.family = model::ToString(proposal.action.kind);
    out.push_back(std::move(proposal));
  }
  return out;
}

}  // namespace scantling::rank
