// Whose it is: rules over repository, namespace, cluster, environment, labels and annotations.
//
// The document "owners" of the store (docs/formats/owners.md): a JSON object with "rules", a list;
// the first rule of a role that matches decides. Roles (one owner for each risk): "application"
// owns a copy and its own layers, "image" what the base image brings, "platform" a cluster's
// configuration, "security" exceptions. A rule without a role is of the application. Patterns are
// globs: "*" is any text, "?" one character; a rule matches when all that it names match.
#pragma once

#include "base/result.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::program {

struct OwnerRule {
  std::string owner;
  std::string role = "application";
  std::string repository;  // patterns; "" any
  std::string name_space;
  std::string cluster;
  std::string environment;
  std::vector<std::pair<std::string, std::string>> labels;  // key, pattern of the value
};

// What rules are asked about. Label gives "" where there is none.
struct OwnerSubject {
  std::vector<std::string_view> repositories;
  std::string_view name_space;
  std::string_view cluster;
  std::string_view environment;
  std::function<std::string_view(std::string_view key)> label;
};

struct OwnerRules {
  std::vector<OwnerRule> rules;
  std::string
      owner_label;  // label or annotation whose value is the owner, before the rules; "" none

  // "" = nobody.
  std::string OwnerOf(std::string_view role, const OwnerSubject& subject) const;
};

// An error names the rule and the member.
base::Result<OwnerRules> ParseOwnerRules(std::string_view json);

bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace scantling::program
