// `db build`: feeds to one database file. Deterministic: same feeds, same bytes.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "model/inventory.h"
#include "model/report.h"

#include <functional>
#include <string>
#include <vector>

namespace scantling::advisory {

struct BuildOptions {
  std::string feeds_folder;  // holds NAME.tar.zst / NAME.tar.gz / NAME.tar or NAME/ per source,
                             // MANIFEST.tsv optional
  unsigned jobs = 2;
  base::Limits limits;
  std::function<void(const std::string& source, uint64_t records)> progress;  // may be empty
};

struct BuildReport {
  std::vector<model::SourceInfo> sources;
  std::vector<model::Diagnostic>
      diagnostics;  // records that could not be read, feeds that were not recognised
  uint64_t statements = 0;
  uint64_t vulnerabilities = 0;
};

// The file's bytes go to `out` (the caller writes them by rename).
base::Result<BuildReport> BuildDatabase(const BuildOptions& options, std::string* out);

}  // namespace scantling::advisory
