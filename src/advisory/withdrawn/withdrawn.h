// A list of advisory ids that were withdrawn: lines "ecosystem<TAB>id<TAB>summary", '#' comments.
// For feeds whose records lost their `withdrawn` field on the way.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::withdrawn {

std::unique_ptr<FeedReader> MakeReader();

}  // namespace scantling::advisory::withdrawn
