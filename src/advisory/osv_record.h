// One OSV record (https://ossf.github.io/osv-schema/), whatever it was written in, and what it
// means to us. The JSON and the YAML reader fill it; AddOsv() turns it into statements.
//
// Deliberately not handled: GIT ranges, "limit" events, `versions` beside a range (the range says
// it), credits, references.
#pragma once

#include "advisory/records.h"
#include "version/ecosystem.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::advisory {

struct OsvEvent {
  enum class Kind : uint8_t { kIntroduced, kFixed, kLastAffected };
  Kind kind = Kind::kIntroduced;
  std::string_view version;
};

struct OsvRange {
  std::string_view type;  // "ECOSYSTEM", "SEMVER", "GIT"
  std::vector<OsvEvent> events;
};

struct OsvImport {
  std::string_view path;
  std::vector<std::string_view> symbols;
};

struct OsvAffected {
  std::string_view ecosystem;
  std::string_view name;
  std::vector<OsvRange> ranges;
  std::vector<OsvRange> custom_ranges;  // Go: modules whose tags are no Go versions
  std::vector<std::string_view> versions;
  std::string_view urgency;     // Debian
  std::string_view last_known;  // GHSA's last_known_affected_version_range: "<= 1.2.3"
  std::vector<OsvImport> imports;
};

// Views borrow from the document.
struct OsvRecord {
  std::string_view id;
  std::string_view published;
  std::string_view modified;
  std::string_view withdrawn;
  std::string_view summary;
  std::string_view details;
  std::string_view severity_word;  // database_specific.severity
  std::vector<std::string_view> aliases;
  std::vector<std::string_view> related;
  std::vector<std::string_view> vectors;  // CVSS
  std::vector<OsvAffected> affected;
};

struct OsvOptions {
  std::string_view ecosystem;  // only `affected` entries of this family: "Debian", "npm"; others
                               // are another feed's
  std::string_view severity_source;  // whose CVSS it is: "ghsa", "nvd"
  uint8_t summary_rank = 10;
};

void AddOsv(const OsvRecord& record, const OsvOptions& options, FeedRecords& out);

// The intervals of one range. Events that stand out of the order of their versions are sorted by
// it, as the schema asks of readers; where a version cannot be compared, they stay as they stand.
std::vector<RangeRecord> IntervalsOf(const OsvRange& range,
                                     std::optional<version::Ecosystem> ecosystem, Interner& texts);

}  // namespace scantling::advisory
