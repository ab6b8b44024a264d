// A database file's bytes, handed out only after the checksums of the pages that hold them were
// verified. A page is verified once, by whoever touches it first; that two threads may do so at the
// same time is harmless. Thread-safe.
#pragma once

#include "advisory/format.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"

#include <array>
#include <atomic>
#include <memory>

namespace scantling::advisory {

class Pages {
 public:
  // Checks the header, the section table and the checksum section; borrows the bytes.
  static base::Result<Pages> Open(base::Bytes file);

  const base::Digest& digest() const { return digest_; }
  uint64_t SizeOf(format::Section section) const { return sections_[section].size; }
  // The verified bytes [offset, offset + size) of a section.
  base::Result<base::Bytes> Get(format::Section section, uint64_t offset, uint64_t size) const {
    const format::SectionRow& row = sections_[section];
    if (offset > row.size || size > row.size - offset) [[unlikely]] {
      return OutOfRange(section, offset, size);
    }
    const uint64_t at = row.offset + offset;
    const uint64_t last = (at + (size == 0 ? 0 : size - 1)) / format::kPageSize;
    for (uint64_t page = at / format::kPageSize; page <= last && size != 0; ++page) {
      if (verified_[page].load(std::memory_order_relaxed) == 0) [[unlikely]] {
        SCANTLING_DO(VerifyPage(page));
      }
    }
    return file_.subspan(static_cast<size_t>(at), static_cast<size_t>(size));
  }
  // Every page, and the digest over all.
  base::Result<void> VerifyAll() const;

 private:
  static base::Error OutOfRange(format::Section section, uint64_t offset, uint64_t size);
  base::Result<void> VerifyPage(uint64_t page) const;

  base::Bytes file_;
  base::Bytes checksums_;
  base::Digest digest_;
  std::array<format::SectionRow, format::kSectionCount> sections_{};
  uint64_t page_count_ = 0;  // with page 0, without the checksum section's
  std::unique_ptr<std::atomic<uint8_t>[]> verified_;
};

}  // namespace scantling::advisory
