// One layer, read once: digests, inflate, tar walk, claims.
//
// The visitor (catalog/) says of every regular file, by name or by its first bytes, whether it
// wants it; what nobody claims is not kept. Everything else about the tree goes into the LayerTree
// of the same pass.
#pragma once

#include "base/digest.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/sha256_team.h"
#include "codec/inflate.h"
#include "image/layer_tree.h"
#include "model/inventory.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace scantling::image {

struct FileEntry {
  std::string_view path;  // normalised
  uint64_t size = 0;
  uint32_t mode = 0;  // permission bits
};

enum class Want : uint8_t {
  kNothing,  // not claimed
  kHead,     // show me the first bytes (up to kHeadBytes), then ask again
  kWhole,    // all bytes at once, within limits.file_bytes
  kStream,   // chunks as they pass by, nothing buffered
};
inline constexpr size_t kHeadBytes = 4096;

struct Claim {
  Want want = Want::kNothing;
  uint32_t number = 0;  // the visitor's own; stored in the tree for kWhole and kStream
};

// Called by one thread per layer. Errors of one file are the visitor's to keep: nothing here can
// stop the layer.
class LayerVisitor {
 public:
  virtual ~LayerVisitor() = default;
  virtual Claim OnFile(const FileEntry& file) = 0;
  virtual Claim OnHead(const FileEntry& file, base::Bytes head) = 0;
  virtual void OnWhole(const FileEntry& file, uint32_t claim, base::Bytes data) = 0;
  // Chunks in order; `last` with the final one (which may be empty).
  virtual void OnChunk(const FileEntry& file, uint32_t claim, uint64_t offset, base::Bytes chunk,
                       bool last) = 0;
  // A claimed file that could not be delivered: over a limit, cut off by the layer's end.
  virtual void OnLost(const FileEntry& file, uint32_t claim, const base::Error& error) = 0;
};

enum class Hash : uint8_t { kNone, kStored, kUnpacked };  // which bytes to run SHA-256 over
enum class Threads : uint8_t { kOne, kTwo };  // kTwo: inflate on one core, hash + walk on the other

struct LayerResult {
  LayerTree tree;
  std::optional<base::Digest> digest;  // of what Hash named
  uint64_t stored_bytes = 0;
  uint64_t unpacked_bytes = 0;
  // What went wrong inside: a truncated stream, a bad header, a limit. The tree then holds what was
  // read before it; the digest is still that of all stored bytes where they could be read.
  std::vector<model::Diagnostic> diagnostics;
  bool complete = true;
};

struct Reading {
  Hash hash = Hash::kNone;
  Threads threads = Threads::kOne;
  base::Sha256Team* maybe_team = nullptr;  // of the layers that are read at the same time
};

// An error only when the stored bytes cannot be read at all (I/O). Compression is found by magic.
base::Result<LayerResult> ReadLayer(codec::ByteSource& stored, const Reading& reading,
                                    const base::Limits& limits, LayerVisitor& visitor);

}  // namespace scantling::image
