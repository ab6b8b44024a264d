// The records of a CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/), made once from a
// report or an inventory and written as JSON (cyclonedx.cc) and as XML (cyclonedx_xml.cc).
//
// Evidence, owner, layers and what else the format has no place for are properties "scantling:*".
// "dependencies" holds what OS package databases and npm's chains say, what an OS package ships and
// what an archive or a binary contains; that a component is named there by nobody but the image
// means that nobody knows. Not written: hashes of components, CWEs, a component's dependencies that
// are not installed.
#pragma once

#include "codec/json_writer.h"
#include "report/sbom_parts.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::report {

using CdxProperties = std::vector<std::pair<std::string, std::string>>;  // name, value

struct CdxLicense {
  enum class Kind : uint8_t { kId, kName, kExpression };
  Kind kind = Kind::kName;
  std::string text;
};

struct CdxOccurrence {
  std::string_view location;
  std::string context;  // "layer 3"
};

struct CdxComponent {
  std::string_view type = "library";
  std::string ref;
  std::string_view supplier;
  std::string_view group;
  std::string_view name;
  std::string_view version;
  std::string_view description;
  std::string_view sha256;           // hex
  std::vector<CdxLicense> licenses;  // one expression, or ids and names
  std::string purl;
  CdxProperties properties;
  std::vector<CdxOccurrence> occurrences;
};

struct CdxRating {
  std::string_view source;
  double score = -1;
  std::string_view severity;
  std::string_view method;
  std::string_view vector;
};

struct CdxAffect {
  std::string_view ref;
  std::string_view version;  // the affected one; "" none is named
  std::vector<std::string_view> fixed;
};

struct CdxVulnerability {
  std::string ref;
  std::string_view id;
  Publisher source;
  std::vector<std::pair<std::string_view, Publisher>> references;  // other identifiers
  std::vector<CdxRating> ratings;
  std::string_view description;
  std::string recommendation;
  std::string published;
  std::string_view state;  // of the analysis; "" nothing was decided
  std::string_view justification;
  std::string_view response;
  std::string detail;
  std::vector<CdxAffect> affects;
  CdxProperties properties;
};

struct CdxDependency {
  std::string ref;
  std::vector<std::string_view> needs;
};

std::string CdxSerial(const SbomSource& source);  // "urn:uuid:..."
CdxComponent CdxImage(const SbomSource& source);
// The distribution, then every component.
void ForEachCdxComponent(const SbomSource& source,
                         const std::function<void(const CdxComponent&)>& visit);
void ForEachCdxDependency(const SbomSource& source,
                          const std::function<void(const CdxDependency&)>& visit);
void ForEachCdxVulnerability(const SbomSource& source,
                             const std::function<void(const CdxVulnerability&)>& visit);
// "incomplete" where something could not be read, else "unknown": what nobody catalogues may be
// there.
std::string_view CdxAggregate(const SbomSource& source);

// The document as a value of `out`, so that it can stand inside of another.
void PutCycloneDx(codec::JsonWriter& out, const SbomSource& source);

}  // namespace scantling::report
