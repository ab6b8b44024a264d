// The Python Packaging Advisory Database: OSV records as YAML files, vulns/PACKAGE/PYSEC-*.yaml
// (https://github.com/pypa/advisory-database).
#pragma once

#include "advisory/feed_reader.h"

#include <memory>

namespace scantling::advisory::pypa {

std::unique_ptr<FeedReader> MakeReader();

}  // namespace scantling::advisory::pypa
