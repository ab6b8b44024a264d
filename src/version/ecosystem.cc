#include "version/ecosystem.h"

#include "base/strings.h"

namespace scantling::version {
namespace {

struct Alias {
  std::string_view name;  // lower case
  Ecosystem ecosystem;
};

// Package URL types, OSV ecosystem names, GHSA names, and what people type.
constexpr Alias kAliases[] = {
    {"deb", Ecosystem::kDeb},
    {"debian", Ecosystem::kDeb},
    {"ubuntu", Ecosystem::kDeb},
    {"dpkg", Ecosystem::kDeb},
    {"apk", Ecosystem::kApk},
    {"alpine", Ecosystem::kApk},
    {"wolfi", Ecosystem::kApk},
    {"chainguard", Ecosystem::kApk},
    {"rpm", Ecosystem::kRpm},
    {"almalinux", Ecosystem::kRpm},
    {"alma", Ecosystem::kRpm},
    {"rocky linux", Ecosystem::kRpm},
    {"rocky", Ecosystem::kRpm},
    {"red hat", Ecosystem::kRpm},
    {"redhat", Ecosystem::kRpm},
    {"rhel", Ecosystem::kRpm},
    {"fedora", Ecosystem::kRpm},
    {"suse", Ecosystem::kRpm},
    {"opensuse", Ecosystem::kRpm},
    {"pypi", Ecosystem::kPypi},
    {"python", Ecosystem::kPypi},
    {"pip", Ecosystem::kPypi},
    {"pep440", Ecosystem::kPypi},
    {"npm", Ecosystem::kNpm},
    {"node", Ecosystem::kNpm},
    {"nodejs", Ecosystem::kNpm},
    {"semver", Ecosystem::kNpm},
    {"javascript", Ecosystem::kNpm},
    {"maven", Ecosystem::kMaven},
    {"java", Ecosystem::kMaven},
    {"jar", Ecosystem::kMaven},
    {"golang", Ecosystem::kGo},
    {"go", Ecosystem::kGo},
    {"gem", Ecosystem::kGem},
    {"rubygems", Ecosystem::kGem},
    {"ruby", Ecosystem::kGem},
    {"composer", Ecosystem::kComposer},
    {"packagist", Ecosystem::kComposer},
    {"php", Ecosystem::kComposer},
    {"nuget", Ecosystem::kNuget},
    {"dotnet", Ecosystem::kNuget},
    {".net", Ecosystem::kNuget},
    {"cargo", Ecosystem::kCargo},
    {"crates", Ecosystem::kCargo},
    {"crates.io", Ecosystem::kCargo},
    {"rust", Ecosystem::kCargo},
};

}  // namespace

std::string_view PurlType(Ecosystem ecosystem) {
  switch (ecosystem) {
    case Ecosystem::kDeb:
      return "deb";
    case Ecosystem::kApk:
      return "apk";
    case Ecosystem::kRpm:
      return "rpm";
    case Ecosystem::kPypi:
      return "pypi";
    case Ecosystem::kNpm:
      return "npm";
    case Ecosystem::kMaven:
      return "maven";
    case Ecosystem::kGo:
      return "golang";
    case Ecosystem::kGem:
      return "gem";
    case Ecosystem::kComposer:
      return "composer";
    case Ecosystem::kNuget:
      return "nuget";
    case Ecosystem::kCargo:
      return "cargo";
  }
  return "";
}

std::optional<Ecosystem> EcosystemFromName(std::string_view name) {
  name = base::Trim(name.substr(0, name.find(':')));
  for (const Alias& alias : kAliases) {
    if (base::EqualsIgnoreCase(alias.name, name)) {
      return alias.ecosystem;
    }
  }
  return std::nullopt;
}

}  // namespace scantling::version
