// See language_actions.h.
#include "rank/language_actions.h"

#include "base/strings.h"
#include "match/target.h"
#include "rank/bump_target.h"
#include "version/compare.h"

#include <algorithm>
#include <map>
#include <set>

namespace scantling::rank {
namespace {

using model::Component;
using model::Finding;
using version::Ecosystem;

std::string_view EcosystemNoun(Ecosystem type) {
  switch (type) {
    case Ecosystem::kNpm:
      return "npm packages";
    case Ecosystem::kPypi:
      return "Python packages";
    case Ecosystem::kMaven:
      return "Java libraries";
    case Ecosystem::kGo:
      return "Go modules";
    case Ecosystem::kGem:
      return "gems";
    case Ecosystem::kComposer:
      return "Composer packages";
    case Ecosystem::kNuget:
      return "NuGet packages";
    case Ecosystem::kCargo:
      return "crates";
    default:
      return "packages";
  }
}

// "express" in "express@4.17.1", "@scope/x" in "@scope/x@1.0".
std::string_view NameInChain(std::string_view link) {
  const size_t at = link.rfind('@');
  return at == std::string_view::npos || at == 0 ? link : link.substr(0, at);
}

// What people call it: the artifact of "group:artifact".
std::string ShortName(const Component& component) {
  return Typable(component.name.substr(component.name.rfind(':') + 1));
}

std::string ContainerOf(const Component& component) {
  if (!component.container.empty()) {
    return component.container;
  }
  return component.locations.empty() ? std::string() : component.locations.front().path;
}

std::vector<BumpItem> ItemsOf(const View& view, const FindingIndexes& findings) {
  std::vector<BumpItem> items;
  for (const uint32_t at : findings) {
    const Finding& finding = view.report.findings[at];
    const Component* component = view.ComponentOf(finding);
    items.push_back({component->version, finding.fixed_versions});
  }
  return items;
}

// The target for one component's package, moved past holes that the data knows of it.
BumpTarget TargetOf(const View& view, const Component& component, const FindingIndexes& findings) {
  const std::vector<BumpItem> items = ItemsOf(view, findings);
  BumpTarget target = ChooseTarget(component.type, items);
  if (view.known_holes && !target.version.empty()) {
    AvoidKnownHoles(
        component.type, items,
        [&](const std::string& version) {
          Component bumped = component;
          bumped.version = version;
          bumped.owner.clear();
          return view.known_holes(bumped);
        },
        target);
  }
  return target;
}

std::string InstalledList(const View& view, const FindingIndexes& findings, Ecosystem type) {
  std::set<std::string> seen;
  for (const uint32_t at : findings) {
    seen.insert(Typable(view.ComponentOf(view.report.findings[at])->version));
  }
  std::vector<std::string> versions(seen.begin(), seen.end());
  std::stable_sort(versions.begin(), versions.end(), [type](const auto& a, const auto& b) {
    return version::Compare(type, a, b).value_or(0) < 0;
  });
  return NameList(versions, 24);
}

// The riskiest finding speaks for layer and owner.
const Finding& Riskiest(const View& view, const FindingIndexes& findings) {
  const uint32_t best =
      *std::min_element(findings.begin(), findings.end(), [&](uint32_t a, uint32_t b) {
        const double risk_a = view.report.findings[a].priority.risk;
        const double risk_b = view.report.findings[b].priority.risk;
        return risk_a != risk_b ? risk_a > risk_b : a < b;
      });
  return view.report.findings[best];
}

std::string BumpCommand(Ecosystem type, const std::string& name, const std::string& target) {
  switch (type) {
    case Ecosystem::kNpm:
      return "npm install " + name + "@" + target;
    case Ecosystem::kPypi:
      return "requirements: " + name + ">=" + target + "; or pip install --upgrade '" + name +
             ">=" + target + "'";
    case Ecosystem::kMaven:
      return "pom.xml: " + name + " to <version>" + target +
             "</version> (in dependencyManagement when another artifact brings it); Gradle: "
             "implementation(\"" +
             name + ":" + target + "\")";
    case Ecosystem::kGem:
      return "Gemfile: gem \"" + name + "\", \">= " + target + "\"; bundle update " + name;
    case Ecosystem::kComposer:
      return "composer require " + name + ":^" + target;
    case Ecosystem::kNuget:
      return "dotnet add package " + name + " --version " + target;
    case Ecosystem::kCargo:
      return "cargo update -p " + name + " --precise " + target;
    default:
      return "go get " + name + "@v" + target;
  }
}

// The steps for an npm package that others bring: who to bump, and the chain.
void NestedSteps(const std::vector<const Component*>& components, const std::string& name,
                 const std::string& target, model::Action& action) {
  std::set<std::string> tops;
  std::set<std::string> chains;
  for (const Component* component : components) {
    if (!component->via.empty()) {
      tops.insert(Typable(NameInChain(component->via.front())));
      std::string chain;
      for (const std::string& link : component->via) {
        chain.append(Typable(link)).append(" > ");
      }
      chains.insert(
          chain.append(Typable(component->name)).append("@").append(Typable(component->version)));
    }
  }
  const std::vector<std::string> top_list(tops.begin(), tops.end());
  std::string installs;
  for (const std::string& top : top_list) {
    installs.append(" ").append(top).append("@latest");
  }
  action.steps.push_back("npm install" + Shortened(installs, 160));
  action.steps.push_back("or hold it in package.json: \"overrides\": {\"" + name + "\": \"" +
                         target + "\"}");
  action.steps.push_back("chain: " +
                         NameList(std::vector<std::string>(chains.begin(), chains.end()), 200));
  action.steps.push_back("check: npm ls " + name);
}

std::string ViaText(const std::vector<const Component*>& components) {
  std::set<std::string> tops;
  for (const Component* component : components) {
    if (component->via.empty()) {
      return {};  // also at the top level: bump it there
    }
    tops.insert(Typable(NameInChain(component->via.front())));
  }
  if (tops.empty()) {
    return {};
  }
  std::string out = " (via " + *tops.begin();
  if (tops.size() > 1) {
    out += " and " + std::to_string(tops.size() - 1) + " more";
  }
  return out + ")";
}

std::vector<const Component*> ComponentsOf(const View& view, const FindingIndexes& findings) {
  std::vector<const Component*> out;
  for (const uint32_t at : findings) {
    const Component* component = view.ComponentOf(view.report.findings[at]);
    if (std::find(out.begin(), out.end(), component) == out.end()) {
      out.push_back(component);
    }
  }
  return out;
}

Proposal Bump(const View& view, FindingIndexes findings) {
  Proposal out;
  const Finding& first = Riskiest(view, findings);
  const Component& component = *view.ComponentOf(first);
  const Ecosystem type = component.type;
  const std::vector<const Component*> components = ComponentsOf(view, findings);
  const BumpTarget target = TargetOf(view, component, findings);
  if (view.known_holes) {
    out.holes_left = target.holes;
  }
  const std::string version = Typable(target.version);
  const std::string name = Typable(component.name);
  model::Action& action = out.action;
  action.kind = model::ActionKind::kBump;
  action.id = "bump:" + std::string(version::PurlType(type)) + ":" + component.name;
  const std::string versions = InstalledList(view, findings, type) + " -> " + version;
  action.title = "bump " + ShortName(component) + " " + versions;
  std::set<std::string> containers;
  if (type == Ecosystem::kMaven) {
    for (const Component* one : components) {
      containers.insert(ContainerOf(*one));
    }
  }
  std::string place;
  if (containers.size() == 1 && !containers.begin()->empty()) {
    place = " in " + Typable(base::BaseName(*containers.begin()));
  } else if (containers.size() > 1) {
    place = " in " + std::to_string(containers.size()) + " archives";
  } else {
    place = ViaText(components);
  }
  if (action.title.size() + place.size() <= kTitleColumns) {
    action.title += place;
  }
  action.title = Shortened(action.title, kTitleColumns);
  const bool nested = type == Ecosystem::kNpm && !ViaText(components).empty();
  if (nested) {
    NestedSteps(components, name, version, action);
  } else {
    action.steps.push_back(BumpCommand(type, name, version));
  }
  if (target.holes > 0) {
    action.steps.push_back(version + " has " + Counted(target.holes, "known hole", "known holes") +
                           " of its own, that no newer version in the data avoids");
  }
  if (containers.size() == 1) {
    action.steps.push_back("then build " + *containers.begin() + " again");
  }
  if (!target.same_major.empty() && target.same_major_ends > 0) {
    action.steps.push_back("without a change of the major version: " + Typable(target.same_major) +
                           " ends " + std::to_string(target.same_major_ends) + " of " +
                           std::to_string(findings.size()));
  }
  SetLayer(view, first.layer, action);
  action.owner = OwnerFor(first, false);
  out.family = "bump " + std::string(version::PurlType(type));
  out.noun = EcosystemNoun(type);
  out.short_name = ShortName(component);
  out.findings = std::move(findings);
  return out;
}

Proposal RebuildBinary(const View& view, const std::string& container, FindingIndexes findings) {
  Proposal out;
  const Finding& first = Riskiest(view, findings);
  std::map<std::string, FindingIndexes> modules;
  for (const uint32_t at : findings) {
    modules[view.ComponentOf(view.report.findings[at])->name].push_back(at);
  }
  struct Need {
    std::string text;
    std::string step;
    double risk;
  };
  std::string go;
  std::vector<Need> needs;
  for (const auto& [name, indexes] : modules) {
    const Component& component = *view.ComponentOf(view.report.findings[indexes.front()]);
    std::string version = Typable(TargetOf(view, component, indexes).version);
    if (name == "stdlib") {
      if (version.starts_with("go") || version.starts_with("v")) {
        version.erase(0, version.starts_with("go") ? 2 : 1);
      }
      go = "Go >= " + version;
      continue;
    }
    if (version.starts_with("v")) {
      version.erase(0, 1);
    }
    const std::string module = Typable(name);
    needs.push_back(
        {module + " >= " + version, "go get " + module + "@v" + version, view.RiskOf(indexes)});
  }
  std::stable_sort(needs.begin(), needs.end(),
                   [](const Need& a, const Need& b) { return a.risk > b.risk; });
  model::Action& action = out.action;
  action.kind = model::ActionKind::kRebuildBinary;
  action.id = "rebuild_binary:" + container;
  const std::string binary = Typable(base::BaseName(container));
  const std::string head = "rebuild " + binary + " with " + go;
  const std::string joint = go.empty() ? "" : " and ";
  if (needs.empty()) {
    action.title = head;
  } else if (needs.size() == 1 &&
             head.size() + joint.size() + needs[0].text.size() <= kTitleColumns) {
    action.title = head + joint + needs[0].text;
  } else {
    action.title = head + joint + Counted(needs.size(), "newer module", "newer modules");
  }
  action.title = Shortened(action.title, kTitleColumns);
  if (!go.empty()) {
    action.steps.push_back("build with " + go +
                           " (the toolchain line in go.mod, the golang image)");
  }
  for (const Need& need : needs) {
    action.steps.push_back(need.step);
  }
  action.steps.push_back("when " + binary +
                         " is not yours: take a newer release of it that was built with these");
  SetLayer(view, first.layer, action);
  action.owner = OwnerFor(first, false);
  out.family = "rebuild_binary";
  out.noun = "Go binaries";
  out.short_name = binary;
  out.findings = std::move(findings);
  return out;
}

// Language packages inside a third party's OS package: only a newer one of its vendor can help.
Proposal UpdateOwner(const View& view, const Component& owner, FindingIndexes findings) {
  Proposal out;
  const Finding& first = Riskiest(view, findings);
  std::set<std::string> names;
  std::vector<std::string> needs;
  for (const Component* component : ComponentsOf(view, findings)) {
    FindingIndexes own;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(own),
                 [&](uint32_t at) { return view.report.findings[at].component == component->ref; });
    names.insert(ShortName(*component));
    needs.push_back(Typable(component->name) +
                    " >= " + Typable(TargetOf(view, *component, own).version));
  }
  model::Action& action = out.action;
  action.kind = model::ActionKind::kBump;
  action.id = "bump:" + std::string(version::PurlType(owner.type)) + ":" + owner.name;
  const std::string head = "update " + Typable(owner.name) + ", which carries ";
  action.title = head + NameList(std::vector<std::string>(names.begin(), names.end()),
                                 head.size() < kTitleColumns ? kTitleColumns - head.size() : 20);
  action.title = Shortened(action.title, kTitleColumns);
  action.steps.push_back("install a newer " + Typable(owner.name) +
                         " from its vendor, one that carries " + NameList(needs, 200));
  SetLayer(view, owner.layer, action);
  action.owner = OwnerFor(first, true);
  out.family = "bump vendor packages";
  out.noun = "vendors' packages";
  out.short_name = Typable(owner.name);
  out.findings = std::move(findings);
  return out;
}

}  // namespace

std::vector<Proposal> ProposeForLanguages(const View& view, const FindingIndexes& findings) {
  std::map<std::pair<std::string_view, std::string>, FindingIndexes> bumps;
  std::map<std::string, FindingIndexes> binaries;
  std::map<std::string, FindingIndexes> owners;
  for (const uint32_t at : findings) {
    const Finding& finding = view.report.findings[at];
    if (finding.fix_state != model::FixState::kFixed || finding.fixed_versions.empty()) {
      continue;
    }
    const Component& component = *view.ComponentOf(finding);
    if (view.OwnerOf(component) != nullptr) {
      owners[component.owner].push_back(at);
    } else if (component.type == Ecosystem::kGo) {
      binaries[ContainerOf(component)].push_back(at);
    } else {
      bumps[{version::PurlType(component.type), component.name}].push_back(at);
    }
  }
  std::vector<Proposal> out;
  for (auto& [key, indexes] : bumps) {
    out.push_back(Bump(view, std::move(indexes)));
  }
  for (auto& [container, indexes] : binaries) {
    out.push_back(RebuildBinary(view, container, std::move(indexes)));
  }
  for (auto& [ref, indexes] : owners) {
    out.push_back(UpdateOwner(view, *view.by_ref.at(ref), std::move(indexes)));
  }
  for (Proposal& proposal : out) {
    proposal.risk = view.RiskOf(proposal.findings);
  }
  return out;
}

}  // namespace scantling::rank
