// Zip archives of any bytes: every entry is listed and read within a small limit.
#include "codec/zip.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::base::Bytes file(reinterpret_cast<const std::byte*>(data), size);
  const auto archive = scantling::codec::ZipArchive::Open(file);
  if (!archive) {
    return 0;
  }
  scantling::codec::ZipCursor cursor(*archive);
  scantling::codec::ZipReader reader;
  scantling::codec::ZipEntry entry;
  for (int count = 0; count < 1000; ++count) {
    const auto more = cursor.Next(entry);
    if (!more || !*more) {
      break;
    }
    const auto content = reader.Read(*archive, entry, uint64_t{1} << 20);
    if (content && content->bytes.size() != entry.unpacked_bytes) {
      __builtin_trap();
    }
  }
  return 0;
}
