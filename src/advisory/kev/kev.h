// CISA's catalogue of known exploited vulnerabilities, known_exploited_vulnerabilities.json
// (https://www.cisa.gov/known-exploited-vulnerabilities-catalog). Its as-of date is its
// catalogVersion.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::kev {

std::unique_ptr<FeedReader> MakeReader();

}  // namespace scantling::advisory::kev
