// Inside of the room: SPDX JSON 2.2 and 2.3 in (https://spdx.github.io/spdx-spec/v2.3/).
//
// Beside the package URL: the source package that our own and Trivy's "sourceInfo" name, and which
// OS package's files a language package is (relationships CONTAINS, and Syft's
// "ownership-by-file-overlap").
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "report/sbom_builder.h"

namespace scantling::report {

base::Result<void> ReadSpdx(codec::JsonValue root, SbomBuilder& out);

}  // namespace scantling::report
