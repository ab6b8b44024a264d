// Builds and deployments as CI tells of them: which commit made which image on which base, and when
// it was sent where. Events; what a build says of names, base and owner is folded into the content.
#pragma once

#include "base/result.h"
#include "program/codeowners.h"
#include "program/events.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct BuildRecord {
  bool deployment = false;
  std::string id;                  // of the sender; "" = made of the content
  std::string digest;              // of the image; required
  std::vector<std::string> names;  // "registry/shop:1.4"
  std::string source;              // "https://git.example/team/shop"
  std::string commit;
  std::string base_digest;
  std::string owner;                             // of the application, when the sender knows
  std::string dockerfile;                        // its path in the repository
  bool has_codeowners = false;                   // it came with that file
  std::vector<CodeOwner> code_owners;            // of that path, by the repository's CODEOWNERS
  std::vector<std::string> codeowners_problems;  // "line 7: ..."
  std::string environment;                       // of a deployment
  std::string workload;
  std::string url;  // of the run
  Millis committed = 0;
  Millis at = 0;
};

// Errors name the member. "codeowners" is the text of the file, "codeowners_file" where it is in
// the repository, "dockerfile" the path that is looked up in it (Dockerfile).
base::Result<BuildRecord> ParseBuildRecord(std::string_view json, bool deployment, Millis now);
// False: it was known.
base::Result<bool> StoreBuildRecord(Change& change, const BuildRecord& record);

}  // namespace scantling::program
