// Builds and deployments as CI tells of them: which commit made which image on which base, and when
// it was sent where. Events; what a build says of names, base and owner is folded into the content.
#pragma once

#include "base/result.h"
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
  std::string owner;        // from CODEOWNERS, when the sender looked
  std::string environment;  // of a deployment
  std::string workload;
  std::string url;  // of the run
  Millis committed = 0;
  Millis at = 0;
};

// Errors name the member.
base::Result<BuildRecord> ParseBuildRecord(std::string_view json, bool deployment, Millis now);
// False: it was known.
base::Result<bool> StoreBuildRecord(Change& change, const BuildRecord& record);

}  // namespace scantling::program
