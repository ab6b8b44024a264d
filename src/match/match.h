// Components x advisories -> findings. A pure function: no clock, no disk, no network.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "model/finding.h"
#include "model/inventory.h"
#include "model/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::match {

struct MatchResult {
  // Sorted by (component ref, id). Filled: everything but priority, origin and layer is copied from
  // the component.
  std::vector<model::Finding> findings;
  std::vector<model::EcosystemCoverage> ecosystems;  // sorted
  std::vector<model::Diagnostic>
      diagnostics;  // versions that could not be compared, a damaged database
};

// With up to `jobs` threads; the result does not depend on how many.
base::Result<MatchResult> Match(const model::Inventory& inventory,
                                const advisory::Database& database, unsigned jobs = 1);

// What is known against a component as it stands, whoever owns its file: for each hole the versions
// that fix it, ascending; none when nothing does.
base::Result<std::vector<std::vector<std::string>>> KnownHoles(const model::Component& component,
                                                               const advisory::Database& database);

// Why an id is, or is not, a finding: for each component that any statement about it names (and
// that is in the image), one verdict.
struct Verdict {
  std::string component;  // ref
  std::string version;
  bool is_finding = false;
  std::string source;  // feed
  std::string as_of;
  std::string advisory;
  std::string range;
  std::string rule;  // which lookup was made
  std::string why;  // in words: "2.36-9+deb12u4 is below the fix 2.36-9+deb12u6", "the distribution
                    // says not affected, and owns the file"
};
struct Explanation {
  std::string id;
  std::vector<std::string> aliases;
  std::string summary;
  bool known = false;  // the database knows the id
  std::vector<Verdict> verdicts;
  std::vector<std::string>
      packages;  // what the database says it is about, where none is in the image ("npm lodash")
  std::vector<std::string> unchecked = {};  // namespaces of the image for which there is no data
};
base::Result<Explanation> Explain(std::string_view id, const model::Inventory& inventory,
                                  const advisory::Database& database);

}  // namespace scantling::match
