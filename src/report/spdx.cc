// SPDX 2.3 as JSON: https://spdx.github.io/spdx-spec/v2.3/ . What is in it: spdx.h.
#include "report/spdx.h"

#include "report/json_parts.h"

namespace scantling::report {
namespace {

using codec::JsonWriter;

constexpr std::string_view kNoAssertion = "NOASSERTION";

std::string_view Or(std::string_view value, std::string_view other) {
  return value.empty() ? other : value;
}

void PutFilled(JsonWriter& out, std::string_view key, std::string_view value) {
  if (!value.empty()) {
    PutText(out, key, value);
  }
}

void PutReference(JsonWriter& out, std::string_view category, std::string_view type,
                  std::string_view locator, std::string_view comment) {
  out.BeginObject();
  PutText(out, "referenceCategory", category);
  PutText(out, "referenceType", type);
  PutText(out, "referenceLocator", locator);
  PutFilled(out, "comment", comment);
  out.EndObject();
}

void PutPackage(JsonWriter& out, const SpdxPackage& package) {
  out.BeginObject();
  PutText(out, "SPDXID", package.id);
  PutText(out, "name", package.name);
  PutFilled(out, "versionInfo", package.version);
  PutText(out, "primaryPackagePurpose", package.purpose);
  PutText(out, "supplier", Or(package.supplier, kNoAssertion));
  PutText(out, "downloadLocation", kNoAssertion);
  out.Bool("filesAnalyzed", false);
  PutText(out, "licenseConcluded", kNoAssertion);
  PutText(out, "licenseDeclared", Or(package.license, kNoAssertion));
  PutText(out, "copyrightText", kNoAssertion);
  PutFilled(out, "description", package.description);
  PutFilled(out, "sourceInfo", package.source_info);
  if (!package.sha256.empty()) {
    out.Key("checksums");
    out.BeginArray();
    out.BeginObject();
    PutText(out, "algorithm", "SHA256");
    PutText(out, "checksumValue", package.sha256);
    out.EndObject();
    out.EndArray();
  }
  if (!package.purl.empty() || !package.advisories.empty()) {
    out.Key("externalRefs");
    out.BeginArray();
    if (!package.purl.empty()) {
      PutReference(out, "PACKAGE-MANAGER", "purl", package.purl, {});
    }
    for (const SpdxAdvisory& advisory : package.advisories) {
      PutReference(out, "SECURITY", "advisory", advisory.url, advisory.comment);
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace

void PutSpdx(JsonWriter& out, const SbomSource& source) {
  out.BeginObject();
  out.Text("spdxVersion", "SPDX-2.3");
  out.Text("dataLicense", "CC0-1.0");
  out.Text("SPDXID", "SPDXRef-DOCUMENT");
  PutText(out, "name", ImageName(source.inventory.image));
  PutText(out, "documentNamespace", SpdxNamespace(source));
  out.Key("creationInfo");
  out.BeginObject();
  PutText(out, "created", source.time);
  out.Key("creators");
  out.BeginArray();
  out.Text("Tool: scantling-" + source.program_version);
  out.EndArray();
  out.EndObject();
  SpdxLicenseNames names;
  out.Key("packages");
  out.BeginArray();
  ForEachSpdxPackage(source, names, [&](const SpdxPackage& package) { PutPackage(out, package); });
  out.EndArray();
  if (!names.empty()) {
    out.Key("hasExtractedLicensingInfos");
    out.BeginArray();
    for (const auto& [id, name] : names) {
      out.BeginObject();
      PutText(out, "licenseId", id);
      PutText(out, "name", name);
      PutText(out, "extractedText", name);
      PutText(out, "comment", "the name that packages declare; the licence's text was not read");
      out.EndObject();
    }
    out.EndArray();
  }
  out.Key("relationships");
  out.BeginArray();
  ForEachSpdxRelationship(source,
                          [&](std::string_view from, std::string_view type, std::string_view to) {
                            out.BeginObject();
                            PutText(out, "spdxElementId", from);
                            PutText(out, "relationshipType", type);
                            PutText(out, "relatedSpdxElement", to);
                            out.EndObject();
                          });
  out.EndArray();
  out.EndObject();
}

void WriteSpdxJson(const model::Report& report, const FormatOptions& options,
                   base::Output& output) {
  JsonWriter out(&output);
  PutSpdx(out, SourceOf(report, options));
}

}  // namespace scantling::report
