// The starter set: advisories chosen and summarised by hand, with facts, so that a first scan
// without a network shows real findings. Its text (starter_set.cc) is part of the program; the
// database is built from it in memory, by the same compiler as any other, in a few milliseconds.
// The text's grammar is at its top.
#pragma once

#include "advisory/records.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::advisory::starter {

inline constexpr std::string_view kSourceName = "starter";

// The text that the program carries.
std::string_view SetText();

// One malformed line is an error that names it: the text is ours.
base::Result<FeedRecords> ReadSet(std::string_view text);

// Sets by the same grammar, each a source of its own.
struct NamedSet {
  std::string name;
  std::string as_of;  // "" = the newest date in the text
  std::string text;
};
// The bytes of a database of them.
base::Result<std::string> BuildSets(const std::vector<NamedSet>& sets);

}  // namespace scantling::advisory::starter
