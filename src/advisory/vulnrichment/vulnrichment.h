// CISA's Vulnrichment: CVE records 5.x with an ADP container that holds SSVC answers and, where the
// CNA gave none, a CVSS vector (https://github.com/cisagov/vulnrichment). Rejected records give
// nothing.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::vulnrichment {

std::unique_ptr<FeedReader> MakeReader();

}  // namespace scantling::advisory::vulnrichment
