// See sbom_builder.h.
#include "report/sbom_builder.h"

#include "base/strings.h"
#include "policy/change/component_from_purl.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace scantling::report {
namespace {

bool IsOs(const model::Component& component) {
  return component.type == version::Ecosystem::kDeb || component.type == version::Ecosystem::kApk ||
         component.type == version::Ecosystem::kRpm;
}

template <typename Enum>
std::optional<Enum> FromWord(std::string_view word, int count) {
  for (int i = 0; i < count; ++i) {
    if (model::ToString(static_cast<Enum>(i)) == word) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

void Take(std::string& value, std::string& out) {
  if (!value.empty()) {
    out = std::move(value);
  }
}

std::string Called(const SbomPackage& package) {
  std::string out = package.name.empty() ? package.purl : package.name;
  if (out.empty()) {
    out = package.key.empty() ? "(an element without a name)" : package.key;
  }
  return package.version.empty() || out == package.purl ? out : out + "@" + package.version;
}

}  // namespace

void SbomBuilder::SetDistro(model::Distro distro) {
  name_space_ = policy::NormaliseDistro(distro);
  image_.distro = std::move(distro);
}

bool SbomBuilder::Add(SbomPackage package) {
  if (packages_.size() >= kMaxPackages) {
    return false;
  }
  packages_.push_back(std::move(package));
  return true;
}

void SbomBuilder::AddLayer(std::string digest, std::string diff_id) {
  model::Layer layer;
  layer.index = static_cast<int32_t>(image_.layers.size());
  layer.digest = std::move(digest);
  layer.diff_id = std::move(diff_id);
  layer_ids_.emplace(layer.diff_id, layer.index);
  image_.layers.push_back(std::move(layer));
}

void SbomBuilder::AddContains(std::string owner, std::string owned) {
  contains_.emplace_back(std::move(owner), std::move(owned));
}

void SbomBuilder::AddNeeds(std::string who, std::string what) {
  needs_.emplace_back(std::move(who), std::move(what));
}

void SbomBuilder::Gap(std::string path, std::string reason) {
  if (++gaps_ <= kMaxGaps) {
    out_.coverage.skipped.push_back({std::move(path), -1, std::move(reason)});
  }
}

void SbomBuilder::Place(model::Component component, SbomPackage package) {
  if (component.version.empty()) {
    component.version = package.version;
  }
  if (component.version.empty() && package.evidence.empty()) {
    Gap(Called(package), "unsupported: no version, so nothing can be said about it");
  }
  Take(package.source_name, component.source_name);
  Take(package.source_version, component.source_version);
  if (component.source_version == component.version) {
    component.source_version.clear();
  }
  Take(package.architecture, component.architecture);
  Take(package.module, component.module);
  Take(package.vendor, component.vendor);
  Take(package.container, component.container);
  if (!IsOs(component)) {
    component.distro.clear();
    component.architecture.clear();
    component.module.clear();
  } else if (!package.distro.empty()) {
    component.distro = std::move(package.distro);
  } else if (component.distro.empty()) {
    component.distro = name_space_;
  }
  component.evidence = FromWord<model::Evidence>(package.evidence, 10).value_or(component.evidence);
  component.role = FromWord<model::Role>(package.role, 4).value_or(component.role);
  component.licenses = std::move(package.licenses);
  std::sort(component.licenses.begin(), component.licenses.end());
  if (const auto layer = layer_ids_.find(package.layer_diff_id); layer != layer_ids_.end()) {
    package.layer = layer->second;
  }
  component.layer = package.layer < static_cast<int32_t>(image_.layers.size()) ? package.layer : -1;
  component.last_layer = component.layer;
  component.locations.clear();
  std::sort(package.paths.begin(), package.paths.end());
  for (std::string& path : package.paths) {
    path.erase(0, path.find_first_not_of('/') == std::string::npos ? path.size()
                                                                   : path.find_first_not_of('/'));
    component.locations.push_back({std::move(path), component.layer});
  }
  if (component.locations.empty()) {
    component.locations.push_back({"", component.layer});
  }
  const uint32_t time = ++times_[component.purl];
  component.ref = time == 1 ? component.purl : component.purl + "#" + std::to_string(time);
  if (!package.key.empty()) {
    by_key_.emplace(package.key, components_.size());
  }
  owners_.push_back(std::move(package.owner));
  components_.push_back(std::move(component));
}

void SbomBuilder::Link() {
  const auto find = [this](const std::string& key) -> model::Component* {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &components_[found->second];
  };
  for (size_t i = 0; i < components_.size(); ++i) {
    if (const model::Component* owner = find(owners_[i]); owner != nullptr && IsOs(*owner)) {
      components_[i].owner = owner->ref;
    }
  }
  for (const auto& [owner_key, owned_key] : contains_) {
    const model::Component* owner = find(owner_key);
    model::Component* owned = find(owned_key);
    if (owner != nullptr && owned != nullptr && IsOs(*owner) && !IsOs(*owned) &&
        owned->owner.empty()) {
      owned->owner = owner->ref;
    }
  }
  for (const auto& [who_key, what_key] : needs_) {
    model::Component* who = find(who_key);
    const model::Component* what = find(what_key);
    if (who != nullptr && what != nullptr && who != what && IsOs(*who) && what->type == who->type) {
      who->depends.push_back(what->name);
    }
  }
  for (model::Component& component : components_) {
    std::sort(component.depends.begin(), component.depends.end());
    component.depends.erase(std::unique(component.depends.begin(), component.depends.end()),
                            component.depends.end());
  }
}

model::Inventory SbomBuilder::Finish() {
  out_.coverage.claimed = packages_.size();
  for (SbomPackage& package : packages_) {
    if (package.purl.empty()) {
      Gap(Called(package), "unsupported: no package URL, so nothing can be said about it");
      continue;
    }
    std::string why;
    auto facts = policy::ComponentFromPurl(package.purl, why);
    if (!facts) {
      Gap(Called(package), "unsupported: " + why);
      continue;
    }
    if (image_.distro.id.empty() && !facts->component.distro.empty()) {
      image_.distro = facts->distro;
      name_space_ = facts->component.distro;
    }
    ++out_.coverage.read;
    Place(std::move(facts->component), std::move(package));
  }
  Link();
  std::sort(components_.begin(), components_.end(),
            [](const model::Component& a, const model::Component& b) {
              return std::tie(a.type, a.name, a.version, a.ref) <
                     std::tie(b.type, b.name, b.version, b.ref);
            });
  if (gaps_ > kMaxGaps) {
    out_.diagnostics.push_back({"sbom.gaps", model::Severity::kWarning, "", -1,
                                std::to_string(gaps_ - kMaxGaps) +
                                    " more elements could not be judged; they are not listed"});
  }
  for (const auto& [kind, count] : others_) {
    out_.diagnostics.push_back({"sbom.other", model::Severity::kNote, "", -1,
                                std::to_string(count) + (count == 1 ? " element" : " elements") +
                                    " of the kind \"" + base::ToUtf8(kind) +
                                    "\": these are no packages and are not judged"});
  }
  if (components_.empty()) {
    out_.diagnostics.push_back({"sbom.empty", model::Severity::kWarning, "", -1,
                                "the document lists no package that can be judged"});
  }
  std::sort(out_.coverage.skipped.begin(), out_.coverage.skipped.end());
  std::sort(out_.diagnostics.begin(), out_.diagnostics.end());
  out_.components = std::move(components_);
  out_.image = std::move(image_);
  return std::move(out_);
}

}  // namespace scantling::report
