// Whole texts packed and unpacked in memory, for what is small: stored documents, answers of the
// server. Streams are inflate.h's.
//
// gzip (RFC 1952) by libdeflate, zstd (RFC 8878). Same bytes in, same bytes out. Thread-safe.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "codec/inflate.h"

#include <cstdint>
#include <string>

namespace scantling::codec {

// kGzip or kZstd. Level: of the format, 1 quick.
std::string Compress(Compression compression, base::Bytes plain, int level = 1);

// Anything that inflate.h reads; kLimit above `max_bytes`. kNone is copied.
base::Result<std::string> Decompress(Compression compression, base::Bytes packed,
                                     uint64_t max_bytes);

}  // namespace scantling::codec
