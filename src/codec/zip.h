// ZIP archives in memory (jar, war, ear, egg): the central directory, and one entry at a time.
//
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.6 to 4.5.3). As in Java's own
// reader the central directory decides: local headers are used only to find where data begins.
// Bytes before the archive (a launcher script, as in executable Spring Boot jars), a comment and
// bytes after the end record are accepted, zip64 too. Duplicate and overlapping entries are given
// as they stand: what a caller unpacks it bounds with max_bytes. Not handled: encryption, split
// archives, methods other than stored and deflate (an error of that entry alone), archives that
// have lost their central directory.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string_view>

struct libdeflate_decompressor;

namespace scantling::codec {

struct ZipEntry {
  std::string_view name;  // as written: any bytes, '/' at the end of a folder
  uint16_t method = 0;    // 0 stored, 8 deflate
  uint16_t flags = 0;     // bit 0: encrypted
  uint32_t crc32 = 0;
  uint64_t packed_bytes = 0;
  uint64_t unpacked_bytes = 0;
  uint64_t header_offset = 0;  // of the local header, from the first byte of the file

  bool IsFolder() const { return name.ends_with('/'); }
};

// Borrows the bytes. Copies are cheap. Thread-compatible.
class ZipArchive {
 public:
  // An error when there is no end record or it points outside.
  static base::Result<ZipArchive> Open(base::Bytes file);

  base::Bytes file() const { return file_; }
  base::Bytes directory() const { return directory_; }
  uint64_t shift() const { return shift_; }  // bytes in front of the archive proper

 private:
  base::Bytes file_;
  base::Bytes directory_;
  uint64_t shift_ = 0;
};

// Walks the directory in its order. Single thread.
class ZipCursor {
 public:
  explicit ZipCursor(const ZipArchive& archive)
      : rest_(archive.directory()), shift_(archive.shift()) {}
  // false = the end. After an error the walk is over. The views in `entry` live as long as the
  // file's bytes.
  base::Result<bool> Next(ZipEntry& entry);

 private:
  base::Bytes rest_;
  uint64_t shift_;
};

// Bytes that either belong to this object or are a part of the archive (stored entries).
struct ZipContent {
  base::Bytes bytes;
  std::unique_ptr<std::byte[]> owned;
};

// Unpacks entries; keeps the inflater between calls. Single thread.
class ZipReader {
 public:
  ZipReader();
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  // Sizes and CRC are checked; more than max_bytes unpacked is kLimit, and nothing is allocated for
  // a size that the packed bytes cannot give (deflate's best is 1032 to 1).
  base::Result<ZipContent> Read(const ZipArchive& archive, const ZipEntry& entry,
                                uint64_t max_bytes);

 private:
  libdeflate_decompressor* inflater_ = nullptr;
};

}  // namespace scantling::codec
