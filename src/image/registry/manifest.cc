// See manifest.h.
#include "image/registry/manifest.h"

#include "base/strings.h"
#include "codec/json.h"
#include "image/image_plan.h"

namespace scantling::image::registry {
namespace {

constexpr size_t kMaxNamed = 10'000;

}  // namespace

NamedBlobs BlobsNamedBy(std::string_view document) {
  NamedBlobs out;
  codec::Json json;
  const auto root = json.Parse(document, kMaxDocumentBytes);
  if (!root) {
    return out;
  }
  const auto add_size = [&](codec::JsonValue value) {
    const auto bytes = value["size"].Int();
    if (bytes && *bytes >= 0) {
      out.sizes.emplace(value["digest"].Text(), static_cast<uint64_t>(*bytes));
    }
    return out.sizes.size() < kMaxNamed;
  };
  add_size((*root)["config"]);
  (*root)["layers"].ForEach(add_size);
  (*root)["manifests"].ForEach([&](codec::JsonValue value) {
    const codec::JsonValue platform = value["platform"];
    out.manifests.push_back(
        {std::string(value["digest"].Text()),
         base::ToUtf8(PlatformText(platform["os"].Text(), platform["architecture"].Text(),
                                   platform["variant"].Text()))});
    return out.manifests.size() < kMaxNamed;
  });
  return out;
}

}  // namespace scantling::image::registry
