// Streams of bytes: where they come from, and unpacking them on the way (gzip by isa-l, zstd,
// plain).
//
// A ByteSource is pulled. Thread rule: one thread pulls a given source at a time.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <span>

namespace scantling::codec {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills at most `into.size()` bytes; 0 = the end. A short count is no end.
  virtual base::Result<size_t> Read(std::span<std::byte> into) = 0;
};

// The same without a copy: the source owns the buffer.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  // The next bytes, valid until the next call; empty = the end.
  virtual base::Result<base::Bytes> Next() = 0;
};

enum class Compression : uint8_t { kNone, kGzip, kZstd, kXz, kBzip2 };
// By magic, from the first 6 bytes or fewer.
Compression SniffCompression(base::Bytes head);

// Unpacks `packed` (any Compression but kNone; multi-member gzip and multi-frame zstd included;
// trailing zero padding is accepted). Truncated input, a bad CRC or size, and a ratio or size over
// the limits are errors. Borrows `packed`.
base::Result<std::unique_ptr<ByteSource>> MakeInflater(Compression compression, ByteSource& packed,
                                                       const base::Limits& limits);
base::Result<std::unique_ptr<ByteSource>> MakeInflater(Compression compression, BlockSource& packed,
                                                       const base::Limits& limits);

// What the inflater delivered before an error is given first; the error comes with the next Read,
// and again after that.

}  // namespace scantling::codec
