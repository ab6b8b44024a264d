// Files of the machine that the program runs on (never of an image): read whole, mapped, replaced
// by rename.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <string>
#include <utility>

namespace scantling::base {

// A file descriptor that closes itself. Move-only.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { Reset(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  void Reset();

 private:
  int fd_ = -1;
};

Result<Fd> OpenForRead(const std::string& path);
Result<uint64_t> FileSize(const Fd& fd, const std::string& path);

// The whole file; an error when it is larger than max_bytes.
Result<std::string> ReadFile(const std::string& path, uint64_t max_bytes);

// Writes to a temporary file in the same folder and renames it over `path`: a reader sees the old
// bytes or the new ones, never a part. Safe for many processes at once. kDurable syncs before the
// rename, so that the file also survives a power failure; kDisposable does not, for what carries a
// checksum and can be made again.
enum class Durability : uint8_t { kDurable, kDisposable };
Result<void> WriteFileByRename(const std::string& path, Bytes data,
                               Durability durability = Durability::kDurable);

// A file mapped read-only. The mapping survives a rename over the path. Move-only; reads are
// thread-safe.
class MappedFile {
 public:
  static Result<MappedFile> Open(const std::string& path);
  MappedFile() = default;
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace scantling::base
