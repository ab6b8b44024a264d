// Records of all feeds -> one catalogue: aliases joined into vulnerabilities, distribution
// advisories folded, withdrawn ones left out, everything sorted by text. Same records, same
// catalogue, whatever the order of files and threads.
#pragma once

#include "advisory/records.h"
#include "model/report.h"

#include <string>
#include <vector>

namespace scantling::advisory {

struct FeedInput {
  std::string name;
  std::string as_of;
  FeedRecords records;
};

struct CompiledStatement {
  uint32_t vulnerability = 0;
  uint32_t source = 0;  // index into Catalogue::sources
  Text advisory = 0;
  Text note = 0;
  Text architecture = 0;
  Text module = 0;
  StatementState state = StatementState::kAffected;
  model::Level level = model::Level::kUnknown;
  uint32_t first_range = 0;  // into Catalogue::ranges
  uint32_t range_count = 0;
  uint32_t first_import = 0;  // into Catalogue::imports
  uint32_t import_count = 0;
  base::Seconds published = 0;
};

struct CompiledPackage {
  Text name_space = 0;
  Text name = 0;
  std::vector<CompiledStatement> statements;
};

struct CompiledVulnerability {
  Text id = 0;
  std::vector<Text> aliases;
  Text summary = 0;
  base::Seconds published = 0;
  std::vector<SeverityRecord> severities;
  std::unique_ptr<model::Kev> kev;
  std::unique_ptr<model::Epss> epss;
  std::unique_ptr<model::Exploit> exploit;
  std::unique_ptr<model::Ssvc> ssvc;
};

struct Catalogue {
  Interner texts;
  std::vector<model::SourceInfo> sources;              // sorted by name
  std::vector<CompiledPackage> packages;               // sorted by (namespace, name)
  std::vector<CompiledVulnerability> vulnerabilities;  // sorted by id
  std::vector<RangeRecord> ranges;
  std::vector<Text> imports;
  std::vector<EndOfLifeRecord>
      end_of_life;         // sorted, one date for each (distro, version): the latest
  uint64_t withdrawn = 0;  // advisories that were left out
};

Catalogue Compile(std::vector<FeedInput> feeds);

}  // namespace scantling::advisory
