// Two ways to an opened image, whatever its bytes come from: a store of blobs by name (a folder, an
// uncompressed archive, a registry), or an archive that passes by once. See source.h.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "codec/inflate.h"
#include "image/blob_source.h"
#include "image/image_plan.h"
#include "image/source.h"

#include <cstdint>
#include <memory>
#include <string>

namespace scantling::image {

struct OpenedBlob {
  std::unique_ptr<codec::ByteSource> bytes;
  uint64_t size = 0;
};

// Blobs by name, any number of them at once.
class BlobStore : public DocumentStore {
 public:
  virtual base::Result<OpenedBlob> Open(const std::string& name) const = 0;

  base::Result<std::string> ReadDocument(const std::string& name) const override {
    SCANTLING_TRY(const OpenedBlob blob, Open(name));
    return ReadAll(*blob.bytes, kMaxDocumentBytes).With(name);
  }
  bool Has(const std::string& name) const override { return Open(name).has_value(); }
};

// The image of the plan, whose layers are in the store.
std::unique_ptr<ImageHandle> MakeStoredImage(std::unique_ptr<BlobStore> store, ImagePlan plan);

// An archive that is read once, packed or not. An input without a byte is an error.
base::Result<std::unique_ptr<ImageHandle>> OpenStream(std::unique_ptr<codec::ByteSource> stored,
                                                      const PlanOptions& plan,
                                                      const base::Limits& limits);

}  // namespace scantling::image
