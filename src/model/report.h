// The whole answer for one image: scantling.report/1 as structs. report/ writes it as JSON
// (api/report.schema.json) and reads it back.
#pragma once

#include "model/finding.h"
#include "model/inventory.h"
#include "model/verdict.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace scantling::model {

struct SourceInfo {
  std::string name;   // "debian-osv"
  std::string as_of;  // date
  uint64_t records = 0;
  auto operator<=>(const SourceInfo&) const = default;
};

struct DatabaseInfo {
  std::string digest;               // of the database's content; the embedded one has a digest too
  bool embedded = false;            // the starter set that the program carries
  std::vector<SourceInfo> sources;  // sorted by name
};

// What the database can say about one ecosystem of this image.
enum class DataState : uint8_t { kCovered, kNoData, kUnsupportedRelease, kStarterSet };
std::string_view ToString(
    DataState state);  // "covered", "no_data", "unsupported_release", "starter_set"

struct EcosystemCoverage {
  std::string name;  // "debian:12", "npm"
  uint64_t components = 0;
  std::string data_as_of;  // "" when no data
  DataState state = DataState::kNoData;
  uint64_t skipped = 0;  // components that were not looked up: no Maven group, a third party's
  auto operator<=>(const EcosystemCoverage&) const = default;
};

struct Report {
  Inventory inventory;
  DatabaseInfo database;
  std::vector<EcosystemCoverage> ecosystems;  // sorted by name
  std::string distro_end_of_life;             // date or ""
  std::vector<Finding> findings;              // sorted by (priority.rank)
  std::vector<Action> actions;                // in the order to do them
  int32_t base_layers = -1;                   // how many bottom layers are the base; -1 unknown
  std::string base_name;                      // "docker.io/library/debian:12-slim" or ""
  std::string base_known_by;                  // "annotation", "--base", "history rule: ...", ""
  std::optional<Comparison> comparison;       // with a baseline
  std::optional<Verdict> verdict;             // with a policy
  std::vector<ExceptionUse> exceptions;       // with an exceptions file; sorted by (where, id)
};

}  // namespace scantling::model
