// CycloneDX 1.6 VEX (https://cyclonedx.org/docs/1.6/json/#vulnerabilities): the components that
// have findings, and one vulnerability with an analysis per finding. An accepted risk is
// exploitable with the response will_not_fix (workaround_available, can_not_fix or update where the
// exception says so). CycloneDX has other words for justifications; the exact one is the property
// "scantling:justification".
#include "codec/json_writer.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/vex_parts.h"

#include <unordered_set>

namespace scantling::report {
namespace {

using codec::JsonWriter;
using model::TreatmentKind;

std::string_view State(TreatmentKind status) {
  switch (status) {
    case TreatmentKind::kNotAffected:
      return "not_affected";
    case TreatmentKind::kFixed:
      return "resolved";
    case TreatmentKind::kUnderInvestigation:
      return "in_triage";
    case TreatmentKind::kAccepted:
    case TreatmentKind::kAffected:
      break;
  }
  return "exploitable";
}

std::string_view CycloneDxJustification(std::string_view word) {
  if (word == "component_not_present" || word == "vulnerable_code_not_present") {
    return "code_not_present";
  }
  if (word == "vulnerable_code_not_in_execute_path") {
    return "code_not_reachable";
  }
  if (word == "vulnerable_code_cannot_be_controlled_by_adversary") {
    return "requires_environment";
  }
  return word == "inline_mitigations_already_exist" ? "protected_by_mitigating_control"
                                                    : std::string_view();
}

std::string_view Response(const VexEntry& entry) {
  const model::Finding& finding = *entry.finding;
  if (entry.status == TreatmentKind::kAccepted) {
    const std::string& reason = finding.treatment->reason;
    return reason == "mitigated"       ? "workaround_available"
           : reason == "no_fix_yet"    ? "can_not_fix"
           : reason == "fix_scheduled" ? "update"
                                       : "will_not_fix";
  }
  if (entry.status == TreatmentKind::kAffected) {
    return finding.fixed_versions.empty() ? "can_not_fix" : "update";
  }
  return {};
}

void PutMetadata(JsonWriter& out, const model::Report& report, const FormatOptions& options,
                 const std::string& time) {
  const model::Image& image = report.inventory.image;
  out.Key("metadata");
  out.BeginObject();
  PutText(out, "timestamp", time);
  out.Key("tools");
  out.BeginObject();
  out.Key("components");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "type", "application");
  PutText(out, "name", "scantling");
  PutText(out, "version", options.program_version);
  out.EndObject();
  out.EndArray();
  out.EndObject();
  const std::string purl = VexImagePurl(image);
  out.Key("component");
  out.BeginObject();
  // A folder that was scanned has no identity that a reader could compare.
  PutText(out, "type", purl.empty() ? "application" : "container");
  PutText(out, "bom-ref", "image");
  PutText(out, "name", VexImageTitle(image));
  if (!purl.empty()) {
    PutText(out, "version", image.digest.empty() ? "" : image.digest);
    PutText(out, "purl", purl);
  }
  out.EndObject();
  out.EndObject();
}

void PutComponents(JsonWriter& out, const std::vector<VexEntry>& entries) {
  std::unordered_set<std::string_view> seen;
  out.Key("components");
  out.BeginArray();
  for (const VexEntry& entry : entries) {
    if (!seen.insert(entry.finding->component).second) {
      continue;
    }
    out.BeginObject();
    PutText(out, "type", "library");
    PutText(out, "bom-ref", entry.finding->component);
    PutText(
        out, "name",
        entry.maybe_component != nullptr ? entry.maybe_component->name : entry.finding->component);
    if (entry.maybe_component != nullptr) {
      PutText(out, "version", entry.maybe_component->version);
      if (!entry.maybe_component->purl.empty()) {
        PutText(out, "purl", entry.maybe_component->purl);
      }
    }
    out.EndObject();
  }
  out.EndArray();
}

void PutSource(JsonWriter& out, std::string_view id) {
  out.Key("source");
  out.BeginObject();
  const std::string_view name = id.substr(0, id.find('-'));
  PutText(out, "name", name.empty() ? "advisory" : name);
  out.EndObject();
}

void PutVulnerability(JsonWriter& out, const VexEntry& entry) {
  const model::Finding& finding = *entry.finding;
  const std::string words = finding.treatment ? finding.treatment->words : std::string();
  const std::string_view justification =
      entry.status == TreatmentKind::kNotAffected ? VexJustification(finding) : std::string_view();
  out.BeginObject();
  PutText(out, "bom-ref", model::FindingKey(finding.id, finding.component));
  PutText(out, "id", finding.id);
  PutSource(out, finding.id);
  if (!finding.aliases.empty()) {
    out.Key("references");
    out.BeginArray();
    for (const std::string& alias : finding.aliases) {
      out.BeginObject();
      PutText(out, "id", alias);
      PutSource(out, alias);
      out.EndObject();
    }
    out.EndArray();
  }
  if (!finding.summary.empty()) {
    PutText(out, "description", finding.summary);
  }
  out.Key("analysis");
  out.BeginObject();
  PutText(out, "state", State(entry.status));
  if (!justification.empty()) {
    PutText(out, "justification", CycloneDxJustification(justification));
  }
  if (const std::string_view response = Response(entry); !response.empty()) {
    out.Key("response");
    out.BeginArray();
    out.Text(response);
    out.EndArray();
  }
  const std::string& detail = entry.action.empty() ? words : entry.action;
  if (!detail.empty()) {
    PutText(out, "detail", detail);
  }
  out.EndObject();
  out.Key("affects");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "ref", finding.component);
  out.EndObject();
  out.EndArray();
  if (!justification.empty()) {
    out.Key("properties");
    out.BeginArray();
    out.BeginObject();
    PutText(out, "name", "scantling:justification");
    PutText(out, "value", justification);
    out.EndObject();
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace

void WriteCycloneDxVex(const model::Report& report, const FormatOptions& options,
                       base::Output& output) {
  const auto entries = VexEntries(report, VexIdentity::kRef);
  const std::string time = DocumentTime(report, options);
  JsonWriter out(&output);
  out.BeginObject();
  PutText(out, "bomFormat", "CycloneDX");
  PutText(out, "specVersion", "1.6");
  PutText(out, "serialNumber",
          "urn:uuid:" + UuidFrom(VexDigest(report, entries, "cyclonedx", time)));
  out.Uint("version", 1);
  PutMetadata(out, report, options, time);
  PutComponents(out, entries);
  out.Key("vulnerabilities");
  out.BeginArray();
  for (const VexEntry& entry : entries) {
    PutVulnerability(out, entry);
  }
  out.EndArray();
  out.EndObject();
  output.text() += "\n";
  output.Record();
}

}  // namespace scantling::report
