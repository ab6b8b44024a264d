// CycloneDX as JSON: https://cyclonedx.org/docs/1.6/json/ . What is in it: cyclonedx.h.
#include "report/cyclonedx.h"

#include "base/strings.h"
#include "report/json_parts.h"
#include "report/report.h"

namespace scantling::report {
namespace {

using codec::JsonWriter;

void PutFilled(JsonWriter& out, std::string_view key, std::string_view value) {
  if (!value.empty()) {
    PutText(out, key, value);
  }
}

void PutValue(JsonWriter& out, std::string_view value) { out.Text(base::ToUtf8(value)); }

void PutProperties(JsonWriter& out, const CdxProperties& properties) {
  if (properties.empty()) {
    return;
  }
  out.Key("properties");
  out.BeginArray();
  for (const auto& [name, value] : properties) {
    out.BeginObject();
    PutText(out, "name", name);
    PutText(out, "value", value);
    out.EndObject();
  }
  out.EndArray();
}

void PutLicenses(JsonWriter& out, const std::vector<CdxLicense>& licenses) {
  if (licenses.empty()) {
    return;
  }
  out.Key("licenses");
  out.BeginArray();
  for (const CdxLicense& license : licenses) {
    out.BeginObject();
    const bool expression = license.kind == CdxLicense::Kind::kExpression;
    if (!expression) {
      out.Key("license");
      out.BeginObject();
    }
    PutText(out,
            expression                              ? "expression"
            : license.kind == CdxLicense::Kind::kId ? "id"
                                                    : "name",
            license.text);
    out.Text("acknowledgement", "declared");
    if (!expression) {
      out.EndObject();
    }
    out.EndObject();
  }
  out.EndArray();
}

void PutComponent(JsonWriter& out, const CdxComponent& component) {
  out.BeginObject();
  PutText(out, "type", component.type);
  PutText(out, "bom-ref", component.ref);
  if (!component.supplier.empty()) {
    out.Key("supplier");
    out.BeginObject();
    PutText(out, "name", component.supplier);
    out.EndObject();
  }
  PutFilled(out, "group", component.group);
  PutText(out, "name", component.name);
  PutFilled(out, "version", component.version);
  PutFilled(out, "description", component.description);
  if (!component.sha256.empty()) {
    out.Key("hashes");
    out.BeginArray();
    out.BeginObject();
    out.Text("alg", "SHA-256");
    out.Text("content", component.sha256);
    out.EndObject();
    out.EndArray();
  }
  PutLicenses(out, component.licenses);
  PutFilled(out, "purl", component.purl);
  PutProperties(out, component.properties);
  if (!component.occurrences.empty()) {
    out.Key("evidence");
    out.BeginObject();
    out.Key("occurrences");
    out.BeginArray();
    for (const CdxOccurrence& occurrence : component.occurrences) {
      out.BeginObject();
      PutText(out, "location", occurrence.location);
      PutFilled(out, "additionalContext", occurrence.context);
      out.EndObject();
    }
    out.EndArray();
    out.EndObject();
  }
  out.EndObject();
}

void PutMetadata(JsonWriter& out, const SbomSource& source) {
  out.Key("metadata");
  out.BeginObject();
  PutFilled(out, "timestamp", source.time);
  out.Key("tools");
  out.BeginObject();
  out.Key("components");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "type", "application");
  PutText(out, "name", "scantling");
  PutText(out, "version", source.program_version);
  out.EndObject();
  out.EndArray();
  out.EndObject();
  out.Key("component");
  PutComponent(out, CdxImage(source));
  out.EndObject();
}

void PutPublisher(JsonWriter& out, const Publisher& publisher) {
  out.Key("source");
  out.BeginObject();
  PutText(out, "name", publisher.name);
  PutFilled(out, "url", publisher.url);
  out.EndObject();
}

void PutRating(JsonWriter& out, const CdxRating& rating) {
  out.BeginObject();
  if (!rating.source.empty()) {
    out.Key("source");
    out.BeginObject();
    PutText(out, "name", rating.source);
    out.EndObject();
  }
  if (rating.score >= 0) {
    out.Double("score", rating.score);
  }
  PutText(out, "severity", rating.severity);
  PutText(out, "method", rating.method);
  PutFilled(out, "vector", rating.vector);
  out.EndObject();
}

void PutAnalysis(JsonWriter& out, const CdxVulnerability& vulnerability) {
  if (vulnerability.state.empty()) {
    return;
  }
  out.Key("analysis");
  out.BeginObject();
  PutText(out, "state", vulnerability.state);
  PutFilled(out, "justification", vulnerability.justification);
  if (!vulnerability.response.empty()) {
    out.Key("response");
    out.BeginArray();
    out.Text(vulnerability.response);
    out.EndArray();
  }
  PutFilled(out, "detail", vulnerability.detail);
  out.EndObject();
}

void PutVersion(JsonWriter& out, std::string_view version, std::string_view status) {
  out.BeginObject();
  PutText(out, "version", version);
  PutText(out, "status", status);
  out.EndObject();
}

void PutAffects(JsonWriter& out, const std::vector<CdxAffect>& affects) {
  out.Key("affects");
  out.BeginArray();
  for (const CdxAffect& affect : affects) {
    out.BeginObject();
    PutText(out, "ref", affect.ref);
    if (!affect.version.empty()) {
      out.Key("versions");
      out.BeginArray();
      PutVersion(out, affect.version, "affected");
      for (const std::string_view fixed : affect.fixed) {
        PutVersion(out, fixed, "unaffected");
      }
      out.EndArray();
    }
    out.EndObject();
  }
  out.EndArray();
}

void PutVulnerability(JsonWriter& out, const CdxVulnerability& vulnerability) {
  out.BeginObject();
  PutText(out, "bom-ref", vulnerability.ref);
  PutText(out, "id", vulnerability.id);
  PutPublisher(out, vulnerability.source);
  if (!vulnerability.references.empty()) {
    out.Key("references");
    out.BeginArray();
    for (const auto& [id, publisher] : vulnerability.references) {
      out.BeginObject();
      PutText(out, "id", id);
      PutPublisher(out, publisher);
      out.EndObject();
    }
    out.EndArray();
  }
  out.Key("ratings");
  out.BeginArray();
  for (const CdxRating& rating : vulnerability.ratings) {
    PutRating(out, rating);
  }
  out.EndArray();
  PutFilled(out, "description", vulnerability.description);
  PutFilled(out, "recommendation", vulnerability.recommendation);
  PutFilled(out, "published", vulnerability.published);
  PutAnalysis(out, vulnerability);
  PutAffects(out, vulnerability.affects);
  PutProperties(out, vulnerability.properties);
  out.EndObject();
}

}  // namespace

void PutCycloneDx(JsonWriter& out, const SbomSource& source) {
  out.BeginObject();
  PutText(out, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
  PutText(out, "bomFormat", "CycloneDX");
  PutText(out, "specVersion", "1.6");
  PutText(out, "serialNumber", CdxSerial(source));
  out.Int("version", 1);
  PutMetadata(out, source);
  out.Key("components");
  out.BeginArray();
  ForEachCdxComponent(source, [&](const CdxComponent& component) { PutComponent(out, component); });
  out.EndArray();
  out.Key("dependencies");
  out.BeginArray();
  ForEachCdxDependency(source, [&](const CdxDependency& dependency) {
    out.BeginObject();
    PutText(out, "ref", dependency.ref);
    out.Key("dependsOn");
    out.BeginArray();
    for (const std::string_view need : dependency.needs) {
      PutValue(out, need);
    }
    out.EndArray();
    out.EndObject();
  });
  out.EndArray();
  out.Key("compositions");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "aggregate", CdxAggregate(source));
  out.Key("assemblies");
  out.BeginArray();
  PutValue(out, CdxImage(source).ref);
  out.EndArray();
  out.EndObject();
  out.EndArray();
  if (source.maybe_report != nullptr) {
    out.Key("vulnerabilities");
    out.BeginArray();
    ForEachCdxVulnerability(source, [&](const CdxVulnerability& vulnerability) {
      PutVulnerability(out, vulnerability);
    });
    out.EndArray();
  }
  out.EndObject();
}

void WriteCycloneDxJson(const model::Report& report, const FormatOptions& options,
                        base::Output& output) {
  JsonWriter out(&output);
  PutCycloneDx(out, SourceOf(report, options));
}

std::string InventoryToCycloneDx(const model::Inventory& inventory) {
  return base::Rendered([&](base::Output& output) {
    JsonWriter out(&output);
    PutCycloneDx(out, {inventory, nullptr, TimeOf(inventory.image.created), SCANTLING_VERSION});
  });
}

}  // namespace scantling::report
