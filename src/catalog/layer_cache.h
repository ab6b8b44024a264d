// Layer facts on disk, one file per (verified digest, catalogers' versions, limits).
//
// A file appears by rename, carries its key and a checksum, and is only a hint: a damaged, foreign or half-written one is
// a miss. Any number of processes may read, write and prune at once. The digest in a key is one that was computed from
// the bytes that were scanned, never one that an image merely claims, so no image can plant facts for another's layers.
// Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/result.h"
#include "catalog/layer_facts.h"
#include "image/layer_reader.h"

namespace scantling::catalog {

struct CacheKey {
  base::Digest digest;
  image::Hash hash = image::Hash::kStored;  // of the stored or of the unpacked bytes
};

class LayerCache {
 public:
  // "" = a cache that is always empty. `versions`: CatalogVersions() and the limits.
  LayerCache(std::string folder, std::string versions);

  std::optional<LayerFacts> Load(const CacheKey& key) const;
  // Errors are for a diagnostic: a cache that cannot be written does not stop a scan.
  base::Result<void> Store(const CacheKey& key, const LayerFacts& facts) const;

 private:
  std::string PathOf(const CacheKey& key) const;
  std::string folder_;
  std::string versions_;
};

}  // namespace scantling::catalog
