// See layer_cache.h; the file format is in docs/formats/layer-cache.md.
#include "catalog/layer_cache.h"

#define XXH_INLINE_ALL
#include <fcntl.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "catalog/scan.h"

namespace scantling::catalog {
namespace {

constexpr std::string_view kMagic = "SCLAYER1";
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

uint64_t Checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string Header(const CacheKey& key, const std::string& versions, std::string_view payload) {
  std::string out(kMagic);
  const auto append = [&](uint64_t value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  out.append(reinterpret_cast<const char*>(key.digest.bytes.data()), key.digest.bytes.size());
  append(static_cast<uint64_t>(key.hash));
  append(Checksum(versions));
  append(payload.size());
  append(Checksum(payload));
  return out;
}

}  // namespace

LayerCache::LayerCache(std::string folder, std::string versions)
    : folder_(std::move(folder)), versions_(std::move(versions)) {}

std::string LayerCache::PathOf(const CacheKey& key) const {
  char versions[24];
  std::snprintf(versions, sizeof(versions), "%016llx",
                static_cast<unsigned long long>(Checksum(versions_)));
  const std::string hex = key.digest.Hex();
  return folder_ + "/layers/" + hex.substr(0, 2) + "/" + hex +
         (key.hash == image::Hash::kStored ? "-stored-" : "-unpacked-") + versions;
}

std::optional<LayerFacts> LayerCache::Load(const CacheKey& key) const {
  if (folder_.empty()) {
    return std::nullopt;
  }
  const std::string path = PathOf(key);
  auto file = base::ReadFile(path, kMaxFileBytes);
  if (!file) {
    return std::nullopt;
  }
  const size_t header_size = kMagic.size() + 32 + 4 * sizeof(uint64_t);
  if (file->size() < header_size) {
    return std::nullopt;
  }
  const std::string_view payload = std::string_view(*file).substr(header_size);
  if (std::string_view(*file).substr(0, header_size) != Header(key, versions_, payload)) {
    return std::nullopt;
  }
  auto facts = ParseFacts(base::AsBytes(payload));
  if (!facts) {
    return std::nullopt;
  }
  // The time of last use drives pruning; a read-only cache keeps working without it.
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  return std::move(*facts);
}

base::Result<void> LayerCache::Store(const CacheKey& key, const LayerFacts& facts) const {
  if (folder_.empty() || !facts.cacheable) {
    return {};
  }
  const std::string path = PathOf(key);
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) {
    return base::Error(base::ErrorCode::kIo, "cache folder " + folder_ + ": " + error.message());
  }
  const std::string payload = SerializeFacts(facts);
  if (payload.size() > kMaxFileBytes) {
    return {};
  }
  return base::WriteFileByRename(path, base::AsBytes(Header(key, versions_, payload) + payload),
                                 base::Durability::kDisposable);
}

base::Result<CacheStats> PruneCache(const std::string& folder, uint64_t max_bytes) {
  namespace fs = std::filesystem;
  struct File {
    fs::path path;
    uint64_t bytes;
    fs::file_time_type used;
  };
  std::vector<File> files;
  CacheStats stats;
  std::error_code error;
  fs::recursive_directory_iterator it(folder + "/layers", error);
  if (error == std::errc::no_such_file_or_directory) {
    return stats;
  }
  // Other processes may add and remove files meanwhile: what is gone when we look at it is skipped.
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    std::error_code gone;
    if (it->is_regular_file(gone)) {
      const uint64_t bytes = it->file_size(gone);
      const auto used = it->last_write_time(gone);
      if (!gone) {
        files.push_back({it->path(), bytes, used});
        ++stats.files;
        stats.bytes += bytes;
      }
    }
  }
  if (error) {
    return base::Error(base::ErrorCode::kIo, "cache folder " + folder + ": " + error.message());
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) {
    return a.used != b.used ? a.used < b.used : a.path < b.path;
  });
  for (const File& file : files) {
    if (stats.bytes <= max_bytes) {
      break;
    }
    std::error_code gone;
    fs::remove(file.path, gone);
    --stats.files;
    stats.bytes -= file.bytes;
  }
  return stats;
}

}  // namespace scantling::catalog
