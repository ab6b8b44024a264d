// Berkeley DB hash, either byte order. Page 0 is the hash's meta page (page size, last page). Every
// hash page holds pairs of key (the header's number) and value (the header): inline, or, as a rule,
// a chain of overflow pages. Buckets do not matter to someone who wants all pairs: all hash pages
// are read in file order, and an overflow chain is followed at most once.
#include "base/reader.h"
#include "codec/rpmdb.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace scantling::codec {
namespace {

constexpr uint64_t kPageHeaderSize = 26;
constexpr uint8_t kTypeHashUnsorted = 2;
constexpr uint8_t kTypeOverflow = 7;
constexpr uint8_t kTypeHashMeta = 8;
constexpr uint8_t kTypeHash = 13;
constexpr uint8_t kItemInline = 1;
constexpr uint8_t kItemOffPage = 3;
constexpr uint64_t kOffPageSize = 12;                 // type, 3 unused, page, length
constexpr uint64_t kMaxHeader = uint64_t{257} << 20;  // rpm's limit of a header, and its index

struct PageHeader {
  uint32_t next = 0;
  uint16_t entries = 0;
  uint16_t free_offset = 0;  // overflow: bytes of data on the page
  uint8_t type = 0;
};

class BerkeleyDb {
 public:
  BerkeleyDb(base::Bytes data, const base::Limits& limits, RpmDbSummary& summary,
             const RpmDbVisit& visit)
      : data_(data), limits_(limits), summary_(summary), visit_(visit) {}

  base::Result<void> Read() {
    SCANTLING_DO(ReadMeta());
    followed_.assign(page_count_, false);
    for (uint32_t page = 1; page < page_count_; ++page) {
      const auto header = Header(page);
      if (!header) {
        continue;
      }
      if (header->type == kTypeHash || header->type == kTypeHashUnsorted) {
        SCANTLING_DO(HashPage(page, *header));
      }
    }
    return {};
  }

 private:
  // Requires: the range was checked.
  template <typename T>
  T Get(uint64_t offset) const {
    T value;
    std::memcpy(&value, data_.data() + offset, sizeof(T));
    return big_endian_ == (std::endian::native == std::endian::big) ? value : std::byteswap(value);
  }

  base::Result<void> ReadMeta() {
    constexpr uint64_t kMetaSize = 72;
    constexpr uint32_t kHashMagic = 0x061561;
    if (data_.size() < kMetaSize) {
      return base::Truncated("the meta page is cut off");
    }
    big_endian_ = Get<uint32_t>(12) != kHashMagic;
    const uint32_t page_size = Get<uint32_t>(20);
    const uint8_t encryption = Get<uint8_t>(24);
    const uint8_t type = Get<uint8_t>(25);
    const uint32_t last_page = Get<uint32_t>(32);
    if (encryption != 0) {
      return base::Unsupported("encrypted");
    }
    if (type != kTypeHashMeta || page_size < 512 || page_size > 65536 ||
        (page_size & (page_size - 1)) != 0) {
      return base::Invalid("the meta page is not that of a hash");
    }
    page_size_ = page_size;
    const uint64_t pages = data_.size() / page_size_;
    if (pages < uint64_t{last_page} + 1) {
      summary_.AddProblem("the file has " + std::to_string(pages) + " pages of " +
                          std::to_string(uint64_t{last_page} + 1) +
                          ": it is cut off, and packages may be missing");
    }
    page_count_ = static_cast<uint32_t>(std::min<uint64_t>(pages, uint64_t{last_page} + 1));
    return {};
  }

  std::optional<PageHeader> Header(uint32_t page) const {
    if (page >= page_count_) {
      return std::nullopt;
    }
    const uint64_t at = uint64_t{page} * page_size_;
    return PageHeader{.next = Get<uint32_t>(at + 16),
                      .entries = Get<uint16_t>(at + 20),
                      .free_offset = Get<uint16_t>(at + 22),
                      .type = Get<uint8_t>(at + 25)};
  }

  base::Result<void> HashPage(uint32_t page, const PageHeader& header) {
    const uint64_t start = uint64_t{page} * page_size_;
    const std::string where = "page " + std::to_string(page);
    if (header.entries % 2 != 0 ||
        kPageHeaderSize + header.entries * sizeof(uint16_t) > page_size_) {
      summary_.AddProblem(where + ": impossible number of entries");
      return {};
    }
    // Items grow down from the page's end, so an item ends where the one before it starts.
    uint64_t end = page_size_;
    base::Bytes key;
    for (uint32_t i = 0; i < header.entries; ++i) {
      const uint64_t at = Get<uint16_t>(start + kPageHeaderSize + i * sizeof(uint16_t));
      if (at < kPageHeaderSize || at >= end) {
        summary_.AddProblem(where + ": entry " + std::to_string(i) + " lies outside of the page");
        return {};
      }
      const base::Bytes item = data_.subspan(start + at, end - at);
      end = at;
      if (i % 2 == 0) {
        key = item;
      } else {
        SCANTLING_DO(Pair(where, key, item));
      }
    }
    return {};
  }

  base::Result<void> Pair(const std::string& where, base::Bytes key, base::Bytes value) {
    if (std::ranges::all_of(key.subspan(1), [](std::byte b) { return b == std::byte{0}; })) {
      return {};  // key 0 holds the last number given, not a header
    }
    if (summary_.headers >= limits_.components) {
      return base::LimitMet("limit components");
    }
    const auto type = static_cast<uint8_t>(value[0]);
    if (type == kItemInline) {
      Emit(value.subspan(1));
    } else if (type == kItemOffPage && value.size() >= kOffPageSize) {
      const auto at = static_cast<uint64_t>(value.data() - data_.data());
      Overflow(where, Get<uint32_t>(at + 4), Get<uint32_t>(at + 8));
    } else {
      summary_.AddProblem(where + ": an item of unknown type " + std::to_string(type));
    }
    return {};
  }

  void Overflow(const std::string& where, uint32_t page, uint32_t size) {
    const std::string named = where + ", overflow page " + std::to_string(page);
    if (size > std::min<uint64_t>(kMaxHeader, data_.size())) {
      summary_.AddProblem(named + ": a value of " + std::to_string(size) + " bytes");
      return;
    }
    value_.clear();
    while (value_.size() < size) {
      const auto header = Header(page);
      if (page == 0 || !header || header->type != kTypeOverflow || followed_[page] ||
          header->free_offset > page_size_ - kPageHeaderSize || header->free_offset == 0) {
        summary_.AddProblem(named + ": the chain breaks off after " +
                            std::to_string(value_.size()) + " of " + std::to_string(size) +
                            " bytes");
        return;
      }
      followed_[page] = true;
      const base::Bytes part =
          data_.subspan(uint64_t{page} * page_size_ + kPageHeaderSize,
                        std::min<uint64_t>(header->free_offset, size - value_.size()));
      value_.insert(value_.end(), part.begin(), part.end());
      page = header->next;
    }
    Emit(value_);
  }

  void Emit(base::Bytes header) {
    ++summary_.headers;
    visit_(header);
  }

  base::Bytes data_;
  const base::Limits& limits_;
  RpmDbSummary& summary_;
  const RpmDbVisit& visit_;
  bool big_endian_ = false;
  uint64_t page_size_ = 0;
  uint32_t page_count_ = 0;
  std::vector<bool> followed_;
  std::vector<std::byte> value_;
};

}  // namespace

base::Result<void> ReadRpmBerkeleyDb(base::Bytes data, const base::Limits& limits,
                                     RpmDbSummary& summary, const RpmDbVisit& visit) {
  return BerkeleyDb(data, limits, summary, visit).Read();
}

}  // namespace scantling::codec
