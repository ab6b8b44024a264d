// What matters and what to do: priority of each finding, origin, and the actions. A pure function
// of report and options.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "model/report.h"
#include "rank/base_index.h"
#include "rank/dockerfile_lines.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace scantling::rank {

enum class Exposure : uint8_t { kUnknown, kYes, kNo };  // reachable from the public network?

// What the advisory data knows against a component as it stands: for each hole the versions that
// fix it, ascending; none when nothing fixes it. Asked about versions that are not in the image, so
// that no bump leads into a known hole.
using KnownHoles =
    std::function<std::vector<std::vector<std::string>>(const model::Component& component)>;

struct RankOptions {
  Exposure exposure = Exposure::kUnknown;
  unsigned jobs = 1;  // threads; the result does not depend on how many
  std::string base;   // --base: an image reference, a digest, or a number of layers; "" = find out
  const BaseIndex* maybe_known_images = nullptr;      // images scanned before
  const DockerfileFacts* maybe_dockerfile = nullptr;  // of MapDockerfile on this image
  KnownHoles known_holes = {};  // empty: a bump's target is judged by the report's findings alone
};

// Fills report.findings[].priority/layer/origin (and sorts findings by rank) and report.base_*.
base::Result<void> RankFindings(model::Report& report, const RankOptions& options);

// Fills report.actions. The union of all actions' resolves is exactly the set of open findings
// (model::IsOpen): what an exception or a VEX statement closed asks nothing of anybody.
void PlanActions(model::Report& report, const RankOptions& options);

// Both.
base::Result<void> Rank(model::Report& report, const RankOptions& options);

}  // namespace scantling::rank
