// Every feed of the source table, on any bytes: CSV and TSV tables, Markdown heads, YAML and JSON
// records.
#include "advisory/sources.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& row : scantling::advisory::SourceTable()) {
    const auto reader = row.make();
    for (const std::string_view path : {"products/debian.md", "usr/share/distro-info/debian.csv"}) {
      scantling::advisory::FeedRecords out;
      (void)reader->Read(path, text, out).has_value();
    }
  }
  return 0;
}
