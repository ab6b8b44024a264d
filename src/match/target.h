// Inside of the room, and of rank's: under which namespace and name a component is looked up, or
// why it is not. The rules stand in docs/matching.md, "Which lookup". No names are guessed: a Java
// archive without a group is not looked up, and neither is a third party's package in the
// distribution's data.
#pragma once

#include "advisory/database.h"
#include "model/component.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::match {

enum class Skip : uint8_t {
  kNone,            // it is looked up
  kNoDistribution,  // an OS package, and no os-release tells whose
  kNoGroup,         // Maven: the archive names no group
  kThirdParty,      // an OS package that is not the distribution's own
};

// Views borrow from the component, except `normalized`, which owns a name that had to be rewritten.
struct Target {
  Skip skip = Skip::kNone;
  version::Ecosystem ecosystem = version::Ecosystem::kDeb;
  std::string_view name_space;  // also set when skipped, for coverage; "" = no distribution
  std::string_view version;
  std::string_view architecture;
  std::string_view module;
  std::string_view package() const { return normalized.empty() ? plain : normalized; }
  std::string_view plain;
  std::string normalized;
};

Target TargetOf(const model::Component& component);
// Whether a statement about the package is about this one: for rpm its module stream and its
// architecture count (docs/matching.md, "rpm modules"); what is not known on one side fits.
bool Applies(const Target& target, const advisory::Statement& statement);
// "deb: source package glibc in debian:12"
std::string RuleOf(const Target& target);

bool IsOsPackage(version::Ecosystem ecosystem);
// Who made it: version marks (pgdg, nodesource, a release's code name) and the rpm vendor. A deb
// maintainer's address does not tell: many of Debian's own use a private one.
bool IsThirdParty(const model::Component& component);

}  // namespace scantling::match
