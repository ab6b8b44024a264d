// The SQLite file format as far as rpm uses it: the table b-tree of the schema (page 1), then that
// of "Packages" (hnum INTEGER PRIMARY KEY, blob BLOB). https://www.sqlite.org/fileformat2.html
//
// No page is read twice, so hostile pointers cannot loop; the tree is walked with an explicit
// stack. Not handled: the write-ahead log (a second file), UTF-16 databases, WITHOUT ROWID tables.
#include "base/reader.h"
#include "codec/rpmdb.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace scantling::codec {
namespace {

constexpr uint64_t kFileHeaderSize = 100;
constexpr uint8_t kInteriorTable = 0x05;
constexpr uint8_t kLeafTable = 0x0d;

// 1 to 9 bytes, seven bits each, the ninth whole.
base::Result<uint64_t> Varint(base::Reader& reader) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    SCANTLING_TRY(const uint8_t byte, reader.Big<uint8_t>());
    value = (value << 7U) | (byte & 0x7fU);
    if (byte < 0x80) {
      return value;
    }
  }
  SCANTLING_TRY(const uint8_t last, reader.Big<uint8_t>());
  return (value << 8U) | last;
}

struct Column {
  uint64_t type = 0;  // the record format's serial type
  base::Bytes bytes;

  bool IsText() const { return type >= 13 && type % 2 == 1; }
  bool IsBlob() const { return type >= 12 && type % 2 == 0; }
  std::string_view Text() const { return IsText() ? base::AsText(bytes) : std::string_view(); }
  std::optional<uint64_t> Unsigned() const {
    if (type == 8 || type == 9) {
      return type - 8;
    }
    if (type == 0 || type > 6) {
      return std::nullopt;
    }
    uint64_t value = 0;
    for (const std::byte byte : bytes) {
      value = (value << 8U) | static_cast<uint64_t>(byte);
    }
    return value;
  }
};

uint64_t ColumnSize(uint64_t type) {
  constexpr uint8_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : (type - 12) / 2;
}

// The first `wanted` columns of a record.
base::Result<std::vector<Column>> Columns(base::Bytes record, size_t wanted) {
  base::Reader whole(record);
  SCANTLING_TRY(const uint64_t header_size, Varint(whole));
  SCANTLING_TRY(const base::Bytes header_bytes, whole.At(0, header_size));
  base::Reader header(header_bytes);
  SCANTLING_DO(header.Seek(whole.offset()));
  SCANTLING_DO(whole.Seek(header_size));
  std::vector<Column> columns;
  while (!header.AtEnd() && columns.size() < wanted) {
    SCANTLING_TRY(const uint64_t type, Varint(header));
    SCANTLING_TRY(const base::Bytes bytes, whole.Take(ColumnSize(type)));
    columns.push_back({.type = type, .bytes = bytes});
  }
  if (columns.size() < wanted) {
    return base::Invalid("a record of " + std::to_string(columns.size()) + " columns");
  }
  return columns;
}

class Sqlite {
 public:
  Sqlite(base::Bytes data, RpmDbSummary& summary)
      : data_(data), summary_(summary), budget_(data.size()) {}

  base::Result<void> Open() {
    base::Reader reader(data_);
    SCANTLING_DO(reader.At(0, kFileHeaderSize));
    SCANTLING_DO(reader.Seek(16));
    SCANTLING_TRY(const uint16_t page_size, reader.Big<uint16_t>());
    page_size_ = page_size == 1 ? 65536 : page_size;
    SCANTLING_DO(reader.Seek(20));
    SCANTLING_TRY(const uint8_t reserved, reader.Big<uint8_t>());
    SCANTLING_DO(reader.Seek(28));
    SCANTLING_TRY(const uint32_t page_count, reader.Big<uint32_t>());
    SCANTLING_DO(reader.Seek(56));
    SCANTLING_TRY(const uint32_t encoding, reader.Big<uint32_t>());
    if (page_size_ < 512 || (page_size_ & (page_size_ - 1)) != 0 || reserved > page_size_ - 480) {
      return base::Invalid("page size " + std::to_string(page_size_));
    }
    if (encoding > 1) {
      return base::Unsupported("text that is not UTF-8");
    }
    usable_ = page_size_ - reserved;
    page_count_ = data_.size() / page_size_;
    if (page_count > page_count_) {
      summary_.AddProblem("the file has " + std::to_string(page_count_) + " pages of " +
                          std::to_string(page_count) +
                          ": it is cut off, and packages may be missing");
    }
    if (page_count_ == 0) {
      return base::Truncated("the first page is cut off");
    }
    return {};
  }

  // Calls visit(record) -> Result<void> for every row; an error of visit ends the walk. Damaged
  // pages are problems.
  template <typename Visit>
  base::Result<void> Walk(uint64_t root, Visit&& visit) {
    seen_.assign(page_count_ + 1, false);
    std::vector<uint64_t> stack = {root};
    while (!stack.empty()) {
      const uint64_t number = stack.back();
      stack.pop_back();
      const std::string where = "page " + std::to_string(number);
      if (!MarkSeen(number)) {
        summary_.AddProblem(where + " is not in the file, or named twice");
        continue;
      }
      std::vector<uint64_t> children;
      std::vector<uint16_t> cells;
      auto kind = PageCells(number, children, cells);
      if (!kind) {
        summary_.AddProblem(where + ": " + kind.error().Message());
        continue;
      }
      stack.insert(stack.end(), children.rbegin(), children.rend());
      for (const uint16_t cell : cells) {
        auto record = Record(number, cell);
        if (!record) {
          summary_.AddProblem(where + ": " + record.error().Message());
          continue;
        }
        SCANTLING_DO(visit(*record));
      }
    }
    return {};
  }

 private:
  bool MarkSeen(uint64_t page) {
    if (page == 0 || page > page_count_ || seen_[page]) {
      return false;
    }
    seen_[page] = true;
    return true;
  }

  base::Bytes Page(uint64_t number) const {
    return data_.subspan((number - 1) * page_size_, page_size_);
  }

  // Interior page: its children. Leaf: the offsets of its cells.
  base::Result<void> PageCells(uint64_t number, std::vector<uint64_t>& children,
                               std::vector<uint16_t>& cells) const {
    const base::Bytes page = Page(number);
    base::Reader reader(page);
    SCANTLING_DO(reader.Seek(number == 1 ? kFileHeaderSize : 0));
    SCANTLING_TRY(const uint8_t type, reader.Big<uint8_t>());
    SCANTLING_DO(reader.Take(2));
    SCANTLING_TRY(const uint16_t count, reader.Big<uint16_t>());
    SCANTLING_DO(reader.Take(3));
    if (type != kInteriorTable && type != kLeafTable) {
      return base::Invalid("type " + std::to_string(type) + " is not a table's");
    }
    uint32_t right = 0;
    if (type == kInteriorTable) {
      SCANTLING_TRY(right, reader.Big<uint32_t>());
    }
    for (uint32_t i = 0; i < count; ++i) {
      SCANTLING_TRY(const uint16_t offset, reader.Big<uint16_t>());
      if (type == kLeafTable) {
        cells.push_back(offset);
        continue;
      }
      base::Reader cell(page);
      SCANTLING_DO(cell.Seek(offset));
      SCANTLING_TRY(const uint32_t child, cell.Big<uint32_t>());
      children.push_back(child);
    }
    if (type == kInteriorTable) {
      children.push_back(right);
    }
    return {};
  }

  // The payload of a leaf cell; it is a view into the file, or into buffer_ when it is scattered
  // over overflow pages.
  base::Result<base::Bytes> Record(uint64_t number, uint16_t offset) {
    base::Reader cell(Page(number).first(usable_));
    SCANTLING_DO(cell.Seek(offset));
    SCANTLING_TRY(const uint64_t size, Varint(cell));
    SCANTLING_TRY(const uint64_t rowid, Varint(cell));
    static_cast<void>(rowid);
    if (size > data_.size()) {
      return base::Invalid("a record of " + std::to_string(size) + " bytes");
    }
    // Records do not overlap; without this, many cells that name one place would multiply the work.
    if (size > budget_) {
      return base::Invalid("its records together are larger than the file");
    }
    budget_ -= size;
    const uint64_t most = usable_ - 35;
    if (size <= most) {
      return cell.Take(size);
    }
    const uint64_t least = (usable_ - 12) * 32 / 255 - 23;
    const uint64_t fitted = least + (size - least) % (usable_ - 4);
    SCANTLING_TRY(const base::Bytes local, cell.Take(fitted <= most ? fitted : least));
    SCANTLING_TRY(uint64_t next, cell.Big<uint32_t>());
    buffer_.assign(local.begin(), local.end());
    while (buffer_.size() < size) {
      if (!MarkSeen(next)) {
        return base::Invalid("an overflow chain breaks off after " +
                             std::to_string(buffer_.size()) + " of " + std::to_string(size) +
                             " bytes");
      }
      base::Reader page(Page(next).first(usable_));
      SCANTLING_TRY(next, page.Big<uint32_t>());
      SCANTLING_TRY(const base::Bytes part,
                    page.Take(std::min<uint64_t>(page.remaining(), size - buffer_.size())));
      buffer_.insert(buffer_.end(), part.begin(), part.end());
    }
    return base::Bytes(buffer_);
  }

  base::Bytes data_;
  RpmDbSummary& summary_;
  uint64_t budget_;  // bytes of records still to come
  uint64_t page_size_ = 0;
  uint64_t usable_ = 0;
  uint64_t page_count_ = 0;
  std::vector<bool> seen_;
  std::vector<std::byte> buffer_;
};

}  // namespace

base::Result<void> ReadRpmSqlite(base::Bytes data, const base::Limits& limits,
                                 RpmDbSummary& summary, const RpmDbVisit& visit) {
  Sqlite database(data, summary);
  SCANTLING_DO(database.Open());
  uint64_t root = 0;
  SCANTLING_DO(database.Walk(1, [&](base::Bytes record) -> base::Result<void> {
    auto columns = Columns(record, 4);  // type, name, tbl_name, rootpage
    if (!columns) {
      summary.AddProblem("schema: " + columns.error().Message());
    } else if ((*columns)[0].Text() == "table" && (*columns)[1].Text() == "Packages") {
      root = (*columns)[3].Unsigned().value_or(0);
    }
    return {};
  }));
  if (root == 0) {
    return base::Invalid("no table Packages");
  }
  return database.Walk(root, [&](base::Bytes record) -> base::Result<void> {
    if (summary.headers >= limits.components) {
      return base::LimitMet("limit components");
    }
    auto columns = Columns(record, 2);  // hnum, blob
    if (!columns || !(*columns)[1].IsBlob()) {
      summary.AddProblem("a row of Packages: " + (columns ? "no blob" : columns.error().Message()));
      return {};
    }
    ++summary.headers;
    visit((*columns)[1].bytes);
    return {};
  });
}

}  // namespace scantling::codec
