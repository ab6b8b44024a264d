// What a manifest or an index says of other blobs, before image_plan.h reads it for good: their
// sizes, and which of them are manifests for which platform.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image::registry {

struct NamedBlobs {
  struct Entry {
    std::string digest;  // as written
    std::string platform;
  };
  std::map<std::string, uint64_t> sizes;  // of the configuration and the layers, by digest
  std::vector<Entry> manifests;
};

// Nothing for a text that is no JSON object.
NamedBlobs BlobsNamedBy(std::string_view document);

}  // namespace scantling::image::registry
