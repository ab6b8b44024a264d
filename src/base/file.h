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

// A file that is written beside `path` and renamed over it by Commit(): a reader sees the old bytes
// or the new ones, never a part. Safe for many processes at once. kDurable syncs before the rename,
// so that the file also survives a power failure; kDisposable does not, for what carries a checksum
// and can be made again. Without Commit() nothing is left behind. What is no regular file (a
// device, a pipe) is written to directly. Move-only, thread-compatible.
enum class Durability : uint8_t { kDurable, kDisposable };
class ReplacedFile {
 public:
  static Result<ReplacedFile> Create(const std::string& path);
  ReplacedFile(ReplacedFile&& other) noexcept
      : fd_(std::move(other.fd_)),
        path_(std::move(other.path_)),
        temporary_(std::exchange(other.temporary_, {})) {}
  ReplacedFile& operator=(ReplacedFile&&) = delete;
  ~ReplacedFile();
  Result<void> Write(Bytes data);
  Result<void> Commit(Durability durability = Durability::kDurable);

 private:
  ReplacedFile() = default;
  Fd fd_;
  std::string path_;
  std::string temporary_;  // "" once it is renamed
};

// The same with all bytes at once.
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
