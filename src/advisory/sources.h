// The table of feeds: name, archive, reader. A new feed is a folder here and a row there.
#pragma once

#include "advisory/feed_reader.h"

#include <memory>
#include <span>
#include <string_view>

namespace scantling::advisory {

struct SourceRow {
  std::string_view name;     // as reports show it
  std::string_view archive;  // NAME.tar.zst, NAME.tar.gz, NAME.tar or the folder NAME
  std::unique_ptr<FeedReader> (*make)();
};

// In name order. The position is part of no format.
std::span<const SourceRow> SourceTable();

}  // namespace scantling::advisory
