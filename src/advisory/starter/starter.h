// The starter set: advisories chosen and summarised by hand, with facts, so that a first scan
// without a network shows real findings. Its text (starter_set.cc) is part of the program; the
// database is built from it in memory, by the same compiler as any other, in a few milliseconds.
// The text's grammar is at its top.
#pragma once

#include "advisory/records.h"
#include "base/result.h"

#include <string_view>

namespace scantling::advisory::starter {

inline constexpr std::string_view kSourceName = "starter";

// The text that the program carries.
std::string_view SetText();

// One malformed line is an error that names it: the text is ours.
base::Result<FeedRecords> ReadSet(std::string_view text);

}  // namespace scantling::advisory::starter
