// CycloneDX as XML: https://cyclonedx.org/docs/1.6/xml/ . What is in it: cyclonedx.h. The schema
// wants the elements in this order.
#include "base/strings.h"
#include "codec/xml_writer.h"
#include "report/cyclonedx.h"

#include <algorithm>
#include <charconv>

namespace scantling::report {
namespace {

using codec::XmlWriter;

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void Text(XmlWriter& out, std::string_view value) {
  out.Text(IsAscii(value) ? value : std::string_view(base::ToUtf8(value)));
}

void Put(XmlWriter& out, std::string_view name, std::string_view value) {
  out.Begin(name);
  Text(out, value);
  out.End();
}

void PutFilled(XmlWriter& out, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    Put(out, name, value);
  }
}

void Attribute(XmlWriter& out, std::string_view name, std::string_view value) {
  out.Attribute(name, IsAscii(value) ? value : std::string_view(base::ToUtf8(value)));
}

void PutProperties(XmlWriter& out, const CdxProperties& properties) {
  if (properties.empty()) {
    return;
  }
  out.Begin("properties");
  for (const auto& [name, value] : properties) {
    out.Begin("property");
    Attribute(out, "name", name);
    Text(out, value);
    out.End();
  }
  out.End();
}

void PutLicenses(XmlWriter& out, const std::vector<CdxLicense>& licenses) {
  if (licenses.empty()) {
    return;
  }
  out.Begin("licenses");
  for (const CdxLicense& license : licenses) {
    const bool expression = license.kind == CdxLicense::Kind::kExpression;
    out.Begin(expression ? "expression" : "license");
    out.Attribute("acknowledgement", "declared");
    if (expression) {
      Text(out, license.text);
    } else {
      Put(out, license.kind == CdxLicense::Kind::kId ? "id" : "name", license.text);
    }
    out.End();
  }
  out.End();
}

void PutComponent(XmlWriter& out, const CdxComponent& component) {
  out.Begin("component");
  Attribute(out, "type", component.type);
  Attribute(out, "bom-ref", component.ref);
  if (!component.supplier.empty()) {
    out.Begin("supplier");
    Put(out, "name", component.supplier);
    out.End();
  }
  PutFilled(out, "group", component.group);
  Put(out, "name", component.name);
  PutFilled(out, "version", component.version);
  PutFilled(out, "description", component.description);
  if (!component.sha256.empty()) {
    out.Begin("hashes");
    out.Begin("hash");
    out.Attribute("alg", "SHA-256");
    out.Text(component.sha256);
    out.End();
    out.End();
  }
  PutLicenses(out, component.licenses);
  PutFilled(out, "purl", component.purl);
  PutProperties(out, component.properties);
  if (!component.occurrences.empty()) {
    out.Begin("evidence");
    out.Begin("occurrences");
    for (const CdxOccurrence& occurrence : component.occurrences) {
      out.Begin("occurrence");
      Put(out, "location", occurrence.location);
      PutFilled(out, "additionalContext", occurrence.context);
      out.End();
    }
    out.End();
    out.End();
  }
  out.End();
}

void PutMetadata(XmlWriter& out, const SbomSource& source) {
  out.Begin("metadata");
  PutFilled(out, "timestamp", source.time);
  out.Begin("tools");
  out.Begin("components");
  out.Begin("component");
  out.Attribute("type", "application");
  Put(out, "name", "scantling");
  Put(out, "version", source.program_version);
  out.End();
  out.End();
  out.End();
  PutComponent(out, CdxImage(source));
  out.End();
}

void PutPublisher(XmlWriter& out, const Publisher& publisher) {
  out.Begin("source");
  Put(out, "name", publisher.name);
  PutFilled(out, "url", publisher.url);
  out.End();
}

void PutRating(XmlWriter& out, const CdxRating& rating) {
  out.Begin("rating");
  if (!rating.source.empty()) {
    out.Begin("source");
    Put(out, "name", rating.source);
    out.End();
  }
  if (rating.score >= 0) {
    char buffer[512];  // xs:decimal has no exponent
    const auto end =
        std::to_chars(buffer, buffer + sizeof(buffer), rating.score, std::chars_format::fixed);
    Put(out, "score", std::string_view(buffer, static_cast<size_t>(end.ptr - buffer)));
  }
  Put(out, "severity", rating.severity);
  Put(out, "method", rating.method);
  PutFilled(out, "vector", rating.vector);
  out.End();
}

void PutAnalysis(XmlWriter& out, const CdxVulnerability& vulnerability) {
  if (vulnerability.state.empty()) {
    return;
  }
  out.Begin("analysis");
  Put(out, "state", vulnerability.state);
  PutFilled(out, "justification", vulnerability.justification);
  if (!vulnerability.response.empty()) {
    out.Begin("responses");
    Put(out, "response", vulnerability.response);
    out.End();
  }
  PutFilled(out, "detail", vulnerability.detail);
  out.End();
}

void PutVersion(XmlWriter& out, std::string_view version, std::string_view status) {
  out.Begin("version");
  Put(out, "version", version);
  Put(out, "status", status);
  out.End();
}

void PutAffects(XmlWriter& out, const std::vector<CdxAffect>& affects) {
  if (affects.empty()) {
    return;
  }
  out.Begin("affects");
  for (const CdxAffect& affect : affects) {
    out.Begin("target");
    Put(out, "ref", affect.ref);
    if (!affect.version.empty()) {
      out.Begin("versions");
      PutVersion(out, affect.version, "affected");
      for (const std::string_view fixed : affect.fixed) {
        PutVersion(out, fixed, "unaffected");
      }
      out.End();
    }
    out.End();
  }
  out.End();
}

void PutVulnerability(XmlWriter& out, const CdxVulnerability& vulnerability) {
  out.Begin("vulnerability");
  Attribute(out, "bom-ref", vulnerability.ref);
  Put(out, "id", vulnerability.id);
  PutPublisher(out, vulnerability.source);
  if (!vulnerability.references.empty()) {
    out.Begin("references");
    for (const auto& [id, publisher] : vulnerability.references) {
      out.Begin("reference");
      Put(out, "id", id);
      PutPublisher(out, publisher);
      out.End();
    }
    out.End();
  }
  out.Begin("ratings");
  for (const CdxRating& rating : vulnerability.ratings) {
    PutRating(out, rating);
  }
  out.End();
  PutFilled(out, "description", vulnerability.description);
  PutFilled(out, "recommendation", vulnerability.recommendation);
  PutFilled(out, "published", vulnerability.published);
  PutAnalysis(out, vulnerability);
  PutAffects(out, vulnerability.affects);
  PutProperties(out, vulnerability.properties);
  out.End();
}

}  // namespace

void WriteCycloneDxXml(const model::Report& report, const FormatOptions& options,
                       base::Output& output) {
  const SbomSource source = SourceOf(report, options);
  XmlWriter out(&output);
  out.Begin("bom");
  out.Attribute("xmlns", "http://cyclonedx.org/schema/bom/1.6");
  out.Attribute("serialNumber", CdxSerial(source));
  out.Attribute("version", "1");
  PutMetadata(out, source);
  out.Begin("components");
  ForEachCdxComponent(source, [&](const CdxComponent& component) { PutComponent(out, component); });
  out.End();
  out.Begin("dependencies");
  ForEachCdxDependency(source, [&](const CdxDependency& dependency) {
    out.Begin("dependency");
    Attribute(out, "ref", dependency.ref);
    for (const std::string_view need : dependency.needs) {
      out.Begin("dependency");
      Attribute(out, "ref", need);
      out.End();
    }
    out.End();
  });
  out.End();
  out.Begin("compositions");
  out.Begin("composition");
  Put(out, "aggregate", CdxAggregate(source));
  out.Begin("assemblies");
  out.Begin("assembly");
  Attribute(out, "ref", CdxImage(source).ref);
  out.End();
  out.End();
  out.End();
  out.End();
  out.Begin("vulnerabilities");
  ForEachCdxVulnerability(
      source, [&](const CdxVulnerability& vulnerability) { PutVulnerability(out, vulnerability); });
  out.End();
  out.End();
}

}  // namespace scantling::report
