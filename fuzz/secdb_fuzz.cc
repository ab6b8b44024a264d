// Alpine security databases of any bytes.
#include "advisory/secdb/secdb.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto reader = scantling::advisory::secdb::MakeReader();
  scantling::advisory::FeedRecords out;
  (void)reader->Read("3.21/main.json", {reinterpret_cast<const char*>(data), size}, out)
      .has_value();
  return 0;
}
