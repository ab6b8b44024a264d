// Alpine's security database, RELEASE/REPOSITORY.json (https://secdb.alpinelinux.org/): which
// version of an origin package fixed which CVEs. Version "0" = the package was never affected.
// Vulnerabilities without a fix are not listed.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::secdb {

std::unique_ptr<FeedReader> MakeReader();

}  // namespace scantling::advisory::secdb
