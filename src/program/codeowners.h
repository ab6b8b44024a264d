// CODEOWNERS files: which people or teams own a path of a repository.
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
// https://docs.gitlab.com/user/project/codeowners/reference/
//
// GitHub: one list; the last pattern that matches decides, also when it names nobody. Patterns are
// those of .gitignore; a pattern of a folder holds for all below it, one that ends in "/*" for its
// files only. GitLab: sections, "[Name][2] @default", of which each has its own last match; a
// pattern without a first "/" may begin anywhere; "!pattern" takes paths out of a section.
// A section called application, image, platform or security gives that role; all else is of the
// application, the first section first.
// Not handled: "[a-z]" in patterns, who exists at the forge. Lines that do not follow the grammar
// are passed over, as the forges do, and named with their numbers.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

enum class CodeOwnersStyle : uint8_t { kGithub, kGitlab };

struct CodeOwnersRule {
  std::string pattern;  // without escapes, "!" and the last "/"
  bool folder = false;  // it ended in "/"
  bool exclude = false;
  std::vector<std::string> owners;  // without "@"; empty = nobody
  uint32_t line = 0;                // from 1
  uint32_t section = 0;             // of CodeOwners::sections
};

struct CodeOwner {
  std::string role;
  std::vector<std::string> owners;  // the first is the one who answers for it; never empty
  uint32_t line = 0;
  std::string section;
};

struct CodeOwners {
  CodeOwnersStyle style = CodeOwnersStyle::kGithub;
  std::vector<std::string> sections = {""};
  std::vector<CodeOwnersRule> rules;  // in the order of the file
  std::vector<std::string> problems;  // "line 7: ..."; at most 100

  // Of a path without a first "/". At most one for each role.
  std::vector<CodeOwner> OwnersOf(std::string_view path) const;
};

// Where the file is says whose syntax it has (".gitlab/CODEOWNERS", ".github/CODEOWNERS");
// elsewhere a section means GitLab's. kLimit for a file that is too large or has too many rules.
base::Result<CodeOwners> ParseCodeOwners(std::string_view text, std::string_view file = "");

}  // namespace scantling::program
