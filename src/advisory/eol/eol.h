// End-of-life dates of distributions: endoflife.date's pages (Markdown with a YAML head that lists
// `releases`) and Debian's distro-info tables (CSV with a header line).
//
// The date is the last on which everybody gets security updates without paying: for Debian the end
// of long-term support, for the others `eol`. Paid extensions (ELTS, ESM, ELS) do not count. Dates
// that are no dates (true, false) are left out.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::eol {

std::unique_ptr<FeedReader> MakeEndOfLifeDateReader();
std::unique_ptr<FeedReader> MakeDistroInfoReader();

}  // namespace scantling::advisory::eol
