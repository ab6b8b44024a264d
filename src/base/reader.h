// A bounds-checked cursor over bytes: every parser of a binary format reads through one.
//
// A read past the end returns an error and moves nothing. Sizes are checked before they are added,
// so a hostile length cannot wrap. Thread-compatible. Borrows the bytes.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace scantling::base {

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  size_t offset() const { return offset_; }
  size_t size() const { return bytes_.size(); }
  size_t remaining() const { return bytes_.size() - offset_; }
  bool AtEnd() const { return offset_ == bytes_.size(); }

  Result<void> Seek(uint64_t offset) {
    if (offset > bytes_.size()) {
      return Truncated("offset " + std::to_string(offset) + " is past the end (" +
                       std::to_string(bytes_.size()) + " bytes)");
    }
    offset_ = static_cast<size_t>(offset);
    return {};
  }

  Result<Bytes> Take(uint64_t count) {
    if (count > remaining()) {
      return Truncated("wanted " + std::to_string(count) + " bytes at offset " +
                       std::to_string(offset_) + ", " + std::to_string(remaining()) + " are left");
    }
    Bytes out = bytes_.subspan(offset_, static_cast<size_t>(count));
    offset_ += static_cast<size_t>(count);
    return out;
  }

  // The bytes [offset, offset + count) without moving the cursor.
  Result<Bytes> At(uint64_t offset, uint64_t count) const {
    if (offset > bytes_.size() || count > bytes_.size() - offset) {
      return Truncated("range " + std::to_string(offset) + "+" + std::to_string(count) +
                       " is outside of " + std::to_string(bytes_.size()) + " bytes");
    }
    return bytes_.subspan(static_cast<size_t>(offset), static_cast<size_t>(count));
  }

  template <typename T>
  Result<T> Little() {
    return Integer<T>(std::endian::native == std::endian::little);
  }
  template <typename T>
  Result<T> Big() {
    return Integer<T>(std::endian::native == std::endian::big);
  }

 private:
  template <typename T>
  Result<T> Integer(bool native) {
    SCANTLING_TRY(const Bytes raw, Take(sizeof(T)));
    T value;
    std::memcpy(&value, raw.data(), sizeof(T));
    if (!native) {
      value = std::byteswap(value);
    }
    return value;
  }

  Bytes bytes_;
  size_t offset_ = 0;
};

}  // namespace scantling::base
