#include "advisory/pages.h"

#include "advisory/hash.h"

#include <string>

namespace scantling::advisory {
namespace {

base::Error Damaged(std::string what) {
  return {base::ErrorCode::kMismatch, "the advisory database is damaged: " + std::move(what)};
}

}  // namespace

base::Result<Pages> Pages::Open(base::Bytes file) {
  using format::Load;
  if (file.size() < format::kMagic.size() ||
      base::AsText(file.first(format::kMagic.size())) != format::kMagic) {
    return base::Invalid("not an advisory database (made by `scantling db build`)");
  }
  if (file.size() < format::kPageSize) {
    return base::Truncated("the advisory database ends inside of its header");
  }
  const auto version = Load<uint32_t>(file.data() + format::kVersionAt);
  if (version != format::kFormatVersion) {
    return base::Unsupported("the advisory database has format " + std::to_string(version) +
                             ", this program reads " + std::to_string(format::kFormatVersion) +
                             "; build it again");
  }
  if (Load<uint64_t>(file.data() + format::kHeaderHashAt) !=
      HashOf(file.first(format::kHeaderHashAt))) {
    return Damaged("its header does not match its checksum");
  }
  if (Load<uint32_t>(file.data() + format::kPageSizeAt) != format::kPageSize) {
    return base::Unsupported("the advisory database has another page size");
  }
  const auto file_size = Load<uint64_t>(file.data() + format::kFileSizeAt);
  if (file_size != file.size()) {
    return base::Truncated("the advisory database has " + std::to_string(file.size()) +
                           " bytes, its header says " + std::to_string(file_size));
  }
  Pages out;
  out.file_ = file;
  std::memcpy(out.digest_.bytes.data(), file.data() + format::kDigestAt, out.digest_.bytes.size());
  for (uint32_t i = 0; i < format::kSectionCount; ++i) {
    const std::byte* place = file.data() + format::kSectionsAt + i * sizeof(format::SectionRow);
    const auto row = Load<format::SectionRow>(place);
    if (row.offset % format::kPageSize != 0 || row.offset < format::kPageSize ||
        row.offset > file.size() || row.size > file.size() - row.offset) {
      return Damaged("section " + std::to_string(i) + " is outside of the file");
    }
    out.sections_[i] = row;
  }
  const format::SectionRow& sums = out.sections_[format::kChecksums];
  out.page_count_ = sums.offset / format::kPageSize;
  for (uint32_t i = 0; i < format::kChecksums; ++i) {
    if (out.sections_[i].offset + out.sections_[i].size > sums.offset) {
      return Damaged("section " + std::to_string(i) + " reaches into the checksums");
    }
  }
  if (sums.size != (out.page_count_ - 1) * 8 || sums.offset + sums.size != file.size()) {
    return Damaged("its checksums do not cover its pages");
  }
  out.checksums_ = file.subspan(sums.offset, sums.size);
  if (Load<uint64_t>(file.data() + format::kChecksumsHashAt) != HashOf(out.checksums_)) {
    return Damaged("its list of checksums does not match its own");
  }
  out.verified_ = std::make_unique<std::atomic<uint8_t>[]>(out.page_count_ + 1);
  return out;
}

base::Error Pages::OutOfRange(format::Section section, uint64_t offset, uint64_t size) {
  return Damaged("section " + std::to_string(section) + " has no bytes " + std::to_string(offset) +
                 "+" + std::to_string(size));
}

base::Result<void> Pages::VerifyPage(uint64_t page) const {
  if (page == 0 || page >= page_count_) {
    return Damaged("no such page");
  }
  const base::Bytes bytes =
      file_.subspan(static_cast<size_t>(page * format::kPageSize), format::kPageSize);
  if (HashOf(bytes) != format::Load<uint64_t>(checksums_.data() + (page - 1) * 8)) {
    return Damaged("page " + std::to_string(page) + " does not match its checksum");
  }
  verified_[page].store(1, std::memory_order_relaxed);
  return {};
}

base::Result<void> Pages::VerifyAll() const {
  for (uint64_t page = 1; page < page_count_; ++page) {
    SCANTLING_DO(VerifyPage(page));
  }
  if (base::Sha256Of(file_.subspan(format::kPageSize)) != digest_) {
    return Damaged("its content does not match its digest");
  }
  return {};
}

}  // namespace scantling::advisory
