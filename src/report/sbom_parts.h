// What all bills of materials say of a report, whatever their form: names, the graph of components,
// findings of one vulnerability put together, where an identifier was published, what was decided.
//
// Everything borrows from the inventory or report that it was made from. Thread-compatible.
#pragma once

#include "model/report.h"
#include "report/formats.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::report {

// What a bill of materials is made from. Without a report there are no findings in it.
struct SbomSource {
  const model::Inventory& inventory;
  const model::Report* maybe_report = nullptr;
  std::string time;             // RFC 3339; "" the document has none
  std::string program_version;  // of scantling

  std::span<const model::Finding> findings() const {
    return maybe_report == nullptr ? std::span<const model::Finding>() : maybe_report->findings;
  }
};
SbomSource SourceOf(const model::Report& report, const FormatOptions& options);

// 64 hex digits over what makes one document another: image, database, time, program, components,
// findings and what was decided about them. Namespaces and serial numbers are made of it.
std::string DocumentIdentity(const SbomSource& source);

std::string ImageName(const model::Image& image);  // its reference; without one, its source
// "pkg:oci/shop@sha256%3A...?arch=amd64&repository_url=registry/shop&tag=1.4"; "" without a digest.
std::string OciPurl(const model::Image& image);
// The hex digits of "sha256:..."; "" when it is anything else.
std::string_view Sha256Hex(std::string_view digest);

// The package URL when it is one that may stand where a URI is asked for, else "": one that was
// read from a report can be anything.
std::string_view UsablePurl(std::string_view purl);

bool IsOsPackage(const model::Component& component);

// Lists of component indexes, sorted, each once, never a component itself.
struct SbomGraph {
  std::vector<std::vector<uint32_t>> needs;  // OS packages by their dependencies, npm by chains
  // An OS package the language packages that it ships; an archive or a binary the components in it.
  std::vector<std::vector<uint32_t>> holds;
  std::vector<uint32_t> top;  // all others are reached from these over needs and holds
};
SbomGraph GraphOf(const model::Inventory& inventory);

// The findings of one vulnerability of which the same is said: what differs between their
// components is the version that is affected and the versions that fix it.
struct VulnerabilityGroup {
  std::string ref;                              // the id; "#2", "#3" where it stands more than once
  std::vector<uint32_t> findings;               // indexes; at least one
  const model::Action* maybe_action = nullptr;  // the first that resolves them
};
std::vector<VulnerabilityGroup> GroupsOf(const model::Report& report);

// Who published an identifier: {"CVE", its page}, {"GHSA", ...}; the name alone where no page is
// known.
struct Publisher {
  std::string name;
  std::string url;
};
Publisher PublisherOf(std::string_view id, std::string_view feed);

// What to do about the findings of a group, in one line.
std::string Advice(const model::Finding& finding, const model::Action* maybe_action);

// What was decided, in one line: reason, words, owner, until; "" nothing was.
std::string TreatmentWords(const model::Finding& finding);

// "2024-01-31" and full times as RFC 3339; "" when it is neither.
std::string TimeOf(std::string_view date);

// "debian-security" of "Debian Security <mail@...>": supplier's name and address.
std::pair<std::string_view, std::string_view> SplitVendor(std::string_view vendor);

}  // namespace scantling::report
