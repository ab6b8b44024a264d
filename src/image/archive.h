// An image archive's outer tar: where its files lie (random access), or its files one after another
// (a stream).
#pragma once

#include "base/file.h"
#include "base/limits.h"
#include "base/result.h"
#include "codec/inflate.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace scantling::image {

// Links between the files of an archive (docker save shares layers that way).
class ArchiveLinks {
 public:
  void Add(const std::string& name, std::string_view target, bool symbolic);
  // Follows links; a name without one is itself. Circles end after 40 steps.
  std::string Resolve(std::string name) const;

 private:
  std::map<std::string, std::string> links_;
};

struct ArchiveIndex {
  struct Range {
    uint64_t offset = 0;
    uint64_t size = 0;
  };
  std::map<std::string, Range> files;  // by normalised name; the last one wins
  ArchiveLinks links;
};

// Reads headers only. A tar that is cut off is an error.
base::Result<ArchiveIndex> IndexArchive(const base::Fd& fd, uint64_t size,
                                        const base::Limits& limits);

// Shows every regular file as it passes by; what `visit` leaves of its bytes is skipped.
using VisitFile = std::function<base::Result<void>(const std::string& name, uint64_t size,
                                                   codec::ByteSource& bytes)>;
base::Result<void> ReadArchive(codec::ByteSource& stream, const base::Limits& limits,
                               ArchiveLinks& links, const VisitFile& visit);

// Some bytes that were read already, then the rest of their source.
class PrefixedSource : public codec::ByteSource {
 public:
  PrefixedSource(base::Bytes prefix, codec::ByteSource& rest) : prefix_(prefix), rest_(rest) {}
  base::Result<size_t> Read(std::span<std::byte> into) override;

 private:
  base::Bytes prefix_;
  codec::ByteSource& rest_;
};

// Is the block a tar header (by its checksum), or an empty tar's zeros?
bool LooksLikeTar(base::Bytes head);

}  // namespace scantling::image
