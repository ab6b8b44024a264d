#include "base/file.h"

#include "base/strings.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <sys/mman.h>
#include <sys/stat.h>

namespace scantling::base {

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
  std::string out;
  char buffer[65536];
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof(buffer));
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return IoError(path);
    }
    if (n == 0) {
      return out;
    }
    if (out.size() + static_cast<size_t>(n) > max_bytes) {
      return LimitMet(path + ": more than " + std::to_string(max_bytes) + " bytes");
    }
    out.append(buffer, static_cast<size_t>(n));
  }
}

Result<void> WriteFileByRename(const std::string& path, Bytes data, Durability durability) {
  std::string temporary = path + ".XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) {
    return IoError("create " + temporary);
  }
  const auto fail = [&](const std::string& what) {
    Error error = IoError(what);
    ::unlink(temporary.c_str());
    return error;
  };
  size_t done = 0;
  while (done < data.size()) {
    const ssize_t n = ::write(fd.get(), data.data() + done, data.size() - done);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail("write " + temporary);
    }
    done += static_cast<size_t>(n);
  }
  if (::fchmod(fd.get(), 0644) != 0 ||
      (durability == Durability::kDurable && ::fsync(fd.get()) != 0)) {
    return fail("sync " + temporary);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return fail("rename " + temporary + " to " + path);
  }
  return {};
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
