// See target.h. Names: Debian and Alpine by source (origin) package, rpm by binary package,
// languages as their registries write them (PyPI by PEP 503).
#include "match/target.h"

#include "base/strings.h"
#include "version/purl.h"

#include <algorithm>
#include <array>

namespace scantling::match {
namespace {

using version::Ecosystem;

// Marks that Debian and Ubuntu never put into a version of their own, and the big third-party
// archives do: apt.postgresql.org, deb.nodesource.com, packages.sury.org (git-buildpackage
// snapshots), code names as in "1.25.3-1~bookworm" (nginx.org, redis.io) and
// "5:24.0.7-1~debian.12~bookworm" (docker.com).
constexpr std::array<std::string_view, 13> kForeignMarks = {
    "pgdg",    "nodesource", ".gbp",      "~stretch",  "~buster", "~bullseye", "~bookworm",
    "~trixie", "~debian.",   "+bookworm", "+bullseye", "~jammy",  "~noble"};

// The word that a distribution's own rpms have in their vendor tag.
struct VendorWord {
  std::string_view distro;
  std::string_view word;
};
constexpr std::array<VendorWord, 9> kVendorWords = {{{"almalinux", "almalinux"},
                                                     {"amzn", "amazon"},
                                                     {"centos", "centos"},
                                                     {"fedora", "fedora"},
                                                     {"ol", "oracle"},
                                                     {"opensuse", "opensuse"},
                                                     {"rhel", "red hat"},
                                                     {"rocky", "rocky"},
                                                     {"sles", "suse"}}};

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view LanguageNamespace(Ecosystem ecosystem) { return version::PurlType(ecosystem); }

bool NeedsNormalizing(Ecosystem ecosystem, std::string_view name) {
  if (ecosystem != Ecosystem::kPypi && ecosystem != Ecosystem::kComposer &&
      ecosystem != Ecosystem::kNuget) {
    return false;
  }
  return std::any_of(name.begin(), name.end(), [ecosystem](char c) {
    return (c >= 'A' && c <= 'Z') ||
           (ecosystem == Ecosystem::kPypi && (c == '_' || c == '.' || c == '-'));
  });
}

// "nodejs:18:8090020240301:rhel8" and "nodejs:18" are the same stream.
std::string_view StreamOf(std::string_view module) {
  const size_t name = module.find(':');
  if (name == std::string_view::npos) {
    return module;
  }
  return module.substr(0, module.find(':', name + 1));
}

}  // namespace

bool IsOsPackage(Ecosystem ecosystem) {
  return ecosystem == Ecosystem::kDeb || ecosystem == Ecosystem::kApk ||
         ecosystem == Ecosystem::kRpm;
}

bool IsThirdParty(const model::Component& component) {
  if (component.type == Ecosystem::kDeb) {
    const std::string_view version =
        component.source_version.empty() ? component.version : component.source_version;
    return std::any_of(kForeignMarks.begin(), kForeignMarks.end(),
                       [version](std::string_view mark) { return Contains(version, mark); });
  }
  if (component.type == Ecosystem::kRpm && !component.vendor.empty()) {
    const std::string_view distro(component.distro);
    for (const auto& [id, word] : kVendorWords) {
      if (distro.starts_with(id)) {
        return !Contains(base::Lower(component.vendor), word);
      }
    }
  }
  return false;
}

Target TargetOf(const model::Component& component) {
  Target target;
  target.ecosystem = component.type;
  target.version = component.version;
  target.plain = component.name;
  if (IsOsPackage(component.type)) {
    target.name_space = component.distro;
    target.architecture = component.architecture;
    if (component.type == Ecosystem::kRpm) {
      target.module = component.module;
    } else {
      if (!component.source_name.empty()) {
        target.plain = component.source_name;
      }
      if (!component.source_version.empty()) {
        target.version = component.source_version;
      }
    }
    if (component.distro.empty()) {
      target.skip = Skip::kNoDistribution;
    } else if (IsThirdParty(component)) {
      target.skip = Skip::kThirdParty;
    }
    return target;
  }
  target.name_space = LanguageNamespace(component.type);
  if (component.type == Ecosystem::kMaven && !Contains(component.name, ":")) {
    target.skip = Skip::kNoGroup;
  }
  if (component.type == Ecosystem::kGo && component.name == "stdlib") {
    // Go's database writes "1.21.4"; build information says "go1.21.4", at times with an experiment
    // behind a blank.
    std::string_view version = target.version;
    if (version.starts_with("go")) {
      version.remove_prefix(2);
    } else if (version.starts_with("v")) {
      version.remove_prefix(1);
    }
    target.version = version.substr(0, version.find(' '));
  }
  if (NeedsNormalizing(component.type, component.name)) {
    target.normalized = version::NormalizeName(component.type, component.name);
  }
  return target;
}

bool Applies(const Target& target, const advisory::Statement& statement) {
  if (target.ecosystem != Ecosystem::kRpm) {
    return true;
  }
  if (!statement.architecture.empty() && !target.architecture.empty() &&
      statement.architecture != target.architecture && target.architecture != "noarch") {
    return false;
  }
  const bool modular =
      !target.module.empty() || target.version.find(".module") != std::string_view::npos;
  if (statement.module.empty()) {
    return !modular;
  }
  if (statement.module == "*" || target.module.empty()) {
    return modular;  // which stream is not known on one of the two sides
  }
  return StreamOf(statement.module) == StreamOf(target.module);
}

std::string RuleOf(const Target& target) {
  std::string out(version::PurlType(target.ecosystem));
  switch (target.ecosystem) {
    case Ecosystem::kDeb:
      out += ": source package ";
      break;
    case Ecosystem::kApk:
      out += ": origin package ";
      break;
    case Ecosystem::kRpm:
      out += ": package ";
      break;
    default:
      return out.append(": ").append(target.package());
  }
  out.append(target.package()).append(" in ").append(target.name_space);
  if (!target.module.empty()) {
    out.append(", module ").append(target.module);
  }
  return out;
}

}  // namespace scantling::match
