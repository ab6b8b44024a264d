// See tar.h. A state machine over 512-byte blocks; data bytes do not go through the block buffer.
#include "codec/tar.h"

#include "base/strings.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace scantling::codec {
namespace {

constexpr uint64_t kMaxMetaBytes = uint64_t{8} << 20;  // one pax header or long name
constexpr size_t kMaxExtents = 1 << 20;
constexpr uint64_t kMaxSize = uint64_t{1} << 62;

std::string_view TextField(base::Bytes block, size_t offset, size_t size) {
  std::string_view text = base::AsText(block.subspan(offset, size));
  return text.substr(0, text.find('\0'));
}

bool IsZero(base::Bytes block) {
  return std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{0}; });
}

base::Result<void> CheckSum(base::Bytes block) {
  constexpr size_t kAt = 148;
  constexpr size_t kSize = 8;
  auto stored = ParseTarNumber(block.subspan(kAt, kSize));
  uint64_t plain = 0;
  int64_t with_sign = 0;  // some old programs summed signed characters
  for (size_t i = 0; i < block.size(); ++i) {
    const std::byte b = i >= kAt && i < kAt + kSize ? std::byte{' '} : block[i];
    plain += std::to_integer<uint64_t>(b);
    with_sign += static_cast<signed char>(b);
  }
  if (!stored || (*stored != plain && static_cast<int64_t>(*stored) != with_sign)) {
    return base::Invalid("not a tar header: its checksum is wrong");
  }
  return {};
}

std::string_view Value(const std::map<std::string, std::string, std::less<>>& values,
                       std::string_view key) {
  const auto it = values.find(key);
  return it == values.end() ? std::string_view() : std::string_view(it->second);
}

bool HasNul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

}  // namespace

base::Result<uint64_t> ParseTarNumber(base::Bytes field) {
  if (field.empty()) {
    return uint64_t{0};
  }
  const auto first = std::to_integer<uint8_t>(field[0]);
  if ((first & 0x80) != 0) {
    if ((first & 0x40) != 0) {
      return base::Invalid("a negative number in a tar header");
    }
    uint64_t value = first & 0x3f;
    for (const std::byte b : field.subspan(1)) {
      if (value >> 56 != 0) {
        return base::Invalid("a number in a tar header is too large");
      }
      value = value << 8 | std::to_integer<uint64_t>(b);
    }
    return value;
  }
  std::string_view text = base::AsText(field);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\0')) {
    text.remove_prefix(1);
  }
  text = text.substr(0, text.find_first_of(std::string_view(" \0", 2)));
  if (text.empty()) {
    return uint64_t{0};
  }
  const auto value = base::ParseNumber<uint64_t>(text, 8);
  if (!value) {
    return base::Invalid("a number in a tar header is not octal");
  }
  return *value;
}

base::Error TarWalker::At(base::Error error) const {
  return std::move(error).With("tar, at byte " + std::to_string(position_));
}

base::Result<void> TarWalker::Feed(base::Bytes data) {
  while (!data.empty()) {
    size_t used = data.size();
    switch (state_) {
      case State::kEnded:
        break;
      case State::kData:
        used = static_cast<size_t>(std::min<uint64_t>(data.size(), stored_left_));
        OnDataBytes(data.first(used));
        break;
      case State::kPadding:
        used = static_cast<size_t>(std::min<uint64_t>(data.size(), padding_left_));
        padding_left_ -= used;
        if (padding_left_ == 0) {
          state_ = State::kHeader;
        }
        break;
      case State::kMeta:
        used = static_cast<size_t>(std::min<uint64_t>(data.size(), stored_left_));
        meta_.append(base::AsText(data.first(used)));
        stored_left_ -= used;
        if (stored_left_ == 0) {
          if (auto done = OnMetaDone(); !done) {
            return At(std::move(done).error());
          }
        }
        break;
      default: {
        if (partial_size_ == 0 && data.size() >= kBlock) {
          used = kBlock;
          if (auto done = OnBlock(data.first(kBlock)); !done) {
            return At(std::move(done).error());
          }
          break;
        }
        used = std::min(data.size(), kBlock - partial_size_);
        std::memcpy(partial_.data() + partial_size_, data.data(), used);
        partial_size_ += used;
        if (partial_size_ == kBlock) {
          partial_size_ = 0;
          if (auto done = OnBlock(partial_); !done) {
            return At(std::move(done).error());
          }
        }
      }
    }
    position_ += used;
    data = data.subspan(used);
  }
  return {};
}

base::Result<void> TarWalker::Finish() const {
  switch (state_) {
    case State::kEnded:
      return {};
    case State::kHeader:
      if (partial_size_ != 0) {
        return At(base::Truncated("the tar ends inside a header"));
      }
      if (!local_.values.empty() || local_.has_sparse_map || !long_name_.empty() ||
          !long_link_.empty()) {
        return At(base::Truncated("the tar ends between an extended header and its entry"));
      }
      return {};
    case State::kPadding:
      return {};  // the data itself is all there
    default:
      return At(base::Truncated("the tar ends inside " +
                                (path_.empty() ? std::string("an extended header") : path_)));
  }
}

uint64_t TarWalker::Skippable() const {
  if (state_ == State::kData && !wanted_) {
    return stored_left_ + padding_left_;
  }
  return state_ == State::kPadding ? padding_left_ : 0;
}

void TarWalker::Skip(uint64_t count) {
  SCANTLING_ASSERT(count <= Skippable());
  position_ += count;
  const uint64_t of_data = state_ == State::kData ? std::min(count, stored_left_) : 0;
  if (state_ == State::kData) {
    stored_left_ -= of_data;
    if (stored_left_ == 0) {
      EndEntry();
    }
  }
  if (state_ == State::kPadding) {
    padding_left_ -= count - of_data;
    if (padding_left_ == 0) {
      state_ = State::kHeader;
    }
  }
}

base::Result<void> TarWalker::OnBlock(base::Bytes block) {
  switch (state_) {
    case State::kSparseBlock:
      return OnSparseBlock(block);
    case State::kSparseMap:
      return OnSparseMapBytes(block);
    default:
      return OnHeader(block);
  }
}

base::Result<void> TarWalker::OnHeader(base::Bytes block) {
  if (IsZero(block)) {
    if (++zero_blocks_ == 2) {
      state_ = State::kEnded;
    }
    return {};
  }
  zero_blocks_ = 0;
  SCANTLING_DO(CheckSum(block));
  SCANTLING_TRY(uint64_t size, ParseTarNumber(block.subspan(124, 12)));
  if (size > kMaxSize) {
    return base::Invalid("an entry's size is absurd");
  }
  const char type = base::AsText(block)[156];
  if (type == 'x' || type == 'g' || type == 'L' || type == 'K' || type == 'X') {
    if (size > kMaxMetaBytes) {
      return base::LimitMet("an extended header of " + std::to_string(size) + " bytes");
    }
    meta_kind_ = type;
    meta_.clear();
    path_.clear();
    stored_left_ = size;
    padding_left_ = (kBlock - size % kBlock) % kBlock;
    if (type == 'x' || type == 'X') {
      local_ = {};
    }
    state_ = State::kMeta;
    return size == 0 ? OnMetaDone() : base::Result<void>();
  }

  entry_ = {};
  extents_.clear();
  path_ = TextField(block, 0, 100);
  const std::string_view magic = base::AsText(block.subspan(257, 8));
  if (magic.starts_with(std::string_view("ustar\0", 6))) {
    if (const std::string_view prefix = TextField(block, 345, 155); !prefix.empty()) {
      path_.insert(0, std::string(prefix) + "/");
    }
  }
  target_ = TextField(block, 157, 100);
  // The mode is not worth an error: V7 tars of odd programs have blanks in it.
  entry_.mode = static_cast<uint32_t>(ParseTarNumber(block.subspan(100, 8)).value_or(0) & 07777);
  switch (type) {
    case '\0':
    case '0':
    case '7':
    case 'S':
      entry_.kind = TarKind::kFile;
      break;
    case '1':
      entry_.kind = TarKind::kHardlink;
      break;
    case '2':
      entry_.kind = TarKind::kSymlink;
      break;
    case '5':
    case 'D':
      entry_.kind = TarKind::kFolder;
      break;
    default:
      entry_.kind = TarKind::kOther;
  }

  // Overrides: a local pax header, then the global one, then GNU long names.
  const auto pax = [this](std::string_view key) {
    const std::string_view local = Value(local_.values, key);
    return local.empty() ? Value(global_.values, key) : local;
  };
  if (!long_name_.empty()) {
    path_ = std::exchange(long_name_, {});
  }
  if (!long_link_.empty()) {
    target_ = std::exchange(long_link_, {});
  }
  if (const std::string_view path = pax("path"); !path.empty()) {
    path_ = path;
  }
  if (const std::string_view target = pax("linkpath"); !target.empty()) {
    target_ = target;
  }
  if (const std::string_view name = Value(local_.values, "GNU.sparse.name"); !name.empty()) {
    path_ = name;
  }
  if (const std::string_view text = pax("size"); !text.empty()) {
    const auto value = base::ParseNumber<uint64_t>(text);
    if (!value || *value > kMaxSize) {
      return base::Invalid("a pax header's size is not a number");
    }
    size = *value;
  }
  if (entry_.kind == TarKind::kFile && type != 'S' && path_.ends_with('/')) {
    entry_.kind = TarKind::kFolder;  // V7 had no type for folders
  }
  // As container engines (Go's archive/tar) read them: these kinds have no data, whatever the
  // header says.
  if (entry_.kind == TarKind::kHardlink || entry_.kind == TarKind::kSymlink || type == '3' ||
      type == '4' || type == '5' || type == '6') {
    size = 0;
  }
  stored_left_ = size;
  padding_left_ = (kBlock - size % kBlock) % kBlock;
  entry_.size = size;

  if (type == 'S') {
    entry_.sparse = true;
    SCANTLING_TRY(entry_.size, ParseTarNumber(block.subspan(483, 12)));
    for (size_t i = 0; i < 4; ++i) {
      const base::Bytes at = block.subspan(386 + 24 * i, 24);
      SCANTLING_TRY(const uint64_t offset, ParseTarNumber(at.first(12)));
      SCANTLING_TRY(const uint64_t length, ParseTarNumber(at.subspan(12)));
      SCANTLING_DO(AddExtent(offset, length, extents_));
    }
    if (block[482] != std::byte{0}) {
      state_ = State::kSparseBlock;
      return {};
    }
  } else if (entry_.kind == TarKind::kFile) {
    const std::string_view major = Value(local_.values, "GNU.sparse.major");
    std::string_view real = Value(local_.values, "GNU.sparse.realsize");
    if (real.empty()) {
      real = Value(local_.values, "GNU.sparse.size");
    }
    if (local_.has_sparse_map || (!major.empty() && major != "0")) {
      const auto value = base::ParseNumber<uint64_t>(real);
      if (!value || *value > kMaxSize) {
        return base::Invalid("a sparse file without its size");
      }
      entry_.sparse = true;
      entry_.size = *value;
      if (local_.has_sparse_map) {
        extents_ = std::move(local_.sparse);
      } else if (major == "1") {
        state_ = State::kSparseMap;
        map_line_.clear();
        map_numbers_.clear();
        map_has_count_ = false;
        map_count_ = 0;
        map_bytes_ = 0;
        if (stored_left_ < kBlock) {
          return base::Invalid("a sparse file without its map");
        }
        return {};
      } else {
        return base::Unsupported("a sparse file of an unknown version");
      }
    }
  }
  return StartEntry();
}

base::Result<void> TarWalker::AddExtent(uint64_t offset, uint64_t size,
                                        std::vector<Extent>& to) const {
  if (size == 0) {
    return {};
  }
  if (to.size() >= kMaxExtents) {
    return base::LimitMet("a sparse file of more than " + std::to_string(kMaxExtents) + " pieces");
  }
  to.push_back({offset, size});
  return {};
}

base::Result<void> TarWalker::OnSparseBlock(base::Bytes block) {
  for (size_t i = 0; i < 21; ++i) {
    const base::Bytes at = block.subspan(24 * i, 24);
    SCANTLING_TRY(const uint64_t offset, ParseTarNumber(at.first(12)));
    SCANTLING_TRY(const uint64_t length, ParseTarNumber(at.subspan(12)));
    SCANTLING_DO(AddExtent(offset, length, extents_));
  }
  return block[504] != std::byte{0} ? base::Result<void>() : StartEntry();
}

// "COUNT\nOFFSET\nSIZE\n...", padded to a block; part of the entry's data.
base::Result<void> TarWalker::OnSparseMapBytes(base::Bytes data) {
  stored_left_ -= data.size();
  map_bytes_ += data.size();
  for (const char c : base::AsText(data)) {
    if (map_has_count_ && map_numbers_.size() == map_count_) {
      break;
    }
    if (c != '\n') {
      map_line_ += c;
      if (map_line_.size() > 20) {
        return base::Invalid("a sparse file's map is not made of numbers");
      }
      continue;
    }
    const auto value = base::ParseNumber<uint64_t>(map_line_);
    map_line_.clear();
    if (!value || (!map_has_count_ && *value > kMaxExtents)) {
      return base::Invalid("a sparse file's map is not made of numbers");
    }
    if (!map_has_count_) {
      map_has_count_ = true;
      map_count_ = *value * 2;
    } else {
      map_numbers_.push_back(*value);
    }
  }
  if (map_has_count_ && map_numbers_.size() == map_count_) {
    for (size_t i = 0; i < map_numbers_.size(); i += 2) {
      SCANTLING_DO(AddExtent(map_numbers_[i], map_numbers_[i + 1], extents_));
    }
    return StartEntry();
  }
  if (stored_left_ < kBlock) {
    return base::Invalid("a sparse file's map is longer than its data");
  }
  return {};
}

base::Result<void> TarWalker::CheckSparse() const {
  uint64_t at = 0;
  uint64_t stored = 0;
  for (const Extent& extent : extents_) {
    if (extent.offset < at || extent.size > entry_.size ||
        extent.offset > entry_.size - extent.size) {
      return base::Invalid("a sparse file's pieces are out of order or outside of the file");
    }
    at = extent.offset + extent.size;
    stored += extent.size;
  }
  if (stored != stored_left_) {
    return base::Invalid("a sparse file's pieces do not add up to its data");
  }
  return {};
}

base::Result<void> TarWalker::OnMetaDone() {
  const char kind = std::exchange(meta_kind_, '\0');
  if (kind == 'L' || kind == 'K') {
    std::string& to = kind == 'L' ? long_name_ : long_link_;
    to = meta_.substr(0, meta_.find('\0'));
  } else {
    if (kind == 'g') {
      SCANTLING_DO(ParsePax(meta_, global_));
    } else {
      SCANTLING_DO(ParsePax(meta_, local_));
    }
  }
  meta_.clear();
  state_ = padding_left_ != 0 ? State::kPadding : State::kHeader;
  return {};
}

// Records of the form "LENGTH KEY=VALUE\n"; the length counts the whole record.
base::Result<void> TarWalker::ParsePax(std::string_view text, Overrides& into) {
  std::string_view sparse_offset;
  while (!text.empty()) {
    const size_t space = text.find(' ');
    const auto length = base::ParseNumber<uint64_t>(text.substr(0, space));
    if (space == std::string_view::npos || !length || *length > text.size() ||
        *length < space + 3 || text[static_cast<size_t>(*length) - 1] != '\n') {
      return base::Invalid("a pax header has a malformed record");
    }
    const auto record_size = static_cast<size_t>(*length);
    const std::string_view record = text.substr(space + 1, record_size - space - 2);
    text.remove_prefix(record_size);
    const size_t equals = record.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return base::Invalid("a pax header has a record without a key");
    }
    const std::string_view key = record.substr(0, equals);
    const std::string_view value = record.substr(equals + 1);
    if (key == "GNU.sparse.offset") {
      sparse_offset = value;
    } else if (key == "GNU.sparse.numbytes" || key == "GNU.sparse.map") {
      into.has_sparse_map = true;
      if (key == "GNU.sparse.map") {
        into.sparse.clear();
      }
      std::string_view rest = value;
      do {
        std::string_view offset_text = sparse_offset;
        if (key == "GNU.sparse.map") {
          const size_t comma = rest.find(',');
          if (comma == std::string_view::npos) {
            if (rest.empty()) {
              break;
            }
            return base::Invalid("a sparse file's map is not made of pairs");
          }
          offset_text = rest.substr(0, comma);
          rest.remove_prefix(comma + 1);
        }
        const size_t comma = rest.find(',');
        const auto offset = base::ParseNumber<uint64_t>(offset_text);
        const auto size = base::ParseNumber<uint64_t>(rest.substr(0, comma));
        if (!offset || !size) {
          return base::Invalid("a sparse file's map is not made of numbers");
        }
        SCANTLING_DO(AddExtent(*offset, *size, into.sparse));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      } while (!rest.empty());
    } else if (key == "path" || key == "linkpath" || key == "size" || key == "GNU.sparse.name" ||
               key == "GNU.sparse.major" || key == "GNU.sparse.realsize" ||
               key == "GNU.sparse.size") {
      // Only these: keys of any name in global headers would add up without end.
      if (HasNul(value)) {
        return base::Invalid("a pax header's name has a zero byte in it");
      }
      into.values.insert_or_assign(std::string(key), std::string(value));
    }
  }
  return {};
}

base::Result<void> TarWalker::StartEntry() {
  if (entry_.sparse) {
    if (auto good = CheckSparse(); !good) {
      return std::move(good).error().With(path_);
    }
  }
  local_ = {};
  if (path_.empty()) {
    return base::Invalid("an entry without a name");
  }
  entry_.path = path_;
  entry_.target = target_;
  wanted_ = handler_.OnEntry(entry_);
  logical_ = 0;
  extent_ = 0;
  extent_done_ = 0;
  state_ = State::kData;
  if (stored_left_ == 0) {
    EndEntry();
  }
  return {};
}

void TarWalker::Zeros(uint64_t until) {
  static constexpr std::array<std::byte, 65536> kZeros{};
  while (wanted_ && logical_ < until) {
    const auto count = static_cast<size_t>(std::min<uint64_t>(until - logical_, kZeros.size()));
    wanted_ = handler_.OnData(logical_, base::Bytes(kZeros).first(count));
    logical_ += count;
  }
}

void TarWalker::OnDataBytes(base::Bytes data) {
  stored_left_ -= data.size();
  if (wanted_ && !entry_.sparse) {
    wanted_ = handler_.OnData(logical_, data);
    logical_ += data.size();
  } else {
    while (wanted_ && !data.empty()) {
      const Extent& extent = extents_[extent_];
      Zeros(extent.offset);
      if (!wanted_) {
        break;
      }
      const auto count =
          static_cast<size_t>(std::min<uint64_t>(data.size(), extent.size - extent_done_));
      wanted_ = handler_.OnData(logical_, data.first(count));
      logical_ += count;
      extent_done_ += count;
      data = data.subspan(count);
      if (extent_done_ == extent.size) {
        ++extent_;
        extent_done_ = 0;
      }
    }
  }
  if (stored_left_ == 0) {
    EndEntry();
  }
}

void TarWalker::EndEntry() {
  if (wanted_ && entry_.sparse) {
    Zeros(entry_.size);
  }
  if (wanted_) {
    handler_.OnEntryEnd();
  }
  state_ = padding_left_ != 0 ? State::kPadding : State::kHeader;
}

}  // namespace scantling::codec
