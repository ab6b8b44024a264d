// OpenVEX 0.2.0 (https://github.com/openvex/spec): one statement per vulnerability and package URL.
// The product is the image, the package its subcomponent; where neither name nor digest of the
// image is known, the package is the product. A report without findings gives no statement, which
// the format's schema does not allow for: there is nothing to say.
#include "codec/json_writer.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/vex_parts.h"

namespace scantling::report {
namespace {

using model::TreatmentKind;

void PutProduct(codec::JsonWriter& out, const std::string& image, const VexEntry& entry) {
  out.Key("products");
  out.BeginArray();
  out.BeginObject();
  if (image.empty()) {
    PutText(out, "@id", entry.purl);
  } else {
    PutText(out, "@id", image);
    out.Key("subcomponents");
    out.BeginArray();
    out.BeginObject();
    PutText(out, "@id", entry.purl);
    out.EndObject();
    out.EndArray();
  }
  out.EndObject();
  out.EndArray();
}

void PutStatement(codec::JsonWriter& out, const std::string& image, const VexEntry& entry) {
  const model::Finding& finding = *entry.finding;
  const std::string words = finding.treatment ? finding.treatment->words : std::string();
  out.BeginObject();
  out.Key("vulnerability");
  out.BeginObject();
  PutText(out, "name", finding.id);
  if (!finding.aliases.empty()) {
    PutTexts(out, "aliases", finding.aliases);
  }
  out.EndObject();
  PutProduct(out, image, entry);
  switch (entry.status) {
    case TreatmentKind::kAccepted:
    case TreatmentKind::kAffected:
      PutText(out, "status", "affected");
      if (entry.status == TreatmentKind::kAffected && !words.empty()) {
        PutText(out, "status_notes", words);
      }
      PutText(out, "action_statement", entry.action);
      break;
    case TreatmentKind::kNotAffected: {
      PutText(out, "status", "not_affected");
      const std::string_view justification = VexJustification(finding);
      if (justification.empty()) {
        PutText(out, "impact_statement", words);
      } else {
        PutText(out, "justification", justification);
        if (!words.empty()) {
          PutText(out, "status_notes", words);
        }
      }
      break;
    }
    case TreatmentKind::kFixed:
    case TreatmentKind::kUnderInvestigation:
      PutText(out, "status", model::ToString(entry.status));
      if (!words.empty()) {
        PutText(out, "status_notes", words);
      }
      break;
  }
  out.EndObject();
}

}  // namespace

void WriteOpenVex(const model::Report& report, const FormatOptions& options, base::Output& output) {
  const auto entries = VexEntries(report, VexIdentity::kPurl);
  const std::string time = DocumentTime(report, options);
  const std::string image = VexImagePurl(report.inventory.image);
  codec::JsonWriter out(&output);
  out.BeginObject();
  PutText(out, "@context", "https://openvex.dev/ns/v0.2.0");
  PutText(out, "@id", "urn:uuid:" + UuidFrom(VexDigest(report, entries, "openvex", time)));
  PutText(out, "author", "scantling");
  PutText(out, "timestamp", time);
  out.Uint("version", 1);
  PutText(out, "tooling", "scantling " + options.program_version);
  out.Key("statements");
  out.BeginArray();
  for (const VexEntry& entry : entries) {
    PutStatement(out, image, entry);
  }
  out.EndArray();
  out.EndObject();
  output.text() += "\n";
  output.Record();
}

}  // namespace scantling::report
