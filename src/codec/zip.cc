// See zip.h.
#include "codec/zip.h"

#include "base/reader.h"

#include <libdeflate.h>

#include <algorithm>
#include <optional>
#include <string>

namespace scantling::codec {
namespace {

using base::Bytes;
using base::Reader;

constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kDirectoryHeader = 0x02014b50;
constexpr uint32_t kEnd = 0x06054b50;
constexpr uint32_t kEnd64 = 0x06064b50;
constexpr uint32_t kLocator64 = 0x07064b50;
constexpr size_t kLocalBytes = 30;
constexpr size_t kDirectoryBytes = 46;
constexpr size_t kEndBytes = 22;
constexpr size_t kEnd64Bytes = 56;
constexpr size_t kLocatorBytes = 20;
constexpr size_t kMaxComment = 65535;
constexpr uint32_t kIn64 = 0xffffffff;
constexpr uint64_t kDeflateRatio = 1032;

// Requires: offset + sizeof(T) <= bytes.size(), checked by the caller for the whole fixed part of a
// record.
template <typename T>
T Get(Bytes bytes, size_t offset) {
  T value;
  SCANTLING_ASSERT(offset + sizeof(T) <= bytes.size());
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) {
    value = std::byteswap(value);
  }
  return value;
}

// The last end record whose comment fits; one whose comment ends the file exactly is preferred.
std::optional<size_t> FindEnd(Bytes file) {
  if (file.size() < kEndBytes) {
    return std::nullopt;
  }
  const size_t last = file.size() - kEndBytes;
  const size_t first = last > kMaxComment ? last - kMaxComment : 0;
  std::optional<size_t> found;
  for (size_t at = last + 1; at-- > first;) {
    if (file[at] != std::byte{'P'} || Get<uint32_t>(file, at) != kEnd) {
      continue;
    }
    const size_t comment = Get<uint16_t>(file, at + 20);
    if (comment == last - at) {
      return at;
    }
    if (comment < last - at && !found) {
      found = at;
    }
  }
  return found;
}

struct End {
  uint64_t directory_bytes = 0;
  uint64_t directory_offset = 0;
  uint64_t at =
      0;  // where the end record (zip64's, if there is one) begins = where the directory should end
};

// The zip64 end record that the locator in front of `end` names, if there is one.
std::optional<End> FindEnd64(Bytes file, size_t end) {
  if (end < kLocatorBytes || Get<uint32_t>(file, end - kLocatorBytes) != kLocator64) {
    return std::nullopt;
  }
  const size_t locator = end - kLocatorBytes;
  const uint64_t named = Get<uint64_t>(file, locator + 8);
  // With bytes in front of the archive the named offset is too small; then the record is right
  // before the locator.
  for (const uint64_t at : {named, uint64_t{locator} - std::min(locator, kEnd64Bytes)}) {
    if (at <= locator && locator - at >= kEnd64Bytes && Get<uint32_t>(file, at) == kEnd64) {
      return End{Get<uint64_t>(file, at + 40), Get<uint64_t>(file, at + 48), at};
    }
  }
  return std::nullopt;
}

bool IsDirectory(Bytes bytes) {
  return bytes.empty() || (bytes.size() >= 4 && Get<uint32_t>(bytes, 0) == kDirectoryHeader);
}

// zip64's extra field holds, in this order, only those values that the fixed part could not.
base::Result<void> ApplyExtra64(Bytes extra, ZipEntry& entry) {
  Reader reader(extra);
  while (reader.remaining() >= 4) {
    SCANTLING_TRY(const uint16_t id, reader.Little<uint16_t>());
    SCANTLING_TRY(const uint16_t size, reader.Little<uint16_t>());
    auto field = reader.Take(size);
    if (!field) {
      return {};  // padding of tools that align stored entries; nothing after it can be read
    }
    if (id != 0x0001) {
      continue;
    }
    Reader values(*field);
    for (uint64_t* value : {&entry.unpacked_bytes, &entry.packed_bytes, &entry.header_offset}) {
      if (*value == kIn64) {
        SCANTLING_TRY(*value, values.Little<uint64_t>());
      }
    }
    return {};
  }
  return {};
}

}  // namespace

base::Result<ZipArchive> ZipArchive::Open(Bytes file) {
  const auto at = FindEnd(file);
  if (!at) {
    return base::Invalid("not a zip archive, or cut off: no end record");
  }
  End end{Get<uint32_t>(file, *at + 12), Get<uint32_t>(file, *at + 16), *at};
  if (const auto end64 = FindEnd64(file, *at)) {
    end = *end64;
  } else if (Get<uint16_t>(file, *at + 4) != Get<uint16_t>(file, *at + 6)) {
    return base::Unsupported("a part of a split zip archive");
  }
  ZipArchive out;
  out.file_ = file;
  // Normally the directory ends where the end record begins; what is missing to its stated offset
  // stands in front.
  if (end.directory_bytes <= end.at) {
    const uint64_t start = end.at - end.directory_bytes;
    const Bytes directory = file.subspan(start, end.directory_bytes);
    if (IsDirectory(directory) && start >= end.directory_offset) {
      out.directory_ = directory;
      out.shift_ = start - end.directory_offset;
      return out;
    }
  }
  // A gap before the end record (signatures, padding): the stated offset counts.
  if (end.directory_offset <= end.at && end.directory_bytes <= end.at - end.directory_offset) {
    const Bytes directory = file.subspan(end.directory_offset, end.directory_bytes);
    if (IsDirectory(directory)) {
      out.directory_ = directory;
      return out;
    }
  }
  return base::Invalid("zip: the directory (" + std::to_string(end.directory_bytes) +
                       " bytes at offset " + std::to_string(end.directory_offset) +
                       ") is not where the end record says");
}

base::Result<bool> ZipCursor::Next(ZipEntry& entry) {
  if (rest_.empty()) {
    return false;
  }
  const Bytes rest = rest_;
  rest_ = {};
  if (rest.size() < kDirectoryBytes) {
    return base::Truncated("zip: the directory ends inside of an entry");
  }
  if (Get<uint32_t>(rest, 0) != kDirectoryHeader) {
    return base::Invalid("zip: no entry where the directory should have one");
  }
  const size_t name_bytes = Get<uint16_t>(rest, 28);
  const size_t extra_bytes = Get<uint16_t>(rest, 30);
  const size_t comment_bytes = Get<uint16_t>(rest, 32);
  const size_t whole = kDirectoryBytes + name_bytes + extra_bytes + comment_bytes;
  if (whole > rest.size()) {
    return base::Truncated("zip: the directory ends inside of an entry");
  }
  entry.flags = Get<uint16_t>(rest, 8);
  entry.method = Get<uint16_t>(rest, 10);
  entry.crc32 = Get<uint32_t>(rest, 16);
  entry.packed_bytes = Get<uint32_t>(rest, 20);
  entry.unpacked_bytes = Get<uint32_t>(rest, 24);
  entry.header_offset = Get<uint32_t>(rest, 42);
  entry.name = base::AsText(rest.subspan(kDirectoryBytes, name_bytes));
  if (entry.packed_bytes == kIn64 || entry.unpacked_bytes == kIn64 ||
      entry.header_offset == kIn64) {
    SCANTLING_DO(ApplyExtra64(rest.subspan(kDirectoryBytes + name_bytes, extra_bytes), entry));
  }
  if (__builtin_add_overflow(entry.header_offset, shift_, &entry.header_offset)) {
    return base::Invalid("zip: an entry's offset is beyond any file");
  }
  rest_ = rest.subspan(whole);
  return true;
}

ZipReader::ZipReader() : inflater_(libdeflate_alloc_decompressor()) {
  SCANTLING_ASSERT(inflater_ != nullptr);
}

ZipReader::~ZipReader() { libdeflate_free_decompressor(inflater_); }

base::Result<ZipContent> ZipReader::Read(const ZipArchive& archive, const ZipEntry& entry,
                                         uint64_t max_bytes) {
  if ((entry.flags & 1) != 0) {
    return base::Unsupported("zip entry is encrypted");
  }
  if (entry.method != 0 && entry.method != 8) {
    return base::Unsupported("zip compression method " + std::to_string(entry.method));
  }
  if (entry.unpacked_bytes > max_bytes) {
    return base::LimitMet("zip entry of " + std::to_string(entry.unpacked_bytes) + " bytes, " +
                          std::to_string(max_bytes) + " are allowed");
  }
  Reader reader(archive.file());
  SCANTLING_TRY(const Bytes header, reader.At(entry.header_offset, kLocalBytes));
  if (Get<uint32_t>(header, 0) != kLocalHeader) {
    return base::Invalid("zip: no local header at offset " + std::to_string(entry.header_offset));
  }
  const uint64_t data =
      entry.header_offset + kLocalBytes + Get<uint16_t>(header, 26) + Get<uint16_t>(header, 28);
  SCANTLING_TRY(const Bytes packed, reader.At(data, entry.packed_bytes));

  ZipContent out;
  if (entry.method == 0) {
    if (entry.packed_bytes != entry.unpacked_bytes) {
      return base::Invalid("zip: a stored entry with two sizes");
    }
    out.bytes = packed;
  } else {
    if (entry.unpacked_bytes / kDeflateRatio > entry.packed_bytes) {
      return base::Invalid("zip: " + std::to_string(entry.packed_bytes) +
                           " packed bytes cannot hold the stated " +
                           std::to_string(entry.unpacked_bytes));
    }
    // One byte at least, so that the inflater gets a real address.
    out.owned = std::make_unique_for_overwrite<std::byte[]>(
        static_cast<size_t>(std::max<uint64_t>(entry.unpacked_bytes, 1)));
    const auto result =
        libdeflate_deflate_decompress(inflater_, packed.data(), packed.size(), out.owned.get(),
                                      static_cast<size_t>(entry.unpacked_bytes), nullptr);
    if (result != LIBDEFLATE_SUCCESS) {
      return base::Invalid(result == LIBDEFLATE_BAD_DATA
                               ? "zip: compressed data is damaged"
                               : "zip: entry does not unpack to its stated size");
    }
    out.bytes = Bytes(out.owned.get(), static_cast<size_t>(entry.unpacked_bytes));
  }
  if (libdeflate_crc32(0, out.bytes.data(), out.bytes.size()) != entry.crc32) {
    return base::Error(base::ErrorCode::kMismatch,
                       "zip: checksum (CRC-32) does not match the data");
  }
  return out;
}

}  // namespace scantling::codec
