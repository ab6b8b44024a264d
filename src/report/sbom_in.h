// Bills of materials in, as inventories that can be matched: CycloneDX JSON 1.2 to 1.6
// (cyclonedx_in.h) and SPDX JSON 2.2 and 2.3 (spdx_in.h), of our own, Syft's, Trivy's and any other
// making.
//
// What is listed and cannot be judged (no package URL, a type of package that is not known, no
// version) becomes a coverage gap; elements that are no packages are counted in a diagnostic.
// Deliberately not read: XML, tag-value, SPDX 3, vulnerabilities that a document carries (they are
// somebody else's judgement).
#pragma once

#include "base/result.h"
#include "model/inventory.h"

#include <string>
#include <string_view>

namespace scantling::report {

// By its first members. For who is given a file of unknown form.
bool LooksLikeSbom(std::string_view text);

// Errors name `path`, and the line where there is one.
base::Result<model::Inventory> ReadSbom(std::string_view text, const std::string& path);

}  // namespace scantling::report
