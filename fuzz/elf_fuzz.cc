// ELF headers of any bytes, and reads at every address that they name.
#include "codec/elf.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::base::Bytes file(reinterpret_cast<const std::byte*>(data), size);
  const auto header = scantling::codec::ParseElfHeader(file);
  if (!header) {
    return 0;
  }
  (void)header->ProgramHeadersEnd();
  const auto segments = scantling::codec::ParseElfSegments(*header, file);
  if (segments) {
    const scantling::codec::ElfMemory memory(file, *segments);
    for (const auto& segment : *segments) {
      const auto bytes = memory.At(segment.address, segment.file_bytes);
      if (bytes && bytes->size() != segment.file_bytes) {
        __builtin_trap();
      }
    }
  }
  return 0;
}
