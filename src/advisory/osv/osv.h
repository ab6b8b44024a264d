// OSV records as JSON files (https://ossf.github.io/osv-schema/): Debian, Alpine, AlmaLinux,
// GitHub's, Go's.
#pragma once

#include "advisory/feed_reader.h"
#include "advisory/osv_record.h"

#include <memory>

namespace scantling::advisory::osv {

// `options` and its views must outlive the reader (they are literals of the source table).
std::unique_ptr<FeedReader> MakeReader(const OsvOptions& options);

}  // namespace scantling::advisory::osv
