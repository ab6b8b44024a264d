// ELF files as far as a scanner of packages needs them: program headers, and addresses to file
// offsets.
//
// https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html ; 32 and 64 bits, both byte orders.
// Not handled: sections, symbols, relocations, versions; more than 65,278 program
// headers (PN_XNUM).
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace scantling::codec {

enum class ElfType : uint16_t {
  kNone = 0,
  kRelocatable = 1,
  kExecutable = 2,
  kShared = 3,
  kCore = 4
};

struct ElfHeader {
  bool is64 = true;
  bool big_endian = false;
  ElfType type = ElfType::kNone;
  uint64_t program_offset = 0;
  uint32_t program_entry_bytes = 0;
  uint32_t program_count = 0;

  // How many bytes of the file hold all program headers; nullopt when that is no sane number.
  std::optional<uint64_t> ProgramHeadersEnd() const;
};

struct ElfSegment {
  static constexpr uint32_t kLoad = 1;
  static constexpr uint32_t kWritable = 2;
  uint32_t type = 0;
  uint32_t flags = 0;
  uint64_t offset = 0;
  uint64_t address = 0;
  uint64_t file_bytes = 0;
  uint64_t memory_bytes = 0;
};

inline constexpr size_t kElfHeaderBytes = 64;  // of the longer, 64-bit one

// From the first bytes (52 or 64 of them).
base::Result<ElfHeader> ParseElfHeader(base::Bytes head);
// From any prefix of the file that holds all program headers. Segments may point outside of the
// file: check when reading.
base::Result<std::vector<ElfSegment>> ParseElfSegments(const ElfHeader& header, base::Bytes prefix);

// Reads what a program would see at an address. Borrows both. Thread-compatible.
class ElfMemory {
 public:
  ElfMemory(base::Bytes file, const std::vector<ElfSegment>& segments)
      : file_(file), segments_(segments) {}
  // Exactly `count` bytes, within one loaded segment's part of the file.
  base::Result<base::Bytes> At(uint64_t address, uint64_t count) const;

 private:
  base::Bytes file_;
  const std::vector<ElfSegment>& segments_;
};

}  // namespace scantling::codec
