// The records of an SPDX document, made once from a report and written as SPDX 2.3 JSON (spdx.cc)
// and tag-value (spdx_tag_value.cc), and in part as SPDX 3.0.1 (spdx3.cc).
//
// https://spdx.github.io/spdx-spec/v2.3/ . Version 2.3 has no place for vulnerabilities but a
// package's external references: each finding is one of category SECURITY, type "advisory", with
// its severity, fix and what was decided in the comment; those whose identifier has no page are
// left out. What a package declares is licenceDeclared; nothing is concluded. Not written: files,
// copyright texts, where a package was downloaded from.
#pragma once

#include "codec/json_writer.h"
#include "report/sbom_parts.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

struct SpdxAdvisory {
  std::string url;
  std::string comment;
};

struct SpdxPackage {
  std::string id;  // "SPDXRef-Package-deb-libc6-..."
  std::string_view name;
  std::string_view version;
  std::string_view purpose;  // "LIBRARY", "CONTAINER", "OPERATING_SYSTEM", "APPLICATION"
  std::string supplier;      // "Organization: Debian (mail@...)"; "" not known
  std::string license;       // an expression; "" not known
  std::string source_info;
  std::string_view description;
  std::string_view sha256;  // hex
  std::string purl;
  std::vector<SpdxAdvisory> advisories;
};

// Licences that no list has: "LicenseRef-..." -> the name that a package declares.
using SpdxLicenseNames = std::map<std::string, std::string>;

inline constexpr std::string_view kSpdxImage = "SPDXRef-Image";

std::string SpdxNamespace(const SbomSource& source);  // "https://spdx.org/spdxdocs/scantling-..."
std::string SpdxId(const model::Component& component);

// The image, its distribution, then every component. Names of licences are added to `names`.
void ForEachSpdxPackage(const SbomSource& source, SpdxLicenseNames& names,
                        const std::function<void(const SpdxPackage&)>& visit);
// (from, "DESCRIBES"/"CONTAINS"/"DEPENDS_ON", to)
void ForEachSpdxRelationship(
    const SbomSource& source,
    const std::function<void(std::string_view, std::string_view, std::string_view)>& visit);

// The document as a value of `out`, so that it can stand inside of another.
void PutSpdx(codec::JsonWriter& out, const SbomSource& source);

}  // namespace scantling::report
