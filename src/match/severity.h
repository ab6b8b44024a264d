// Inside of the room: which source's severity a finding shows. The one rule (docs/matching.md,
// "Severity"): a distribution's own level for its own package; else CVSS 3, then 4, then 2, then a
// bare word, and inside each the sources in a fixed order. Every opinion stays in the finding.
#pragma once

#include "model/finding.h"

#include <span>
#include <string_view>

namespace scantling::match {

// `opinions` in any order; an empty opinion when there is none.
model::SeverityOpinion ChooseSeverity(std::span<const model::SeverityOpinion> opinions);

// Fills a level that the source left out, from the vector or the score.
void CompleteLevel(model::SeverityOpinion& opinion);

}  // namespace scantling::match
