// Tests only: writes zip archives, good ones and such as nobody should trust.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

class ZipTestWriter {
 public:
  struct Entry {
    std::string name;
    std::string data;
    bool stored = false;
    // 0 = as it is; else what the directory claims instead.
    uint32_t claimed_unpacked = 0;
    uint32_t claimed_crc = 0;
    uint16_t flags = 0;
    uint16_t method = 0xffff;  // 0xffff = by `stored`
  };

  ZipTestWriter& Add(std::string_view name, std::string_view data, bool stored = false) {
    return Add(Entry{std::string(name), std::string(data), stored});
  }
  ZipTestWriter& Add(const Entry& entry) {
    const std::string packed = entry.stored ? entry.data : Deflate(entry.data);
    const uint32_t crc = entry.claimed_crc != 0
                             ? entry.claimed_crc
                             : libdeflate_crc32(0, entry.data.data(), entry.data.size());
    const auto size = static_cast<uint32_t>(entry.data.size());
    const uint32_t unpacked = entry.claimed_unpacked != 0 ? entry.claimed_unpacked : size;
    const auto method =
        static_cast<uint16_t>(entry.method != 0xffff ? entry.method : (entry.stored ? 0 : 8));
    const auto offset = static_cast<uint32_t>(body_.size());
    Number(body_, 0x04034b50, 4);
    Common(body_, entry, method, crc, static_cast<uint32_t>(packed.size()), unpacked);
    body_ += entry.name + packed;
    Number(directory_, 0x02014b50, 4);
    Number(directory_, 20, 2);
    Common(directory_, entry, method, crc, static_cast<uint32_t>(packed.size()), unpacked);
    Number(directory_, 0, 2);  // comment
    Number(directory_, 0, 2);  // disk
    Number(directory_, 0, 2);
    Number(directory_, 0, 4);
    Number(directory_, offset, 4);
    directory_ += entry.name;
    ++count_;
    return *this;
  }

  // `prefix` stands in front and is not counted in any offset, as with executable jars.
  std::string Finish(std::string_view prefix = {}, std::string_view comment = {}) const {
    std::string out(prefix);
    out += body_ + directory_;
    Number(out, 0x06054b50, 4);
    Number(out, 0, 4);
    Number(out, count_, 2);
    Number(out, count_, 2);
    Number(out, directory_.size(), 4);
    Number(out, body_.size(), 4);
    Number(out, comment.size(), 2);
    return out += comment;
  }

  // With zip64's end record and locator, and every 32-bit place filled with ones.
  std::string Finish64() const {
    std::string out = body_ + directory_;
    const size_t end64 = out.size();
    Number(out, 0x06064b50, 4);
    Number(out, 44, 8);
    Number(out, 45, 2);
    Number(out, 45, 2);
    Number(out, 0, 8);
    Number(out, count_, 8);
    Number(out, count_, 8);
    Number(out, directory_.size(), 8);
    Number(out, body_.size(), 8);
    Number(out, 0x07064b50, 4);
    Number(out, 0, 4);
    Number(out, end64, 8);
    Number(out, 1, 4);
    Number(out, 0x06054b50, 4);
    Number(out, 0, 4);
    Number(out, 0xffffffff, 4);
    Number(out, 0xffffffffffffffff, 8);
    Number(out, 0, 2);
    return out;
  }

  static void Number(std::string& out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      out += static_cast<char>(value >> (8 * i) & 0xff);
    }
  }

  static std::string Deflate(std::string_view data) {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
    std::string out(libdeflate_deflate_compress_bound(compressor, data.size()), '\0');
    out.resize(
        libdeflate_deflate_compress(compressor, data.data(), data.size(), out.data(), out.size()));
    libdeflate_free_compressor(compressor);
    return out;
  }

 private:
  static void Common(std::string& out, const Entry& entry, uint16_t method, uint32_t crc,
                     uint32_t packed, uint32_t unpacked) {
    Number(out, 20, 2);
    Number(out, entry.flags, 2);
    Number(out, method, 2);
    Number(out, 0, 4);  // time, date
    Number(out, crc, 4);
    Number(out, packed, 4);
    Number(out, unpacked, 4);
    Number(out, entry.name.size(), 2);
    Number(out, 0, 2);  // extra
  }

  std::string body_;
  std::string directory_;
  uint16_t count_ = 0;
};

}  // namespace scantling::codec
