// VEX documents: what others say about the vulnerabilities of a product. Read from OpenVEX 0.2.0
// (https://github.com/openvex/spec), CSAF 2.0 (https://docs.oasis-open.org/csaf/csaf/v2.0/) and
// CycloneDX JSON 1.4 to 1.6 (https://cyclonedx.org/docs/1.6/json/#vulnerabilities) into one form,
// and put on findings.
//
// What a statement can do is to close a finding, so everything here errs on the other side: a file
// that is broken is an error as a whole; a statement that lacks what its format demands, whose
// product cannot be found in the image with certainty, or that another one contradicts, closes
// nothing, and ExplainVex says why. Which statement counts, when several apply: the newest; among
// those of one time the most specific; among equals that disagree none.
//
// Deliberately not handled: signatures (who fetched the file has judged them), CPE names of
// packages, CycloneDX XML, CSAF 2.1.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "model/report.h"
#include "version/purl.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

// What a statement is about, as the document describes it; what is not known is empty.
struct VexProduct {
  std::string name;  // as the document names it, for messages
  std::optional<version::PackageUrl> purl;
  std::string digest;    // sha256 of an image, "sha256:..."
  std::string platform;  // CPE of an operating system
  std::string range;     // "vers:..." of the versions meant
};

// A product, or a part of one: indexes into VexDocument::products, the component first, then what
// holds it, from the inside out.
struct VexTarget {
  std::vector<uint32_t> chain;
  std::optional<model::TreatmentKind> status;  // its own, where versions differ
  std::string void_because;                    // why it can close nothing; ""
};

struct VexStatement {
  std::string vulnerability;
  std::vector<std::string> aliases;
  model::TreatmentKind status = model::TreatmentKind::kUnderInvestigation;
  std::string justification;  // of OpenVEX's five; "" none
  std::string words;          // impact or action statement, detail, notes
  base::Seconds time = 0;
  std::vector<VexTarget> targets;
  std::string place;         // "/statements/3"
  std::string void_because;  // why it closes nothing: "it gives no justification"; ""
};

enum class VexFormat : uint8_t { kOpenVex, kCsaf, kCycloneDx };
std::string_view ToString(VexFormat format);  // "OpenVEX", "CSAF", "CycloneDX"

struct VexDocument {
  std::string path;
  VexFormat format = VexFormat::kOpenVex;
  std::string id;
  std::string author;
  std::vector<VexProduct> products;
  std::vector<VexStatement> statements;
  std::vector<std::string> notes;  // what was not used, and why
  // Vulnerability id or alias in capitals -> indexes of statements. Made by ParseVex.
  std::map<std::string, std::vector<uint32_t>, std::less<>> by_vulnerability;
};

// The format is told by the content. An error names the file, the place in it and what to do.
base::Result<VexDocument> ParseVex(std::string_view text, std::string_view path);

// What a document did to a report.
struct VexOutcome {
  std::string path;
  std::string format;
  std::string id;
  uint64_t statements = 0;
  uint64_t closed = 0;             // findings that it closes
  uint64_t open = 0;               // findings that it calls affected or under investigation
  uint64_t overruled = 0;          // findings where another statement counts, or they contradict
  std::vector<std::string> notes;  // of the document, and at most 20 about statements that name a
                                   // finding's id and do not count
};

// Sets Finding::treatment; findings stay. Treatments of an earlier run that came from VEX are
// forgotten, exceptions stay where no statement closes the finding. Call before ApplyExceptions.
std::vector<VexOutcome> ApplyVex(model::Report& report, std::span<const VexDocument> documents);

// Every statement about the vulnerability (by id or alias), one line each: does it apply to this
// component, why or why not, and which one counts.
std::vector<std::string> ExplainVex(const model::Report& report, std::string_view id,
                                    std::string_view component,
                                    std::span<const VexDocument> documents);

}  // namespace scantling::policy
