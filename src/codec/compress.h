// Whole texts packed and unpacked in memory, for what is small: stored documents, answers of the
// server. What comes in parts is packed by a GzipStream; streams are unpacked by inflate.h.
//
// gzip (RFC 1952) by libdeflate, in parts by isa-l, zstd (RFC 8878). Same bytes in, same bytes out.
// The functions are thread-safe.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "codec/inflate.h"

#include <cstdint>
#include <memory>
#include <string>

namespace scantling::codec {

// kGzip or kZstd. Level: of the format, 1 quick.
std::string Compress(Compression compression, base::Bytes plain, int level = 1);

// Anything that inflate.h reads; kLimit above `max_bytes`. kNone is copied.
base::Result<std::string> Decompress(Compression compression, base::Bytes packed,
                                     uint64_t max_bytes);

// One gzip member out of parts, in about 400 KiB whatever their size. Single thread.
class GzipStream {
 public:
  GzipStream();
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream();
  // Appends to `packed` what is ready, which may be nothing yet.
  void Write(base::Bytes plain, std::string& packed);
  // The rest and the end; nothing is written after it.
  void Finish(std::string& packed);

 private:
  struct State;
  void Run(std::string& packed);
  std::unique_ptr<State> state_;
};

}  // namespace scantling::codec
