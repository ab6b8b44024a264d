// Inside of the room: CycloneDX JSON 1.2 to 1.6 in (https://cyclonedx.org/docs/1.6/json/).
//
// Properties that say more than the package URL: ours ("scantling:*"), Syft's ("syft:metadata:*",
// "syft:location:*", "syft:distro:*") and Trivy's ("aquasecurity:trivy:*").
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "report/sbom_builder.h"

namespace scantling::report {

base::Result<void> ReadCycloneDx(codec::JsonValue root, SbomBuilder& out);

}  // namespace scantling::report
