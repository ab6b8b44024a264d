// A baseline: what an image was when it was last accepted, small enough to lie beside the
// Dockerfile. scantling.baseline/1 (docs/formats/baseline.md, api/baseline.schema.json).
//
// It holds what matching needs of each component, so that old and new are judged against the same
// database, and which findings were known when it was written, with the date at which each was
// first seen here; that date goes from baseline to baseline. Not kept: files, layers' contents,
// advisories.
#pragma once

#include "base/output.h"
#include "base/result.h"
#include "base/time.h"
#include "model/report.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

inline constexpr std::string_view kBaselineSchema = "scantling.baseline/1";

struct RecordedFinding {
  std::string id;
  std::vector<std::string> aliases;
  std::string package;     // ComponentKey()
  std::string first_seen;  // date
};

struct Baseline {
  std::string path;            // how it is called in messages: the file, "shop:1.3"
  std::string recorded;        // date of writing; "" unknown
  model::Inventory inventory;  // image, components, coverage.skipped; no history, no diagnostics
  int32_t base_layers = -1;
  std::string base_name;
  model::DatabaseInfo database;           // the one that the findings were made with
  bool has_findings = true;               // false: it comes from a bill of materials
  std::vector<RecordedFinding> findings;  // sorted by (package, id)
};

// The oldest and newest date of the sources that tell of vulnerabilities: what lists exploits,
// scores or ends of support is left out. "" without such a source.
struct DataDates {
  std::string oldest;
  std::string newest;
};
DataDates DatesOf(const model::DatabaseInfo& database);

// PackageKey(); "type:name" for a component without a package URL.
std::string ComponentKey(const model::Component& component);

// A report or a bill of materials as a baseline. What report.comparison, verdict and actions say
// plays no part. `recorded`: "" for the newest of DatesOf().
Baseline BaselineFromReport(model::Report report, std::string path, std::string recorded = {});
Baseline BaselineFromInventory(model::Inventory inventory, std::string path);

// The first-seen dates of `maybe_previous` are kept for findings that are still there.
void WriteBaseline(const model::Report& report, const Baseline* maybe_previous, base::Seconds now,
                   base::Output& output);

// Errors name `path`, line and column.
base::Result<Baseline> ParseBaseline(std::string_view text, const std::string& path);

// Is this JSON a baseline (by its "schema")? For who is given a file of unknown form.
bool LooksLikeBaseline(std::string_view text);

// When a finding was first seen here, by a baseline. Borrows it.
class FirstSeen {
 public:
  explicit FirstSeen(const Baseline& baseline);
  // "" when the baseline does not have it, under its id or any alias.
  std::string_view Of(const model::Finding& finding, const model::Component& component) const;

 private:
  std::map<std::pair<std::string_view, std::string_view>, std::string_view> dates_;
};

}  // namespace scantling::policy
