// FIRST's exploit prediction scores as JSON files {score_date, data: [{id, epss, percentile?}]}
// (https://www.first.org/epss/). Of several files the newest score_date counts, and it is the
// feed's as-of date: a score is never shown without its own date. A missing percentile stays
// unknown.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::epss {

std::unique_ptr<FeedReader> MakeReader();

}  // namespace scantling::advisory::epss
