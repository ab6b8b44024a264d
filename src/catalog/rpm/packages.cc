// Memory: per package its required names and its path hashes are kept until the end; capabilities
// once for all.
#include "catalog/rpm/packages.h"

#include "base/strings.h"
#include "catalog/common/licenses.h"
#include "catalog/common/owned_paths.h"
#include "catalog/common/package_role.h"
#include "catalog/rpm/rich_dependency.h"
#include "codec/rpm_header.h"
#include "image/layer_tree.h"

#include <algorithm>
#include <utility>

namespace scantling::catalog::rpm {
namespace {

using codec::RpmHeader;
using codec::RpmTag;

constexpr std::string_view kNone = "(none)";

std::string TextOf(const RpmHeader& header, RpmTag tag) {
  const std::string_view text = header.Text(tag).value_or(std::string_view());
  return text == kNone ? std::string() : base::ToUtf8(base::Trim(text));
}

// false = the file lists do not fit together.
bool AddFiles(const RpmHeader& header, std::vector<uint64_t>& owned) {
  OwnedPaths paths(owned);
  const std::vector<std::string_view> names = header.Texts(RpmTag::kBaseNames);
  std::vector<OwnedPaths::Folder> folders;  // hashed once: a header may name one a million times
  for (const std::string_view folder : header.Texts(RpmTag::kDirNames)) {
    folders.push_back(OwnedPaths::FolderOf(folder));
  }
  const std::vector<uint32_t> indexes = header.Numbers(RpmTag::kDirIndexes);
  owned.reserve(names.size());
  bool good = header.Complete(RpmTag::kBaseNames) && header.Complete(RpmTag::kDirNames) &&
              indexes.size() == names.size();
  for (size_t i = 0; i < std::min(names.size(), indexes.size()); ++i) {
    if (indexes[i] >= folders.size()) {
      good = false;
      continue;
    }
    paths.AddFile(folders[indexes[i]], names[i]);
  }
  for (const std::string_view path : header.Texts(RpmTag::kOldFileNames)) {  // rpm 3 and older
    paths.Add(path);
  }
  return good;
}

// Groups are free text and mostly "Unspecified" today; only the two that older distributions set
// with care are used.
model::Role RoleOf(std::string_view name, std::string_view group) {
  const model::Role by_name = RoleFromName(name);
  if (by_name == model::Role::kRuntime && group == "Documentation") {
    return model::Role::kDocumentation;
  }
  return by_name;
}

}  // namespace

std::pair<std::string_view, std::string_view> SplitSourceRpm(std::string_view text) {
  for (const std::string_view suffix :
       {std::string_view(".src.rpm"), std::string_view(".nosrc.rpm")}) {
    if (text.ends_with(suffix)) {
      text.remove_suffix(suffix.size());
      const size_t release = text.rfind('-');
      const size_t version = release == std::string_view::npos || release == 0
                                 ? std::string_view::npos
                                 : text.rfind('-', release - 1);
      if (version != std::string_view::npos && version != 0) {
        return {text.substr(0, version), text.substr(version + 1)};
      }
    }
  }
  return {};
}

// False, and said once, when the records take more than they may.
bool Packages::Room(uint64_t bytes, std::string_view what) {
  if (!kept_.Take(bytes) && !std::exchange(full_said_, true)) {
    problems_.Gap(KeptBytes::kWhat, std::string(what).append(KeptBytes::kWords));
  }
  return !kept_.full();
}

void Packages::Add(base::Bytes blob) {
  const std::string where = "package " + std::to_string(++seen_);
  if (kept_.full()) {
    return;
  }
  const auto header = RpmHeader::Parse(blob);
  if (!header) {
    problems_.Gap("malformed", where + ": " + header.error().Message());
    return;
  }
  const std::string name = TextOf(*header, RpmTag::kName);
  if (name == "gpg-pubkey") {
    return;
  }
  const std::string bare_version = TextOf(*header, RpmTag::kVersion);
  const std::string release = TextOf(*header, RpmTag::kRelease);
  if (name.empty() || bare_version.empty() || release.empty()) {
    problems_.Gap("malformed",
                  where + (name.empty() ? std::string() : " (" + name.substr(0, 80) + ")") +
                      " lacks a name, version or release");
    return;
  }
  const auto number = static_cast<uint32_t>(facts_.records.size());
  const std::string named = where + " (" + name.substr(0, 80) + ")";
  if (facts_.records.size() >= limits_.components) {
    if (!std::exchange(full_said_, true)) {
      problems_.Gap("limit.components", named + " and what follows: limit components");
    }
    return;
  }
  uint64_t texts = 2 * (name.size() + bare_version.size() + release.size());
  for (const RpmTag tag : {RpmTag::kSourceRpm, RpmTag::kArch, RpmTag::kModularityLabel,
                           RpmTag::kVendor, RpmTag::kLicense}) {
    texts += header->Text(tag).value_or(std::string_view()).size();
  }
  if (!Room(sizeof(Record) + texts, named)) {
    return;
  }
  Record& record = facts_.records.emplace_back();
  model::Component& component = record.component;
  component.name = name;
  component.type = version::Ecosystem::kRpm;
  component.version = bare_version + "-" + release;
  const auto [source_name, source_version] =
      SplitSourceRpm(header->Text(RpmTag::kSourceRpm).value_or(std::string_view()));
  component.source_name = source_name.empty() ? name : base::ToUtf8(source_name);
  if (source_version != component.version) {
    component.source_version = base::ToUtf8(source_version);
  }
  if (const auto epoch = header->Number(RpmTag::kEpoch)) {
    component.version.insert(0, std::to_string(*epoch) + ":");
  }
  component.architecture = TextOf(*header, RpmTag::kArch);
  component.module = TextOf(*header, RpmTag::kModularityLabel);
  component.vendor = TextOf(*header, RpmTag::kVendor);
  AddLicense(header->Text(RpmTag::kLicense).value_or(std::string_view()), component);
  component.evidence = model::Evidence::kRpmDatabase;
  component.role = RoleOf(name, header->Text(RpmTag::kGroup).value_or(std::string_view()));
  // rpm has no such mark; these are what dnf and zypper protect on every distribution.
  component.essential = name == "filesystem" || name == "setup" || name == "glibc" ||
                        name == "bash" || name == "rpm" || name.ends_with("-release");
  if (!AddFiles(*header, record.owned)) {
    problems_.Gap("malformed", named + ": its file list is damaged");
  }
  Room(record.owned.size() * sizeof(uint64_t), named);
  capabilities_.AddPackage(name, number);
  for (const std::string_view capability : header->Texts(RpmTag::kProvideName)) {
    if (!Room(KeptBytes::Of(capability), named)) {
      break;
    }
    capabilities_.AddProvided(capability, number);
  }
  std::vector<std::string_view> wanted = header->Texts(RpmTag::kRequireName);
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  std::vector<std::string>& needed = requires_.emplace_back();
  for (const std::string_view capability : wanted) {
    if (capability.empty() || capability.starts_with("rpmlib(")) {
      continue;
    }
    const bool rich = capability.front() == '(';
    constexpr uint64_t kPerByte = 8;  // "a or " becomes a text of its own
    if (!Room(KeptBytes::Of(capability) + (rich ? kPerByte * capability.size() : 0), named)) {
      break;
    }
    if (rich) {
      AddNeedsOf(capability, needed);
    } else {
      needed.emplace_back(capability);
    }
  }
  std::ranges::sort(needed);
  needed.erase(std::ranges::unique(needed).begin(), needed.end());
}

// The first of a need's alternatives that some package gives.
std::optional<uint32_t> Packages::GiverOf(std::string_view need) const {
  while (!need.empty()) {
    const std::string_view capability = need.substr(0, need.find(kOr));
    need.remove_prefix(std::min(capability.size() + 1, need.size()));
    if (const auto giver = capabilities_.Find(capability)) {
      return giver;
    }
    if (capability.starts_with('/')) {
      const auto owner = owner_of_.find(image::PathHash(StripRoot(capability)));
      if (owner != owner_of_.end() && owner->second != UINT32_MAX) {
        return owner->second;
      }
    }
  }
  return std::nullopt;
}

void Packages::ResolveDepends() {
  // Paths that nobody provides by name are looked up in the file lists.
  for (const auto& needed : requires_) {
    for (const std::string& need : needed) {
      for (const std::string_view capability : base::Split(need, kOr)) {
        if (capability.starts_with('/') && !capabilities_.Find(capability)) {
          owner_of_.emplace(image::PathHash(StripRoot(capability)), UINT32_MAX);
        }
      }
    }
  }
  if (!owner_of_.empty()) {
    for (uint32_t i = 0; i < facts_.records.size(); ++i) {
      for (const uint64_t hash : facts_.records[i].owned) {
        const auto found = owner_of_.find(hash);
        if (found != owner_of_.end() && found->second == UINT32_MAX) {
          found->second = i;
        }
      }
    }
  }
  for (uint32_t i = 0; i < requires_.size(); ++i) {
    std::vector<uint32_t> givers;
    for (const std::string& need : requires_[i]) {
      if (const auto giver = GiverOf(need); giver && *giver != i) {
        givers.push_back(*giver);
      }
    }
    std::ranges::sort(givers);
    givers.erase(std::ranges::unique(givers).begin(), givers.end());
    std::vector<std::string>& depends = facts_.records[i].component.depends;
    for (const uint32_t giver : givers) {
      const std::string& name = facts_.records[giver].component.name;
      if (!Room(KeptBytes::Of(name), "dependencies")) {
        return;
      }
      depends.push_back(name);
    }
    std::ranges::sort(depends);
    depends.erase(std::ranges::unique(depends).begin(), depends.end());
  }
}

}  // namespace scantling::catalog::rpm
