// A component out of its package URL alone: what a bill of materials of any tool, or a baseline,
// knows of a package (https://github.com/package-url/purl-spec). Qualifiers as Syft and Trivy write
// them: arch, distro ("debian-12", Trivy's "3.18.4" for Alpine), epoch, upstream ("glibc",
// "glibc@2.36-9", "bash-5.1-6.src.rpm"), modularitylabel.
#pragma once

#include "model/inventory.h"

#include <optional>
#include <string>
#include <string_view>

namespace scantling::policy {

struct PurlFacts {
  model::Component component;  // ref and purl set; no layer; one location without a path
  model::Distro distro;        // of an OS package: id and version_id as far as the URL tells
};

// nullopt when it is no package URL, or of a type whose versions have no order here; `why` then
// says which, in words. The version may be empty.
std::optional<PurlFacts> ComponentFromPurl(std::string_view purl, std::string& why);

// The advisory namespace ("debian:12") of a distribution as other tools name it ("redhat",
// "amazon", "suse linux enterprise server"): gives it our name first.
std::string NormaliseDistro(model::Distro& distro);

// "bash" of "bash-5.1.8-6.el9.src.rpm", and "5.1.8-6.el9".
void SplitSourceRpm(std::string_view source_rpm, std::string& name, std::string& version);

}  // namespace scantling::policy
