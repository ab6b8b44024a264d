// Whose it is: rules over repository, namespace, cluster, environment, labels and annotations.
//
// The document "owners" of the store (docs/formats/owners.md): a JSON object with "rules", a list;
// the first rule of a role that matches decides. Roles (one owner for each risk): "application"
// owns a copy and its own layers, "image" what the base image brings, "platform" a cluster's
// configuration, "security" exceptions. A rule without a role is of the application. What a
// repository's CODEOWNERS or a record of a build says of an image (codeowners.h, builds.h) counts
// where no rule matches, since whoever may submit can say it; before the rules with "codeowners":
// "first", not at all with "off". Patterns are globs: "*" is any text, "?" one character; a rule
// matches when all that it names match.
#pragma once

#include "base/result.h"
#include "program/types.h"

#include <cstdint>
#include <functional>
#include <map>
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

// Of an image, for one role; kept with its digest.
struct CodeOwned {
  std::string owner;     // "" = nobody
  std::string why;       // "CODEOWNERS line 12 for shop/Dockerfile"
  Millis at = 0;         // when it was said
  bool claimed = false;  // by who may not be taken at their word (claims.h)
};
using CodeOwnedRoles = std::map<std::string, CodeOwned, std::less<>>;
// The document of an image is called this and its digest.
inline constexpr std::string_view kCodeOwnersDocument = "codeowners/";
// Takes in what is said elsewhere: of each role the latest, in whatever order they come.
void MergeCodeOwned(CodeOwnedRoles& into, const CodeOwnedRoles& from);
std::string CodeOwnedJson(const CodeOwnedRoles& roles);
base::Result<CodeOwnedRoles> ParseCodeOwned(std::string_view json);

enum class CodeOwnersOrder : uint8_t { kFirst, kLast, kOff };

// What rules are asked about. Label gives "" where there is none.
struct OwnerSubject {
  std::vector<std::string_view> repositories;
  std::string_view name_space;
  std::string_view cluster;
  std::string_view environment;
  std::function<std::string_view(std::string_view key)> label;
  // What CODEOWNERS says of a role; empty = there is none.
  std::function<const CodeOwned*(std::string_view role)> code_owner = {};
};

// Whose, and why in words: "label team", "CODEOWNERS line 12 for shop/Dockerfile", "rule 3".
struct Owned {
  std::string owner;  // "" = nobody
  std::string why;
};

struct OwnerRules {
  std::vector<OwnerRule> rules;
  std::string
      owner_label;  // label or annotation whose value is the owner, before the rules; "" none

  CodeOwnersOrder code_owners = CodeOwnersOrder::kLast;

  Owned Find(std::string_view role, const OwnerSubject& subject) const;
  std::string OwnerOf(std::string_view role, const OwnerSubject& subject) const {
    return Find(role, subject).owner;
  }
};

// An error names the rule and the member.
base::Result<OwnerRules> ParseOwnerRules(std::string_view json);

bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace scantling::program
