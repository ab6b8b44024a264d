// OSV records of any bytes, as each of the OSV feeds would read them.
#include "advisory/compile.h"
#include "advisory/osv/osv.h"
#include "advisory/writer.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace advisory = scantling::advisory;
  for (const std::string_view ecosystem : {"Debian", "AlmaLinux", "Go"}) {
    const auto reader = advisory::osv::MakeReader({ecosystem, "nvd", 4});
    advisory::FeedInput input;
    input.name = "fuzz";
    (void)reader->Read("a.json", {reinterpret_cast<const char*>(data), size}, input.records)
        .has_value();
    std::vector<advisory::FeedInput> feeds;
    feeds.push_back(std::move(input));
    (void)advisory::WriteDatabase(advisory::Compile(std::move(feeds))).has_value();
  }
  return 0;
}
