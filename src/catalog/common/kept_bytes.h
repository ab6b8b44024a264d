// How much memory the records of one file may take: as much as the file has bytes, and a floor for
// small files.
//
// A good database is far below it (a stanza of dpkg's has 1 KiB, an rpm header 20 KiB, and some
// hundred bytes of each are kept). A hostile one says one long text in many places, or holds a
// million packages of ten bytes each; without a bound 512 MB of it became several gigabytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::catalog {

// Single thread.
class KeptBytes {
 public:
  static constexpr uint64_t kFloor = uint64_t{32} << 20;

  explicit KeptBytes(uint64_t file_bytes) : left_(file_bytes + kFloor) {}

  // False once the bound is met, and from then on.
  bool Take(uint64_t bytes) {
    if (full_ || bytes > left_) {
      full_ = true;
      return false;
    }
    left_ -= bytes;
    return true;
  }
  bool full() const { return full_; }

  // What a copy of `text` takes inside of a list.
  static uint64_t Of(std::string_view text) { return sizeof(std::string) + text.size(); }

  static constexpr std::string_view kWhat = "limit.record-bytes";
  static constexpr std::string_view kWords =
      ": its records would take more memory than the file has bytes; what follows is not read";

 private:
  uint64_t left_;
  bool full_ = false;
};

}  // namespace scantling::catalog
