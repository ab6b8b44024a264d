// The bytes of a backup file (backup.h), without any database: rows in, blocks out, and back.
//
// "scantling-backup 1\n"; then blocks, each a u32 (little-endian) of its size and that many bytes
// of zstd; a size of 0; the SHA-256 of all before it. A block holds whole records, a record is a
// tag and its fields; numbers are eight bytes, little-endian; texts and bytes have their size
// before them:
//   'S' version            the schema; first
//   'T' name columns name* a table, whose rows follow
//   'R' value*             a row, as many values as the table has columns; a value is a tag (0
//   null,
//                          1 number, 2 double, 3 text, 4 bytes) and its content
//   'E' rows               the end, with the number of rows
// Not handled: reading a part; a damaged file is refused whole. Inside the room only (and its fuzz
// target). Single thread.
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "store/store.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::store {

class BackupWriter {
 public:
  using Sink = std::function<base::Result<void>(base::Bytes)>;
  explicit BackupWriter(Sink sink) : sink_(std::move(sink)) {}

  base::Result<void> Begin(int64_t schema_version);
  base::Result<void> Table(std::string_view name, const std::vector<std::string>& columns);
  base::Result<void> AddRow(const Row& row);
  base::Result<void> End();
  uint64_t rows() const { return rows_; }

 private:
  base::Result<void> Emit(std::string_view bytes);
  base::Result<void> Flush();

  Sink sink_;
  base::Sha256 hash_;
  std::string block_;
  uint64_t rows_ = 0;
};

// What is read, in the order of the file.
class BackupVisitor {
 public:
  virtual ~BackupVisitor() = default;
  virtual base::Result<void> Table(std::string_view name,
                                   std::span<const std::string_view> columns) = 0;
  // Views live until EndOfBlock() returns.
  virtual base::Result<void> AddRow(std::span<const Value> values) = 0;
  virtual base::Result<void> EndOfBlock() = 0;
};

// The records of blocks that were unpacked, one after the other.
class BackupRecords {
 public:
  // A null visitor: the records are only checked.
  base::Result<void> Read(base::Bytes block, BackupVisitor* maybe_visitor);
  int64_t schema_version() const { return schema_version_; }  // 0 before its record
  bool ended() const { return ended_; }
  uint64_t tables() const { return tables_; }
  uint64_t rows() const { return rows_; }

 private:
  int64_t schema_version_ = 0;
  size_t columns_ = 0;  // of the table under way
  uint64_t tables_ = 0;
  uint64_t rows_ = 0;
  bool ended_ = false;
};

// A file whose checksum is right. Borrows its bytes.
class BackupFile {
 public:
  static base::Result<BackupFile> Open(base::Bytes file);
  int64_t schema_version() const { return schema_version_; }
  // All of it; how many tables and rows there were.
  base::Result<BackupRecords> Read(BackupVisitor* maybe_visitor) const;

 private:
  base::Bytes blocks_;
  int64_t schema_version_ = 0;
};

}  // namespace scantling::store
