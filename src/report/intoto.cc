// in-toto statements: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md . The
// image is the subject, a bill of materials or the findings are the predicate. They are not signed
// here: "cosign attest --predicate" takes what is below "predicate", and signers of whole
// statements (in-toto, DSSE) take the document as it is.
//
// Predicate types are those that "cosign verify-attestation --type cyclonedx" and "--type spdxjson"
// look for. For vulnerabilities it is in-toto's own, version 0.2
// (https://github.com/in-toto/attestation/blob/main/spec/predicates/vulns_02.md), which cosign
// verifies by its full name; cosign's older "vuln" predicate says nothing of what a result is.
//
// An image that was read without its manifest (a docker archive, a tree of files with a
// configuration) is named by its configuration's digest, its "image ID", and the subject says so.
// Where there is neither, nothing could ever be verified: the statement fails instead.
#include "report/cyclonedx.h"
#include "report/json_parts.h"
#include "report/spdx.h"

#include <algorithm>
#include <charconv>

namespace scantling::report {
namespace {

using codec::JsonWriter;

// put_predicate(JsonWriter&, const SbomSource&)
template <typename Put>
void WriteStatement(const model::Report& report, const FormatOptions& options, base::Output& output,
                    std::string_view type, Put put_predicate) {
  const model::Image& image = report.inventory.image;
  const std::string_view manifest = Sha256Hex(image.digest);
  const std::string_view digest = manifest.empty() ? Sha256Hex(image.config_digest) : manifest;
  if (digest.empty()) {
    output.Fail(base::Unsupported(
        "an in-toto statement is about an image that has a digest; this one has neither a "
        "manifest's nor a configuration's: scan it from a registry or an OCI layout"));
    return;
  }
  JsonWriter out(&output);
  out.BeginObject();
  out.Text("_type", "https://in-toto.io/Statement/v1");
  out.Key("subject");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "name", ImageName(image));
  out.Key("digest");
  out.BeginObject();
  PutText(out, "sha256", digest);
  out.EndObject();
  if (manifest.empty()) {
    out.Key("annotations");
    out.BeginObject();
    out.Text("scantling.digest", "of the image's configuration: there is no manifest");
    out.EndObject();
  }
  out.EndObject();
  out.EndArray();
  PutText(out, "predicateType", type);
  out.Key("predicate");
  put_predicate(out, SourceOf(report, options));
  out.EndObject();
}

void PutSeverity(JsonWriter& out, std::string_view method, std::string_view score) {
  out.BeginObject();
  PutText(out, "method", method);
  PutText(out, "score", score);
  out.EndObject();
}

void PutAnnotation(JsonWriter& out, std::string_view key, std::string_view value) {
  if (!value.empty()) {
    out.BeginObject();
    PutText(out, "key", key);
    PutText(out, "value", value);
    out.EndObject();
  }
}

void PutResult(JsonWriter& out, const model::Finding& finding) {
  out.BeginObject();
  PutText(out, "id", finding.id);
  out.Key("severity");
  out.BeginArray();
  PutSeverity(out, "scantling", model::ToString(finding.severity.level));
  for (const model::SeverityOpinion& opinion : finding.severities) {
    const std::string source = opinion.source.empty() ? "unknown" : opinion.source;
    PutSeverity(out, source, model::ToString(opinion.level));
    if (opinion.score >= 0) {
      char buffer[64];
      const auto end = std::to_chars(buffer, buffer + sizeof(buffer), opinion.score).ptr;
      PutSeverity(out, source + ":cvss_score",
                  std::string_view(buffer, static_cast<size_t>(end - buffer)));
    }
  }
  out.EndArray();
  out.Key("annotations");
  out.BeginArray();
  PutAnnotation(out, "component", finding.component);
  PutAnnotation(out, "fix_state", model::ToString(finding.fix_state));
  PutAnnotation(out, "fixed_version",
                finding.fixed_versions.empty() ? "" : finding.fixed_versions.front());
  PutAnnotation(out, "priority", finding.priority.level);
  PutAnnotation(out, "due", finding.priority.due);
  PutAnnotation(out, "kev", finding.kev ? finding.kev->date_added : "");
  PutAnnotation(out, "decided", TreatmentWords(finding));
  out.EndArray();
  out.EndObject();
}

void PutVulns(JsonWriter& out, const SbomSource& source, base::Output& output) {
  const model::Report& report = *source.maybe_report;
  std::string updated;  // the newest of the database's sources
  for (const model::SourceInfo& info : report.database.sources) {
    updated = std::max(updated, info.as_of);
  }
  out.BeginObject();
  out.Key("scanner");
  out.BeginObject();
  PutText(out, "uri", "pkg:generic/scantling@" + source.program_version);
  PutText(out, "version", source.program_version);
  out.Key("db");
  out.BeginObject();
  if (!report.database.digest.empty()) {
    PutText(out, "uri", "urn:scantling:database:" + report.database.digest);
    PutText(out, "version", report.database.digest);
  }
  const std::string time = TimeOf(updated);
  PutText(out, "lastUpdate", time.empty() ? "1970-01-01T00:00:00Z" : time);
  out.EndObject();
  out.Key("result");
  out.BeginArray();
  for (const model::Finding& finding : report.findings) {
    PutResult(out, finding);
    output.Record();
  }
  out.EndArray();
  out.EndObject();
  out.Key("metadata");
  out.BeginObject();
  PutText(out, "scanStartedOn", source.time);
  PutText(out, "scanFinishedOn", source.time);
  out.EndObject();
  out.EndObject();
}

}  // namespace

void WriteInTotoCycloneDx(const model::Report& report, const FormatOptions& options,
                          base::Output& output) {
  WriteStatement(report, options, output, "https://cyclonedx.org/bom", PutCycloneDx);
}

void WriteInTotoSpdx(const model::Report& report, const FormatOptions& options,
                     base::Output& output) {
  WriteStatement(report, options, output, "https://spdx.dev/Document", PutSpdx);
}

void WriteInTotoVuln(const model::Report& report, const FormatOptions& options,
                     base::Output& output) {
  WriteStatement(report, options, output, "https://in-toto.io/attestation/vulns/v0.2",
                 [&](JsonWriter& out, const SbomSource& source) { PutVulns(out, source, output); });
}

}  // namespace scantling::report
