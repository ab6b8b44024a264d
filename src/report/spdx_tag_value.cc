// SPDX 2.3 as tag-value: https://spdx.github.io/spdx-spec/v2.3/ . What is in it: spdx.h.
//
// A value is one line; longer ones stand between <text> and </text>, which is taken out of them.
#include "base/strings.h"
#include "report/spdx.h"

#include <string>

namespace scantling::report {
namespace {

class TagWriter {
 public:
  explicit TagWriter(base::Output& output) : output_(output) {}

  void Put(std::string_view tag, std::string_view value) {
    output_.text().append(tag).append(": ").append(OneLine(value)).append("\n");
  }
  void PutFilled(std::string_view tag, std::string_view value) {
    if (!value.empty()) {
      Put(tag, value);
    }
  }
  void PutText(std::string_view tag, std::string_view value) {
    if (!value.empty()) {
      Put(tag, "<text>" + OneLine(value) + "</text>");
    }
  }
  void EndRecord() {
    output_.text().push_back('\n');
    output_.Record();
  }

 private:
  static std::string OneLine(std::string_view value) {
    std::string out = base::ToUtf8(value);
    for (char& c : out) {
      if (static_cast<unsigned char>(c) < 0x20) {
        c = ' ';
      }
    }
    return out;
  }

  base::Output& output_;
};

// What would end a text early, in a text.
std::string WithoutTags(std::string text) {
  for (const std::string_view tag : {"<text>", "</text>"}) {
    for (size_t at = text.find(tag); at != std::string::npos; at = text.find(tag, at)) {
      text[at] = '(';
      text[at + tag.size() - 1] = ')';
    }
  }
  return text;
}

std::string_view Or(std::string_view value, std::string_view other) {
  return value.empty() ? other : value;
}

void PutPackage(TagWriter& out, const SpdxPackage& package) {
  constexpr std::string_view kNoAssertion = "NOASSERTION";
  out.Put("PackageName", WithoutTags(std::string(package.name)));
  out.Put("SPDXID", package.id);
  out.PutFilled("PackageVersion", WithoutTags(std::string(package.version)));
  out.Put("PackageSupplier", Or(WithoutTags(package.supplier), kNoAssertion));
  out.Put("PackageDownloadLocation", kNoAssertion);
  out.Put("FilesAnalyzed", "false");
  if (!package.sha256.empty()) {
    out.Put("PackageChecksum", "SHA256: " + std::string(package.sha256));
  }
  out.PutText("PackageSourceInfo", WithoutTags(package.source_info));
  out.Put("PackageLicenseConcluded", kNoAssertion);
  out.Put("PackageLicenseDeclared", Or(package.license, kNoAssertion));
  out.Put("PackageCopyrightText", kNoAssertion);
  out.PutText("PackageDescription", WithoutTags(std::string(package.description)));
  if (!package.purl.empty()) {
    out.Put("ExternalRef", "PACKAGE-MANAGER purl " + package.purl);
  }
  for (const SpdxAdvisory& advisory : package.advisories) {
    out.Put("ExternalRef", "SECURITY advisory " + advisory.url);
    out.PutText("ExternalRefComment", WithoutTags(advisory.comment));
  }
  out.Put("PrimaryPackagePurpose",
          package.purpose == "OPERATING_SYSTEM" ? "OPERATING-SYSTEM" : package.purpose);
  out.EndRecord();
}

}  // namespace

void WriteSpdxTagValue(const model::Report& report, const FormatOptions& options,
                       base::Output& output) {
  const SbomSource source = SourceOf(report, options);
  TagWriter out(output);
  out.Put("SPDXVersion", "SPDX-2.3");
  out.Put("DataLicense", "CC0-1.0");
  out.Put("SPDXID", "SPDXRef-DOCUMENT");
  out.Put("DocumentName", WithoutTags(ImageName(source.inventory.image)));
  out.Put("DocumentNamespace", SpdxNamespace(source));
  out.Put("Creator", "Tool: scantling-" + source.program_version);
  out.Put("Created", source.time);
  out.EndRecord();
  SpdxLicenseNames names;
  ForEachSpdxPackage(source, names, [&](const SpdxPackage& package) { PutPackage(out, package); });
  for (const auto& [id, name] : names) {
    out.Put("LicenseID", id);
    out.PutText("ExtractedText", WithoutTags(name));
    out.Put("LicenseName", WithoutTags(name));
    out.PutText("LicenseComment",
                "the name that packages declare; the licence's text was not read");
    out.EndRecord();
  }
  ForEachSpdxRelationship(source,
                          [&](std::string_view from, std::string_view type, std::string_view to) {
                            std::string line(from);
                            line.append(" ").append(type).append(" ").append(to);
                            out.Put("Relationship", line);
                            output.Record();
                          });
}

}  // namespace scantling::report
