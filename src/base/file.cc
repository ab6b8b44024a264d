#include "base/file.h"

#include "base/strings.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <sys/mman.h>
#include <sys/stat.h>

namespace scantling::base {
namespace {

constexpr uint64_t kReadBlock = uint64_t{64} << 10;

}  // namespace

void Fd::Reset() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

Result<Fd> OpenForRead(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) {
      return NotFound(path + ": no such file");
    }
    return IoError(path);
  }
  return fd;
}

Result<uint64_t> FileSize(const Fd& fd, const std::string& path) {
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) {
    return IoError(path);
  }
  if (S_ISDIR(info.st_mode)) {
    return Invalid(path + ": is a folder, wanted a file");
  }
  return static_cast<uint64_t>(info.st_size);
}

Result<std::string> ReadFile(const std::string& path, uint64_t max_bytes) {
  SCANTLING_TRY(const Fd fd, OpenForRead(path));
  SCANTLING_TRY(const uint64_t size, FileSize(fd, path));
  if (size > max_bytes) {
    return LimitMet(path + ": " + std::to_string(size) + " bytes, at most " +
                    std::to_string(max_bytes) + " are read");
  }
  // One byte more than the file has tells its end at once; what is no regular file has size 0.
  std::string out;
  for (uint64_t room = size + 1;;
       room = out.capacity() > out.size() ? out.capacity() - out.size() : kReadBlock) {
    const size_t before = out.size();
    ssize_t n = 0;
    out.resize_and_overwrite(before + static_cast<size_t>(room), [&](char* buffer, size_t) {
      do {
        n = ::read(fd.get(), buffer + before, static_cast<size_t>(room));
      } while (n < 0 && errno == EINTR);
      return before + static_cast<size_t>(n > 0 ? n : 0);
    });
    if (n < 0) {
      return IoError(path);
    }
    if (out.size() > max_bytes) {
      return LimitMet(path + ": more than " + std::to_string(max_bytes) + " bytes");
    }
    if (n == 0) {
      return out;
    }
  }
}

Result<ReplacedFile> ReplacedFile::Create(const std::string& path) {
  ReplacedFile out;
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
    // A device or a pipe (/dev/null, /dev/stdout) is written to, never replaced.
    out.fd_ = Fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!out.fd_.valid()) {
      return IoError(path);
    }
    out.path_ = path;
    return out;
  }
  std::string temporary = path + ".XXXXXX";
  out.fd_ = Fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out.fd_.valid()) {
    return IoError("create " + temporary);
  }
  out.path_ = path;
  out.temporary_ = std::move(temporary);
  return out;
}

ReplacedFile::~ReplacedFile() {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

Result<void> ReplacedFile::Write(Bytes data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd_.get(), data.data(), data.size());
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return IoError("write " + (temporary_.empty() ? path_ : temporary_));
    }
    data = data.subspan(static_cast<size_t>(n));
  }
  return {};
}

Result<void> ReplacedFile::Commit(Durability durability) {
  if (temporary_.empty()) {
    return {};
  }
  if (::fchmod(fd_.get(), 0644) != 0 ||
      (durability == Durability::kDurable && ::fsync(fd_.get()) != 0)) {
    return IoError("sync " + temporary_);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return IoError("rename " + temporary_ + " to " + path_);
  }
  temporary_.clear();
  return {};
}

Result<void> WriteFileByRename(const std::string& path, Bytes data, Durability durability) {
  SCANTLING_TRY(ReplacedFile file, ReplacedFile::Create(path));
  SCANTLING_DO(file.Write(data));
  return file.Commit(durability);
}

Result<MappedFile> MappedFile::Open(const std::string& path) {
  SCANTLING_TRY(const Fd fd, OpenForRead(path));
  SCANTLING_TRY(const uint64_t size, FileSize(fd, path));
  MappedFile out;
  if (size == 0) {
    return out;
  }
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (at == MAP_FAILED) {
    return IoError("map " + path);
  }
  out.bytes_ = Bytes(static_cast<const std::byte*>(at), size);
  return out;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) {
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
}

}  // namespace scantling::base
