// What matters and what to do: priority of each finding, origin, and the actions. A pure function
// of report and options.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "model/report.h"

#include <optional>
#include <string>

namespace scantling::rank {

enum class Exposure : uint8_t { kUnknown, kYes, kNo };  // reachable from the public network?

struct RankOptions {
  Exposure exposure = Exposure::kUnknown;
  std::string base;  // --base: an image reference, a digest, or a number of layers; "" = find out
};

// Fills report.findings[].priority/layer/origin (and sorts findings by rank), report.base_*,
// report.actions. The union of all actions' resolves is exactly the set of findings.
base::Result<void> Rank(model::Report& report, const RankOptions& options);

}  // namespace scantling::rank
