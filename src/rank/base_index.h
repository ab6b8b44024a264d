// Images that were scanned before, by their layers: a later image that stands on one of them has it
// as its base. One small file that grows with every scan.
//
// A line per image: chain id of its layers, number of layers, when it was scanned, digest, name,
// with tabs between; the chain id is the OCI one
// (https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid), so that an
// image is found by any prefix of a later image's layers. At most kMaxImages, the last scanned. The
// file is written by rename under a lock, so that many processes may add to it. Names are what the
// images call themselves: they are held to be names, not proofs.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "model/inventory.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::rank {

struct KnownImage {
  int32_t layers = 0;
  std::string seen;    // date of the last scan
  std::string digest;  // of the manifest, "" unknown
  std::string name;    // "docker.io/library/debian:12"
};

// Thread-compatible; reading is thread-safe.
class BaseIndex {
 public:
  static constexpr size_t kMaxImages = 20'000;
  static constexpr size_t kMaxNames = 8;  // of one chain

  // A file that does not exist is an empty index. Lines that are none are passed over and told in
  // notes(); an error only when the file cannot be read.
  static base::Result<BaseIndex> Open(const std::string& path);
  static BaseIndex Parse(std::string_view text);
  std::string Text() const;

  // False when the image has no layers, no name, or one that is no name.
  bool Add(const model::Image& image, base::Seconds now);

  // The images whose layers are the first 1, 2, ... of `image`, all of them left out: longest
  // first, the last scanned first among equals. Those of the image's own repository are left out:
  // an earlier build is not a base.
  std::vector<KnownImage> Below(const model::Image& image) const;

  size_t size() const { return count_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void Insert(std::string chain, KnownImage image);
  void Trim();

  std::map<std::string, std::vector<KnownImage>, std::less<>> by_chain_;
  size_t count_ = 0;
  std::vector<std::string> notes_;
};

// Reads, adds and writes the file at `path` while it holds its lock (path + ".lock"). kIo when
// another process held that for a second: the addition is lost, nothing else.
base::Result<void> AddToBaseIndex(const std::string& path, const model::Image& image,
                                  base::Seconds now);

// "shop" in "registry.example:5000/shop:1.2@sha256:...", "debian" in "docker.io/library/debian:12":
// without host, tag and digest.
std::string RepositoryPath(std::string_view reference);

// The same image name: "debian:12" and "docker.io/library/debian:12".
bool SameReference(std::string_view a, std::string_view b);

}  // namespace scantling::rank
