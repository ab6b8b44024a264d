// The database file's layout: docs/formats/advisory-database.md. Writer and reader share these
// numbers and nothing else. Everything is little-endian. Change kFormatVersion whenever a byte
// changes its meaning.
#pragma once

#include "base/bytes.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace scantling::advisory::format {

static_assert(std::endian::native == std::endian::little, "the file is mapped as it is");

inline constexpr std::string_view kMagic = "SCNTLDB\n";
inline constexpr uint32_t kFormatVersion = 1;
inline constexpr uint32_t kPageSize = 16'384;

// Header, page 0.
inline constexpr size_t kVersionAt = 8;
inline constexpr size_t kPageSizeAt = 12;
inline constexpr size_t kFileSizeAt = 16;
inline constexpr size_t kDigestAt = 24;         // SHA-256 of everything after page 0
inline constexpr size_t kChecksumsHashAt = 56;  // XXH3-64 of the checksum section
inline constexpr size_t kSectionsAt = 64;
inline constexpr size_t kHeaderHashAt = kPageSize - 8;  // XXH3-64 of the bytes before it

// Sections in file order, each from the start of a page; kChecksums is last and ends the file.
enum Section : uint32_t {
  kMeta,             // sources, namespaces, small strings, end-of-life dates
  kPackages,         // PackageRow, sorted by (namespace, name)
  kPackageHash,      // HashSlot
  kStatements,       // one blob for each package
  kVulnerabilities,  // u64 offset of each blob, and the end
  kVulnerabilityBlobs,
  kIdHash,       // HashSlot
  kReverse,      // u32 start of each vulnerability's list, and the end
  kReverseRows,  // u32 package row
  kChecksums,    // u64 XXH3-64 of each page from page 1 on, but for this section's own
  kSectionCount,
};

struct SectionRow {
  uint64_t offset = 0;
  uint64_t size = 0;
};
static_assert(kSectionsAt + kSectionCount * sizeof(SectionRow) <= kHeaderHashAt);

struct PackageRow {
  uint64_t offset = 0;  // in kStatements
  uint32_t size = 0;
  uint32_t name_space = 0;
};
static_assert(sizeof(PackageRow) == 16);

// Open addressing, linear probing, a power of two of slots, at most half full.
struct HashSlot {
  uint32_t high = 0;        // upper half of the key's XXH3-64; the lower half picks the slot
  uint32_t row_plus_1 = 0;  // 0 = free
};
static_assert(sizeof(HashSlot) == 8);

// A package's blob: this, the name (padded to 4), StatementRow[], IntervalRow[], u32 imports[],
// pool.
struct BlobHeader {
  uint32_t name_size = 0;
  uint32_t statements = 0;
  uint32_t intervals = 0;
  uint32_t imports = 0;
  uint32_t pool_size = 0;
  uint32_t zero = 0;
};
static_assert(sizeof(BlobHeader) == 24);

struct StatementRow {
  uint32_t vulnerability = 0;
  uint32_t advisory = 0;  // pool
  uint32_t first_interval = 0;
  uint32_t first_import = 0;
  uint32_t published_day = 0;  // days since 1970; 0 unknown
  uint16_t interval_count = 0;
  uint16_t import_count = 0;
  uint16_t note = 0;  // small strings
  uint16_t module = 0;
  uint16_t architecture = 0;
  uint8_t source = 0;
  uint8_t state_and_level = 0;  // state | level << 4
};
static_assert(sizeof(StatementRow) == 32);

struct IntervalRow {  // pool
  uint32_t introduced = 0;
  uint32_t fixed = 0;
  uint32_t last_affected = 0;
};
static_assert(sizeof(IntervalRow) == 12);

// A pool string is u16 size and bytes; offset 0 is "".

template <typename T>
T Load(const std::byte* place) {
  T value;
  std::memcpy(&value, place, sizeof(T));
  return value;
}

constexpr uint64_t Pad(uint64_t size, uint64_t unit) { return (size + unit - 1) / unit * unit; }

}  // namespace scantling::advisory::format
