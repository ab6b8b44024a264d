// Writing and reading the bytes of a backup file.
#include "store/backup_format.h"

#include "base/reader.h"
#include "codec/compress.h"

#include <bit>
#include <cstring>
#include <optional>

namespace scantling::store {
namespace {

constexpr std::string_view kMagic = "scantling-backup 1\n";
constexpr size_t kBlock = size_t{1} << 20;        // a block is closed above that
constexpr uint64_t kLargest = uint64_t{1} << 30;  // of a block: what one value of SQLite may have
constexpr uint64_t kColumns = 1000;

void AppendNumber(std::string& out, uint64_t number, int bytes = 8) {
  for (int i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>(number >> static_cast<unsigned>(8 * i)));
  }
}

void AppendText(std::string& out, std::string_view text) {
  AppendNumber(out, text.size());
  out.append(text);
}

base::Result<std::string_view> TakeText(base::Reader& reader) {
  SCANTLING_TRY(const auto size, reader.Little<uint64_t>());
  SCANTLING_TRY(const base::Bytes bytes, reader.Take(size));
  return base::AsText(bytes);
}

base::Result<Value> TakeValue(base::Reader& reader) {
  SCANTLING_TRY(const auto tag, reader.Little<uint8_t>());
  switch (tag) {
    case 0:
      return Value(std::monostate());
    case 1: {
      SCANTLING_TRY(const auto number, reader.Little<int64_t>());
      return Value(number);
    }
    case 2: {
      SCANTLING_TRY(const auto bits, reader.Little<uint64_t>());
      return Value(std::bit_cast<double>(bits));
    }
    case 3: {
      SCANTLING_TRY(const std::string_view text, TakeText(reader));
      return Value(text);
    }
    case 4: {
      SCANTLING_TRY(const std::string_view bytes, TakeText(reader));
      return Value(base::AsBytes(bytes));
    }
    default:
      return base::Invalid("a value with the unknown tag " + std::to_string(tag));
  }
}

// Of the blocks up to the one with size 0, unpacked; false: that one was it.
base::Result<std::optional<std::string>> NextBlock(base::Reader& reader) {
  SCANTLING_TRY(const auto size, reader.Little<uint32_t>());
  if (size == 0) {
    return std::optional<std::string>();
  }
  SCANTLING_TRY(const base::Bytes packed, reader.Take(size));
  SCANTLING_TRY(std::string block, codec::Decompress(codec::Compression::kZstd, packed, kLargest));
  return std::optional<std::string>(std::move(block));
}

}  // namespace

base::Result<void> BackupWriter::Emit(std::string_view bytes) {
  hash_.Update(base::AsBytes(bytes));
  return sink_(base::AsBytes(bytes));
}

base::Result<void> BackupWriter::Flush() {
  if (block_.empty()) {
    return {};
  }
  if (block_.size() > kLargest) {
    return base::LimitMet("a row of more than 1 GB cannot be put in a backup");
  }
  const std::string packed = codec::Compress(codec::Compression::kZstd, base::AsBytes(block_));
  block_.clear();
  std::string size;
  AppendNumber(size, packed.size(), 4);
  SCANTLING_DO(Emit(size));
  return Emit(packed);
}

base::Result<void> BackupWriter::Begin(int64_t schema_version) {
  SCANTLING_DO(Emit(kMagic));
  block_.push_back('S');
  AppendNumber(block_, static_cast<uint64_t>(schema_version));
  return Flush();  // so that the version is known from a small block
}

base::Result<void> BackupWriter::Table(std::string_view name,
                                       const std::vector<std::string>& columns) {
  block_.push_back('T');
  AppendText(block_, name);
  AppendNumber(block_, columns.size());
  for (const std::string& column : columns) {
    AppendText(block_, column);
  }
  return {};
}

base::Result<void> BackupWriter::AddRow(const Row& row) {
  ++rows_;
  block_.push_back('R');
  for (int column = 0; column < row.Columns(); ++column) {
    const Value value = row.Get(column);
    block_.push_back(static_cast<char>(value.index()));
    if (const auto* number = std::get_if<int64_t>(&value)) {
      AppendNumber(block_, static_cast<uint64_t>(*number));
    } else if (const auto* real = std::get_if<double>(&value)) {
      AppendNumber(block_, std::bit_cast<uint64_t>(*real));
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      AppendText(block_, *text);
    } else if (const auto* bytes = std::get_if<base::Bytes>(&value)) {
      AppendText(block_, base::AsText(*bytes));
    }
  }
  return block_.size() < kBlock ? base::Result<void>() : Flush();
}

base::Result<void> BackupWriter::End() {
  block_.push_back('E');
  AppendNumber(block_, rows_);
  SCANTLING_DO(Flush());
  std::string end;
  AppendNumber(end, 0, 4);
  SCANTLING_DO(Emit(end));
  return sink_(hash_.Finish().bytes);
}

base::Result<void> BackupRecords::Read(base::Bytes block, BackupVisitor* maybe_visitor) {
  base::Reader reader(block);
  std::vector<Value> values;
  std::vector<std::string_view> names;
  while (!reader.AtEnd()) {
    SCANTLING_TRY(const auto tag, reader.Little<char>());
    if (ended_ || (tag == 'S') != (schema_version_ == 0)) {
      return base::Invalid("records in the wrong order");
    }
    if (tag == 'S') {
      SCANTLING_TRY(schema_version_, reader.Little<int64_t>());
      if (schema_version_ <= 0) {
        return base::Invalid("the schema version " + std::to_string(schema_version_));
      }
    } else if (tag == 'T') {
      SCANTLING_TRY(const std::string_view name, TakeText(reader));
      SCANTLING_TRY(const auto count, reader.Little<uint64_t>());
      if (count == 0 || count > kColumns) {
        return base::Invalid("a table with " + std::to_string(count) + " columns");
      }
      columns_ = static_cast<size_t>(count);
      ++tables_;
      names.clear();
      for (size_t i = 0; i < columns_; ++i) {
        SCANTLING_TRY(const std::string_view column, TakeText(reader));
        names.push_back(column);
      }
      if (maybe_visitor != nullptr) {
        SCANTLING_DO(maybe_visitor->Table(name, names));
      }
    } else if (tag == 'R' && columns_ > 0) {
      values.clear();
      for (size_t i = 0; i < columns_; ++i) {
        SCANTLING_TRY(const Value value, TakeValue(reader));
        values.push_back(value);
      }
      ++rows_;
      if (maybe_visitor != nullptr) {
        SCANTLING_DO(maybe_visitor->AddRow(values));
      }
    } else if (tag == 'E') {
      SCANTLING_TRY(const auto rows, reader.Little<uint64_t>());
      if (rows != rows_) {
        return base::Invalid("the end tells of " + std::to_string(rows) + " rows after " +
                             std::to_string(rows_));
      }
      ended_ = true;
    } else {
      return base::Invalid("a record with an unknown tag");
    }
  }
  return maybe_visitor == nullptr ? base::Result<void>() : maybe_visitor->EndOfBlock();
}

base::Result<BackupFile> BackupFile::Open(base::Bytes file) {
  if (!base::AsText(file).starts_with(kMagic)) {
    return base::Invalid("not a backup of this program");
  }
  constexpr size_t kSum = 32;
  if (file.size() < kMagic.size() + kSum) {
    return base::Truncated("the file ends early");
  }
  const base::Bytes summed = file.first(file.size() - kSum);
  const base::Digest digest = base::Sha256Of(summed);
  if (std::memcmp(digest.bytes.data(), file.last(kSum).data(), kSum) != 0) {
    return base::Error(base::ErrorCode::kMismatch,
                       "the checksum is not that of the content: the file was cut or changed");
  }
  BackupFile out;
  out.blocks_ = summed.subspan(kMagic.size());
  base::Reader reader(out.blocks_);
  SCANTLING_TRY(const auto first, NextBlock(reader));
  BackupRecords records;
  if (first.has_value()) {
    SCANTLING_DO(records.Read(base::AsBytes(*first), nullptr));
  }
  out.schema_version_ = records.schema_version();
  if (out.schema_version_ == 0) {
    return base::Invalid("the backup does not begin with its schema version");
  }
  return out;
}

base::Result<BackupRecords> BackupFile::Read(BackupVisitor* maybe_visitor) const {
  base::Reader reader(blocks_);
  BackupRecords records;
  for (;;) {
    SCANTLING_TRY(const auto block, NextBlock(reader));
    if (!block.has_value()) {
      break;
    }
    SCANTLING_DO(records.Read(base::AsBytes(*block), maybe_visitor));
  }
  if (!records.ended() || !reader.AtEnd()) {
    return base::Truncated("the backup has no end");
  }
  return records;
}

}  // namespace scantling::store
