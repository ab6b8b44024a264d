// The engine: an image source in, an Inventory out. A pure function of the image's bytes and the
// catalogers' versions.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "image/source.h"
#include "model/inventory.h"

#include <functional>
#include <string>

namespace scantling::catalog {

struct ScanOptions {
  unsigned jobs = 2;
  std::string cache_folder;                  // "" = no cache
  uint64_t cache_bytes = uint64_t{2} << 30;  // least recently used files are removed above it
  std::string platform;
  base::Limits limits;
  // Layers done, layers in all (0 = not known yet). Called from several threads, one at a time. May
  // be empty.
  std::function<void(uint64_t done, uint64_t all)> progress;
  std::function<void(const std::string&)> warn;  // about this machine, not the image; may be empty
  int input_fd = 0;                              // for "-"
  const image::registry::Client* maybe_registry = nullptr;  // for images in registries
  std::string daemon_socket;                                // for images of Docker and podman
};

// Errors: the source cannot be opened or described, a digest does not match its bytes. All else is
// in the inventory's diagnostics and coverage.
base::Result<model::Inventory> Scan(const image::SourceSpec& source, const ScanOptions& options);

// Everything that cached layer facts depend on beside the layer's bytes, as one text.
std::string CatalogVersions();

struct CacheStats {
  uint64_t files = 0;
  uint64_t bytes = 0;
};
// Removes the least recently used files until at most max_bytes are left.
base::Result<CacheStats> PruneCache(const std::string& folder, uint64_t max_bytes);

}  // namespace scantling::catalog
