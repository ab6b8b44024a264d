// ndb, little-endian: a header of 32 bytes, then slots of 16 bytes up to the end of the slot pages
// (4096 bytes each); a slot in use names a blob, in blocks of 16 bytes. A blob: "BlbS", package
// index, generation, length; the header; padding; Adler-32 of what stands before, length, "BlbE".
// The checksum is verified: a flipped bit is a problem, not another version.
#include "base/reader.h"
#include "codec/rpmdb.h"

#include <algorithm>
#include <string>

namespace scantling::codec {
namespace {

constexpr uint32_t kSlotMagic = 0x746f6c53;       // "Slot"
constexpr uint32_t kBlobStartMagic = 0x53626c42;  // "BlbS"
constexpr uint32_t kBlobEndMagic = 0x45626c42;    // "BlbE"
constexpr uint64_t kPageSize = 4096;
constexpr uint64_t kBlockSize = 16;
constexpr uint64_t kHeadSize = 16;
constexpr uint64_t kTailSize = 12;
constexpr uint64_t kSlotSize = 16;
constexpr uint64_t kSlotStart = 32;

uint32_t Adler32(base::Bytes bytes) {
  constexpr uint32_t kModulus = 65521;
  constexpr size_t kRun = 5552;  // the longest run whose sums fit in 32 bits
  uint32_t a = 1;
  uint32_t b = 0;
  while (!bytes.empty()) {
    const size_t run = std::min(bytes.size(), kRun);
    for (const std::byte value : bytes.first(run)) {
      a += static_cast<uint32_t>(value);
      b += a;
    }
    a %= kModulus;
    b %= kModulus;
    bytes = bytes.subspan(run);
  }
  return (b << 16U) | a;
}

struct Slot {
  uint32_t package = 0;
  uint32_t block = 0;
  uint32_t blocks = 0;
};

base::Result<base::Bytes> ReadBlob(base::Bytes data, const Slot& slot) {
  const uint64_t size = slot.blocks * kBlockSize;
  base::Reader whole(data);
  SCANTLING_TRY(const base::Bytes blob, whole.At(slot.block * kBlockSize, size));
  base::Reader head(blob);
  SCANTLING_TRY(const uint32_t magic, head.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t package, head.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t generation, head.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t length, head.Little<uint32_t>());
  static_cast<void>(generation);
  if (magic != kBlobStartMagic || package != slot.package || length == 0 ||
      kHeadSize + kTailSize > size || length > size - kHeadSize - kTailSize) {
    return base::Invalid("its blob's head does not fit its slot");
  }
  base::Reader tail(blob.last(kTailSize));
  SCANTLING_TRY(const uint32_t checksum, tail.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t tail_length, tail.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t tail_magic, tail.Little<uint32_t>());
  if (tail_magic != kBlobEndMagic || tail_length != length) {
    return base::Invalid("its blob's tail does not fit its head");
  }
  if (Adler32(blob.first(size - kTailSize)) != checksum) {
    return base::Error(base::ErrorCode::kMismatch, "its blob's checksum is wrong");
  }
  return blob.subspan(kHeadSize, length);
}

}  // namespace

base::Result<void> ReadRpmNdb(base::Bytes data, const base::Limits& limits, RpmDbSummary& summary,
                              const RpmDbVisit& visit) {
  base::Reader reader(data);
  SCANTLING_TRY(const uint32_t magic, reader.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t version, reader.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t generation, reader.Little<uint32_t>());
  SCANTLING_TRY(const uint32_t slot_pages, reader.Little<uint32_t>());
  static_cast<void>(magic);
  static_cast<void>(generation);
  if (version != 0) {
    return base::Unsupported("ndb version " + std::to_string(version));
  }
  uint64_t slots_end = slot_pages * kPageSize;
  if (slots_end > data.size()) {
    summary.AddProblem(
        "the slot pages end behind the file's end: it may be cut off, and packages missing");
    slots_end = data.size();
  }
  uint64_t budget = data.size();
  SCANTLING_DO(reader.Seek(kSlotStart));
  while (reader.offset() + kSlotSize <= slots_end) {
    const uint64_t offset = reader.offset();
    Slot slot;
    SCANTLING_TRY(const uint32_t slot_magic, reader.Little<uint32_t>());
    SCANTLING_TRY(slot.package, reader.Little<uint32_t>());
    SCANTLING_TRY(slot.block, reader.Little<uint32_t>());
    SCANTLING_TRY(slot.blocks, reader.Little<uint32_t>());
    if (slot_magic != kSlotMagic) {
      summary.AddProblem("the slot at offset " + std::to_string(offset) + " has no magic");
      continue;
    }
    if (slot.package == 0) {
      continue;  // free
    }
    if (summary.headers >= limits.components) {
      return base::LimitMet("limit components");
    }
    // Blobs do not overlap; without this, many slots that name one blob would multiply the work.
    const uint64_t size = std::min<uint64_t>(slot.blocks * kBlockSize, data.size());
    if (size > budget) {
      summary.AddProblem("package " + std::to_string(slot.package) +
                         ": the blobs together are larger than the file");
      continue;
    }
    budget -= size;
    auto blob = ReadBlob(data, slot);
    if (!blob) {
      summary.AddProblem("package " + std::to_string(slot.package) + ": " + blob.error().Message());
      continue;
    }
    ++summary.headers;
    visit(*blob);
  }
  return {};
}

}  // namespace scantling::codec
