// What the three VEX writers say in the same way: which status a finding has for others, why, and
// what is done about it.
//
// An accepted risk is affected and not fixed, never not affected. An open finding is affected, with
// the action that ends it; under investigation only where a statement said so.
#pragma once

#include "model/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

struct VexEntry {
  const model::Finding* finding = nullptr;
  const model::Component* maybe_component = nullptr;
  model::TreatmentKind status = model::TreatmentKind::kAffected;  // kAccepted stays apart
  std::string action;  // of affected and accepted: what is or is not done; of others ""
  std::string purl;    // of the component, or its ref where it has none
};

enum class VexIdentity : uint8_t { kPurl, kRef };

// One entry per finding, in the report's order. By kPurl, findings of one id whose components share
// a package URL are one entry, with the status that leaves most open.
std::vector<VexEntry> VexEntries(const model::Report& report, VexIdentity identity);

// "pkg:oci/shop@sha256:...?tag=1.4"; "" when neither digest nor name is known.
std::string VexImagePurl(const model::Image& image);
std::string VexImageTitle(const model::Image& image);

// One of OpenVEX's five words, or "" (a treatment may carry words alone).
std::string_view VexJustification(const model::Finding& finding);

// 64 hexadecimal digits that depend on what the document says, and the same as a UUID.
std::string VexDigest(const model::Report& report, const std::vector<VexEntry>& entries,
                      std::string_view format, std::string_view time);
std::string UuidFrom(std::string_view hex);

}  // namespace scantling::report
