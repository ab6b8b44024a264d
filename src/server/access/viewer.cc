// Names of roles and scopes.
#include "server/access/viewer.h"

#include <array>

namespace scantling::server::access {
namespace {
constexpr std::array<std::string_view, 4> kRoles = {"viewer", "owner", "security", "admin"};
constexpr std::array<Scope, 3> kScopes = {Scope::kRead, Scope::kSubmit, Scope::kAdmin};
}  // namespace

std::string_view ToString(Role role) { return kRoles.at(static_cast<size_t>(role)); }

std::optional<Role> ParseRole(std::string_view text) {
  for (size_t i = 0; i < kRoles.size(); ++i) {
    if (kRoles.at(i) == text) {
      return static_cast<Role>(i);
    }
  }
  return std::nullopt;
}

std::string_view ToString(Scope scope) {
  switch (scope) {
    case Scope::kRead:
      return "read";
    case Scope::kSubmit:
      return "submit";
    default:
      return "admin";
  }
}

std::optional<Scope> ParseScope(std::string_view text) {
  for (const Scope scope : kScopes) {
    if (ToString(scope) == text) {
      return scope;
    }
  }
  return std::nullopt;
}

}  // namespace scantling::server::access
