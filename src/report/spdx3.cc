// SPDX 3.0.1 as JSON-LD: https://spdx.github.io/spdx-spec/v3.0.1/ , profiles core, software,
// simpleLicensing and security.
//
// Every element hangs on one CreationInfo. A finding is "hasAssociatedVulnerability" from its
// package; what was decided about it is a VEX assessment (an accepted risk is "affects", with what
// was decided as the statement); CVSS scores, EPSS and CISA's catalogue are assessments of the
// vulnerability for these packages. Not written: CVSS 2 (no severity of its own), SSVC, severities
// without a score, a score of 0 to 10 whose vector is missing.
#include "base/bytes.h"
#include "base/digest.h"
#include "report/json_parts.h"
#include "report/licenses.h"
#include "report/spdx.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace scantling::report {
namespace {

using codec::JsonWriter;

constexpr std::string_view kCreation = "_:creation";

std::string Hash(std::string_view text) {
  constexpr size_t kHexDigits = 16;
  return base::Sha256Of(base::AsBytes(text)).Hex().substr(0, kHexDigits);
}

class Writer {
 public:
  Writer(JsonWriter& out, const SbomSource& source)
      : out_(out), source_(source), base_(SpdxNamespace(source) + "#") {}

  void Write() {
    out_.BeginObject();
    out_.Text("@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld");
    out_.Key("@graph");
    out_.BeginArray();
    PutCreation();
    PutDocument();
    PutPackages();
    PutRelationships();
    if (source_.maybe_report != nullptr) {
      PutVulnerabilities();
    }
    out_.EndArray();
    out_.EndObject();
  }

 private:
  std::string Id(std::string_view name) const { return base_ + std::string(name); }

  void Begin(std::string_view type, std::string_view id) {
    out_.BeginObject();
    PutText(out_, "type", type);
    PutText(out_, "spdxId", id);
    PutText(out_, "creationInfo", kCreation);
  }

  void Filled(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      PutText(out_, key, value);
    }
  }

  void PutCreation() {
    out_.BeginObject();
    out_.Text("type", "CreationInfo");
    PutText(out_, "@id", kCreation);
    out_.Text("specVersion", "3.0.1");
    PutText(out_, "created", source_.time);
    PutTexts(out_, "createdBy", {Id("SoftwareAgent")});
    PutTexts(out_, "createdUsing", {Id("Tool")});
    out_.EndObject();
    Begin("SoftwareAgent", Id("SoftwareAgent"));
    out_.Text("name", "scantling");
    out_.EndObject();
    Begin("Tool", Id("Tool"));
    PutText(out_, "name", "scantling-" + source_.program_version);
    out_.EndObject();
  }

  void PutDocument() {
    Begin("SpdxDocument", Id("SPDXRef-DOCUMENT"));
    PutText(out_, "name", ImageName(source_.inventory.image));
    PutTexts(out_, "profileConformance", {"core", "security", "simpleLicensing", "software"});
    PutTexts(out_, "rootElement", {Id("Sbom")});
    out_.EndObject();
    Begin("software_Sbom", Id("Sbom"));
    PutTexts(out_, "software_sbomType", {"analyzed"});
    PutTexts(out_, "profileConformance", {"core", "security", "simpleLicensing", "software"});
    PutTexts(out_, "rootElement", {Id(kSpdxImage)});
    out_.EndObject();
  }

  void PutRelationship(std::string_view name, std::string_view type, std::string_view from,
                       const std::vector<std::string>& to) {
    Begin("Relationship", Id(name));
    PutText(out_, "relationshipType", type);
    PutText(out_, "from", from);
    PutTexts(out_, "to", to);
    out_.EndObject();
  }

  void PutPackages() {
    SpdxLicenseNames names;
    std::set<std::string> suppliers;
    std::map<std::string, std::vector<std::string>> licensed;  // expression -> packages
    ForEachSpdxPackage({source_.inventory, nullptr, source_.time, source_.program_version}, names,
                       [&](const SpdxPackage& package) {
                         std::string supplier;
                         if (!package.supplier.empty()) {
                           supplier = Id("Supplier-" + Hash(package.supplier));
                           if (suppliers.insert(supplier).second) {
                             PutSupplier(supplier, package.supplier);
                           }
                         }
                         PutPackage(package, supplier);
                         if (!package.license.empty()) {
                           licensed[package.license].push_back(Id(package.id));
                         }
                       });
    for (const auto& [expression, packages] : licensed) {
      PutLicense(expression, names, packages);
    }
  }

  void PutSupplier(std::string_view id, std::string_view supplier) {
    constexpr std::string_view kPrefix = "Organization: ";
    Begin("Organization", id);
    PutText(out_, "name", supplier.substr(kPrefix.size()));
    out_.EndObject();
  }

  void PutPackage(const SpdxPackage& package, std::string_view supplier) {
    Begin("software_Package", Id(package.id));
    PutText(out_, "name", package.name);
    Filled("software_packageVersion", package.version);
    PutText(out_, "software_primaryPurpose", PurposeOf(package.purpose));
    Filled("software_packageUrl", package.purl);
    Filled("description", package.description);
    Filled("software_sourceInfo", package.source_info);
    Filled("suppliedBy", supplier);
    if (!package.sha256.empty()) {
      out_.Key("verifiedUsing");
      out_.BeginArray();
      out_.BeginObject();
      out_.Text("type", "Hash");
      out_.Text("algorithm", "sha256");
      PutText(out_, "hashValue", package.sha256);
      out_.EndObject();
      out_.EndArray();
    }
    out_.EndObject();
  }

  static std::string_view PurposeOf(std::string_view purpose) {
    if (purpose == "CONTAINER") {
      return "container";
    }
    if (purpose == "OPERATING_SYSTEM") {
      return "operatingSystem";
    }
    return purpose == "APPLICATION" ? "application" : "library";
  }

  void PutLicense(const std::string& expression, const SpdxLicenseNames& names,
                  const std::vector<std::string>& packages) {
    const std::string hash = Hash(expression);
    std::vector<std::pair<std::string, std::string>> texts;  // reference, element
    for (const LicenseName& reference : Declared({expression}).references) {
      const auto name = names.find(reference.ref);
      std::string element = Id("LicenseText-" + Hash(reference.ref));
      const bool listed =
          std::ranges::any_of(texts, [&](const auto& text) { return text.first == reference.ref; });
      if (name == names.end() || listed) {
        continue;
      }
      if (license_texts_.insert(reference.ref).second) {
        Begin("simplelicensing_SimpleLicensingText", element);
        PutText(out_, "name", name->second);
        PutText(out_, "comment", "the name that packages declare; the licence's text was not read");
        PutText(out_, "simplelicensing_licenseText", name->second);
        out_.EndObject();
      }
      texts.emplace_back(reference.ref, std::move(element));
    }
    Begin("simplelicensing_LicenseExpression", Id("License-" + hash));
    PutText(out_, "simplelicensing_licenseExpression", expression);
    if (!texts.empty()) {
      out_.Key("simplelicensing_customIdToUri");
      out_.BeginArray();
      for (const auto& [reference, element] : texts) {
        out_.BeginObject();
        out_.Text("type", "DictionaryEntry");
        PutText(out_, "key", reference);
        PutText(out_, "value", element);
        out_.EndObject();
      }
      out_.EndArray();
    }
    out_.EndObject();
    for (const std::string& package : packages) {
      PutRelationship("Declared-" + Hash(package), "hasDeclaredLicense", package,
                      {Id("License-" + hash)});
    }
  }

  // One element per (from, kind), as version 3 has lists of targets.
  void PutRelationships() {
    std::string from;
    std::string type;
    std::vector<std::string> to;
    const auto flush = [&] {
      if (!to.empty()) {
        PutRelationship("Relationship-" + type + "-" + Hash(from), type, Id(from), to);
        to.clear();
      }
    };
    ForEachSpdxRelationship(
        source_, [&](std::string_view f, std::string_view kind, std::string_view t) {
          if (kind == "DESCRIBES") {
            return;  // rootElement says it
          }
          const std::string_view word = kind == "CONTAINS" ? "contains" : "dependsOn";
          if (f != from || word != type) {
            flush();
            from = f;
            type = word;
          }
          to.push_back(Id(t));
        });
    flush();
  }

  void PutVulnerabilities() {
    std::unordered_map<std::string_view, std::string> package_of;
    for (const model::Component& component : source_.inventory.components) {
      package_of.emplace(component.ref, Id(SpdxId(component)));
    }
    std::set<std::string_view> seen;
    for (const VulnerabilityGroup& group : GroupsOf(*source_.maybe_report)) {
      const model::Finding& first = source_.findings()[group.findings.front()];
      const std::string vulnerability = Id("Vulnerability-" + Hash(first.id));
      if (seen.insert(first.id).second) {
        PutVulnerability(vulnerability, first);
      }
      std::vector<std::string> packages;
      for (const uint32_t i : group.findings) {
        const auto found = package_of.find(source_.findings()[i].component);
        if (found != package_of.end()) {
          packages.push_back(found->second);
        }
      }
      if (packages.empty()) {
        continue;
      }
      const std::string hash = Hash(group.ref);
      for (size_t i = 0; i < packages.size(); ++i) {
        PutRelationship("Finding-" + hash + "-" + std::to_string(i), "hasAssociatedVulnerability",
                        packages[i], {vulnerability});
      }
      PutAssessments(first, vulnerability, packages, hash);
      PutDecision(first, group, vulnerability, packages, hash);
    }
  }

  void PutVulnerability(std::string_view id, const model::Finding& finding) {
    Begin("security_Vulnerability", id);
    PutText(out_, "name", finding.id);
    Filled("summary", finding.summary);
    Filled("security_publishedTime", TimeOf(finding.published));
    out_.Key("externalIdentifier");
    out_.BeginArray();
    PutIdentifier(finding.id, finding.source);
    for (const std::string& alias : finding.aliases) {
      PutIdentifier(alias, finding.source);
    }
    out_.EndArray();
    out_.EndObject();
  }

  void PutIdentifier(std::string_view id, std::string_view feed) {
    const Publisher publisher = PublisherOf(id, feed);
    out_.BeginObject();
    out_.Text("type", "ExternalIdentifier");
    PutText(out_, "externalIdentifierType", id.starts_with("CVE-") ? "cve" : "securityOther");
    PutText(out_, "identifier", id);
    if (!publisher.url.empty()) {
      PutTexts(out_, "identifierLocator", {publisher.url});
    }
    out_.EndObject();
  }

  void BeginAssessment(std::string_view type, std::string_view name, std::string_view relation,
                       std::string_view vulnerability, const std::vector<std::string>& packages) {
    Begin("security_" + std::string(type) + "VulnAssessmentRelationship", Id(name));
    PutText(out_, "relationshipType", relation);
    PutText(out_, "from", vulnerability);
    PutTexts(out_, "to", packages);
  }

  void PutAssessments(const model::Finding& finding, std::string_view vulnerability,
                      const std::vector<std::string>& packages, const std::string& hash) {
    constexpr std::string_view kFor = "hasAssessmentFor";
    size_t number = 0;
    for (const model::SeverityOpinion& opinion : finding.severities) {
      const bool v3 = opinion.vector.starts_with("CVSS:3.");
      if (opinion.score < 0 || (!v3 && !opinion.vector.starts_with("CVSS:4.0/"))) {
        continue;
      }
      BeginAssessment(v3 ? "CvssV3" : "CvssV4", "Cvss-" + hash + "-" + std::to_string(number++),
                      kFor, vulnerability, packages);
      out_.Double("security_score", opinion.score);
      PutText(out_, "security_severity", SeverityOf(opinion.score));
      PutText(out_, "security_vectorString", opinion.vector);
      Filled("comment", opinion.source.empty() ? "" : "source: " + opinion.source);
      out_.EndObject();
    }
    if (finding.epss && finding.epss->percentile >= 0) {
      BeginAssessment("Epss", "Epss-" + hash, kFor, vulnerability, packages);
      out_.Double("security_probability", finding.epss->probability);
      out_.Double("security_percentile", finding.epss->percentile);
      Filled("security_publishedTime", TimeOf(finding.epss->date));
      out_.EndObject();
    }
    if (finding.kev) {
      BeginAssessment("ExploitCatalog", "Kev-" + hash, kFor, vulnerability, packages);
      out_.Text("security_catalogType", "kev");
      out_.Bool("security_exploited", true);
      PutText(out_, "security_locator",
              "https://www.cisa.gov/known-exploited-vulnerabilities-catalog");
      Filled("security_publishedTime", TimeOf(finding.kev->date_added));
      out_.EndObject();
    }
  }

  // The qualitative scale of CVSS 3 and 4.
  static std::string_view SeverityOf(double score) {
    if (score >= 9) {
      return "critical";
    }
    if (score >= 7) {
      return "high";
    }
    if (score >= 4) {
      return "medium";
    }
    return score > 0 ? "low" : "none";
  }

  void PutDecision(const model::Finding& finding, const VulnerabilityGroup& group,
                   std::string_view vulnerability, const std::vector<std::string>& packages,
                   const std::string& hash) {
    if (!finding.treatment) {
      return;
    }
    const std::string words = TreatmentWords(finding);
    const std::string name = "Vex-" + hash;
    switch (finding.treatment->kind) {
      case model::TreatmentKind::kAccepted:
      case model::TreatmentKind::kAffected: {
        BeginAssessment("VexAffected", name, "affects", vulnerability, packages);
        const std::string advice = Advice(finding, group.maybe_action);
        const bool accepted = finding.treatment->kind == model::TreatmentKind::kAccepted;
        PutText(out_, "security_actionStatement", accepted || advice.empty() ? words : advice);
        break;
      }
      case model::TreatmentKind::kNotAffected: {
        BeginAssessment("VexNotAffected", name, "doesNotAffect", vulnerability, packages);
        const std::string_view word = JustificationOf(finding.treatment->reason);
        if (word.empty()) {
          PutText(out_, "security_impactStatement", words);
        } else {
          PutText(out_, "security_justificationType", word);
        }
        break;
      }
      case model::TreatmentKind::kFixed:
        BeginAssessment("VexFixed", name, "fixedIn", vulnerability, packages);
        break;
      case model::TreatmentKind::kUnderInvestigation:
        BeginAssessment("VexUnderInvestigation", name, "underInvestigationFor", vulnerability,
                        packages);
        break;
    }
    Filled("security_statusNotes", words);
    out_.EndObject();
  }

  static std::string_view JustificationOf(std::string_view reason) {
    static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
        {"component_not_present", "componentNotPresent"},
        {"vulnerable_code_not_present", "vulnerableCodeNotPresent"},
        {"vulnerable_code_not_in_execute_path", "vulnerableCodeNotInExecutePath"},
        {"vulnerable_code_cannot_be_controlled_by_adversary",
         "vulnerableCodeCannotBeControlledByAdversary"},
        {"inline_mitigations_already_exist", "inlineMitigationsAlreadyExist"},
    };
    for (const auto& [theirs, ours] : kWords) {
      if (reason == theirs) {
        return ours;
      }
    }
    return {};
  }

  JsonWriter& out_;
  const SbomSource& source_;
  std::string base_;
  std::set<std::string> license_texts_;
};

}  // namespace

void WriteSpdx3Json(const model::Report& report, const FormatOptions& options,
                    base::Output& output) {
  const SbomSource source = SourceOf(report, options);
  JsonWriter out(&output);
  Writer(out, source).Write();
}

}  // namespace scantling::report
