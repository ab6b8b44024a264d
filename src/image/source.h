// Where an image comes from: "docker-archive:FILE", "oci-archive:FILE", "oci:DIR[:TAG]",
// "rootfs:DIR", "registry:HOST/REPOSITORY:TAG", "podman:NAME" and "docker-daemon:NAME" (by their
// sockets), a bare path or name that is looked at to know what it is, "-" for standard input.
// Archives may be gzip or zstd compressed as a whole.
#pragma once

#include "base/digest.h"
#include "base/limits.h"
#include "base/result.h"
#include "codec/inflate.h"
#include "image/layer_reader.h"
#include "model/inventory.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image {

namespace registry {
class Client;
}

enum class SourceKind : uint8_t {
  kDockerArchive,
  kOciArchive,
  kOciLayout,
  kRootfs,
  kStandardInput,
  kRegistry,
  kDaemon,  // Docker's or podman's
};

struct SourceSpec {
  SourceKind kind = SourceKind::kOciLayout;
  std::string path;  // kRegistry: the reference, kDaemon: the image's name, both as written
  std::string tag;  // oci:DIR:TAG, oci-archive:FILE:TAG, docker-archive:FILE:REF; "" = the only one
  std::string original;  // as the user wrote it
};

// Looks at the file system for a bare path, and to tell "FILE:TAG" from a file with a colon in its
// name. Errors say what the argument looked like and what forms there are.
base::Result<SourceSpec> ParseSource(std::string_view argument);

struct OpenOptions {
  std::string platform;  // "linux/arm64", "" = this machine's, and the only one where there is one
  base::Limits limits;
  const registry::Client* maybe_registry = nullptr;  // for kRegistry; outlives the image
  std::string daemon_socket;                         // for kDaemon
  std::stop_token stop;                              // for kDaemon: ends the transfer
};

// A layer as the image's manifest has it.
struct LayerBlob {
  std::string blob;                             // key under which ForEachBlob gives its bytes
  std::optional<base::Digest> stored_digest;    // from an OCI manifest
  std::optional<base::Digest> unpacked_digest;  // diff id, from the configuration
  std::string media_type;
};

// An opened image. Two kinds underneath: with random access (a layout, an uncompressed archive) the
// manifest is known at once; a stream (standard input, a compressed archive) shows blobs as they
// pass by and the manifest at its end.
class ImageHandle {
 public:
  virtual ~ImageHandle() = default;

  // Known now, or only after ForEachBlob?
  virtual bool StreamsOnly() const = 0;

  // Gives every layer's bytes once: of the chosen image where it is known, else of every blob that
  // may be a layer.
  //   need(layer): random access only; false = skip it (it is in the cache). Called before reading,
  //   from one thread. read(blob key, reading, bytes): called from `jobs` threads at once, from
  //   twice as many where they hash as a team; must be thread-safe. `reading` says which digest the
  //   image's chain can verify. Its error stops that blob only and is returned by ForEachBlob when
  //   nothing else failed.
  using Need = std::function<bool(const LayerBlob&)>;
  using Read = std::function<base::Result<void>(const std::string& blob, const Reading& reading,
                                                codec::ByteSource& bytes)>;
  virtual base::Result<void> ForEachBlob(unsigned jobs, const Need& need, const Read& read) = 0;

  // After ForEachBlob for streams. Layers bottom-up.
  virtual base::Result<model::Image> Describe() const = 0;
  virtual base::Result<std::vector<LayerBlob>> Layers() const = 0;

  // Opens one layer again (second look at a file); kUnsupported for streams.
  virtual base::Result<std::unique_ptr<codec::ByteSource>> Reopen(const LayerBlob& layer) const = 0;
};

// Not for rootfs: see WalkRootfs. `input` is used for kStandardInput only (file descriptor 0 in the
// program).
base::Result<std::unique_ptr<ImageHandle>> OpenImage(const SourceSpec& spec,
                                                     const OpenOptions& options, int input_fd);

// A folder as one layer without digests. Never leaves the folder (every step is an openat of one
// name with O_NOFOLLOW), never follows links, reads regular files only, skips other file systems'
// /proc, /sys, /dev. Unreadable files are diagnostics.
base::Result<LayerResult> WalkRootfs(const std::string& folder, const base::Limits& limits,
                                     LayerVisitor& visitor);

}  // namespace scantling::image
