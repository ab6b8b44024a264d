// The level of a CVSS score in the words of reports: CVSS's "none" is our negligible.
#pragma once

#include "model/finding.h"
#include "version/cvss.h"

namespace scantling::model {

Level LevelOf(version::SeverityLevel level);

}  // namespace scantling::model
