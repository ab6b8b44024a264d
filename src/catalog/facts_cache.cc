// See facts_cache.h; the file format is in docs/formats/layer-cache.md.
#include "catalog/facts_cache.h"

#define XXH_INLINE_ALL
#include "base/file.h"
#include "catalog/scan.h"

#include <fcntl.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace scantling::catalog {
namespace {

constexpr std::string_view kMagic = "SCFACTS1";
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

uint64_t Checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string Header(const std::string& name, const std::string& versions, std::string_view payload) {
  std::string out(kMagic);
  for (const uint64_t value : {Checksum(name), Checksum(versions),
                               static_cast<uint64_t>(payload.size()), Checksum(payload)}) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  return out;
}
constexpr size_t kHeaderBytes = kMagic.size() + 4 * sizeof(uint64_t);

}  // namespace

FactsCache::FactsCache(std::string folder, std::string versions)
    : folder_(std::move(folder)), versions_(std::move(versions)) {}

std::string FactsCache::LayerName(const LayerKey& key) {
  const std::string hex = key.digest.Hex();
  return "layers/" + hex.substr(0, 2) + "/" + hex +
         (key.hash == image::Hash::kStored ? "-stored" : "-unpacked");
}

std::string FactsCache::ImageName(const std::vector<LayerKey>& chain) {
  std::string names;
  for (const LayerKey& key : chain) {
    names += LayerName(key) + "\n";
  }
  const std::string hex = base::Sha256Of(base::AsBytes(names)).Hex();
  return "images/" + hex.substr(0, 2) + "/" + hex;
}

std::string FactsCache::PathOf(const std::string& name) const {
  char versions[24];
  std::snprintf(versions, sizeof(versions), "%016llx",
                static_cast<unsigned long long>(Checksum(versions_)));
  return folder_ + "/" + name + "-" + versions;
}

std::optional<std::string> FactsCache::Load(const std::string& name) const {
  if (!enabled()) {
    return std::nullopt;
  }
  const std::string path = PathOf(name);
  auto file = base::ReadFile(path, kMaxFileBytes);
  if (!file || file->size() < kHeaderBytes) {
    return std::nullopt;
  }
  const std::string_view payload = std::string_view(*file).substr(kHeaderBytes);
  if (std::string_view(*file).substr(0, kHeaderBytes) != Header(name, versions_, payload)) {
    return std::nullopt;
  }
  // The time of last use drives pruning; a read-only cache keeps working without it.
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  file->erase(0, kHeaderBytes);
  return std::move(*file);
}

base::Result<void> FactsCache::Store(const std::string& name, std::string_view payload) const {
  if (!enabled() || payload.size() > kMaxFileBytes) {
    return {};
  }
  const std::string path = PathOf(name);
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) {
    return base::Error(base::ErrorCode::kIo, "cache folder " + folder_ + ": " + error.message());
  }
  return base::WriteFileByRename(
      path, base::AsBytes(Header(name, versions_, payload) + std::string(payload)),
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
  for (const char* kind : {"/layers", "/images"}) {
    fs::recursive_directory_iterator it(folder + kind, error);
    if (error == std::errc::no_such_file_or_directory) {
      error.clear();
      continue;
    }
    // Other processes may add and remove files meanwhile: what is gone when we look at it is
    // skipped.
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
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) {
    return a.used != b.used ? a.used < b.used : a.path < b.path;
  });
  for (const File& file : files) {
    if (stats.bytes <= max_bytes) {
      break;
    }
    std::error_code failed;
    fs::remove(file.path, failed);  // false and no error: another process was first
    if (!failed) {
      --stats.files;
      stats.bytes -= file.bytes;
    }
  }
  return stats;
}

}  // namespace scantling::catalog
