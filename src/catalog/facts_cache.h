// Facts on disk: one file per layer (verified digest) and one per chain of layers, both also under
// the catalogers' versions and the limits.
//
// A file appears by rename, carries its key and a checksum, and is only a hint: a damaged, foreign
// or half-written one is a miss. Any number of processes may read, write and prune at once. The
// digest in a key is one that was computed from the bytes that were scanned, never one that an
// image merely claims, so no image can plant facts for another's layers. Thread-safe. Format:
// docs/formats/layer-cache.md.
#pragma once

#include "base/digest.h"
#include "base/result.h"
#include "image/layer_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog {

struct LayerKey {
  base::Digest digest;
  image::Hash hash = image::Hash::kStored;  // of the stored or of the unpacked bytes
};

class FactsCache {
 public:
  // "" = a cache that is always empty. `versions`: CatalogVersions() and the limits.
  FactsCache(std::string folder, std::string versions);

  bool enabled() const { return !folder_.empty(); }

  // The payload that was stored under a key, its checksum verified.
  std::optional<std::string> LoadLayer(const LayerKey& key) const { return Load(LayerName(key)); }
  std::optional<std::string> LoadImage(const std::vector<LayerKey>& chain) const {
    return Load(ImageName(chain));
  }

  // Errors are for a warning: a cache that cannot be written does not stop a scan.
  base::Result<void> StoreLayer(const LayerKey& key, std::string_view payload) const {
    return Store(LayerName(key), payload);
  }
  base::Result<void> StoreImage(const std::vector<LayerKey>& chain,
                                std::string_view payload) const {
    return Store(ImageName(chain), payload);
  }

 private:
  static std::string LayerName(const LayerKey& key);
  static std::string ImageName(const std::vector<LayerKey>& chain);
  std::string PathOf(const std::string& name) const;
  std::optional<std::string> Load(const std::string& name) const;
  base::Result<void> Store(const std::string& name, std::string_view payload) const;

  std::string folder_;
  std::string versions_;
};

}  // namespace scantling::catalog
