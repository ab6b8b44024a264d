// See blob_source.h.
#include "image/blob_source.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <sys/syscall.h>

namespace scantling::image {
namespace {

// Without openat2: one component at a time, no links at all.
base::Result<base::Fd> OpenStepwise(const base::Fd& root, std::string_view path, int flags) {
  base::Fd at(::fcntl(root.get(), F_DUPFD_CLOEXEC, 0));
  if (!at.valid()) {
    return base::IoError("open");
  }
  std::string_view rest = path;
  while (!rest.empty()) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string name(rest.substr(0, slash));
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (name.empty() || name == ".") {
      continue;
    }
    if (name == "..") {
      return base::Invalid(std::string(path) + ": leads out of its folder");
    }
    const int step = rest.empty() ? flags : O_PATH | O_DIRECTORY;
    base::Fd next(::openat(at.get(), name.c_str(), step | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) {
      return errno == ENOENT ? base::NotFound(std::string(path) + ": no such file")
                             : base::IoError(std::string(path));
    }
    at = std::move(next);
  }
  return at;
}

}  // namespace

base::Result<base::Fd> OpenInRoot(const base::Fd& root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<uint64_t>(flags) | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof(how));
  if (fd >= 0) {
    return base::Fd(static_cast<int>(fd));
  }
  if (errno == ENOSYS || errno == EPERM) {
    return OpenStepwise(root, path, flags);
  }
  return errno == ENOENT ? base::NotFound(path + ": no such file") : base::IoError(path);
}

base::Result<base::Fd> OpenFolder(const std::string& path) {
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) {
    return errno == ENOENT ? base::NotFound(path + ": no such folder") : base::IoError(path);
  }
  return fd;
}

base::Result<size_t> FileRange::Read(std::span<std::byte> into) {
  const auto want = static_cast<size_t>(std::min<uint64_t>(into.size(), left_));
  if (want == 0) {
    return size_t{0};
  }
  while (true) {
    const ssize_t count = ::pread(fd_->get(), into.data(), want, static_cast<off_t>(offset_));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return base::IoError("read");
    }
    if (count == 0) {
      return base::Truncated("the file ends " + std::to_string(left_) + " bytes early");
    }
    offset_ += static_cast<uint64_t>(count);
    left_ -= static_cast<uint64_t>(count);
    return static_cast<size_t>(count);
  }
}

base::Result<size_t> DescriptorStream::Read(std::span<std::byte> into) {
  while (true) {
    const ssize_t count = ::read(fd_, into.data(), into.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return base::IoError("read");
    }
    return static_cast<size_t>(count);
  }
}

base::Result<size_t> ReadFully(codec::ByteSource& source, std::span<std::byte> into) {
  size_t done = 0;
  while (done < into.size()) {
    SCANTLING_TRY(const size_t count, source.Read(into.subspan(done)));
    if (count == 0) {
      break;
    }
    done += count;
  }
  return done;
}

base::Result<std::string> ReadAll(codec::ByteSource& source, uint64_t max_bytes) {
  std::string out;
  std::byte buffer[16384];
  while (true) {
    SCANTLING_TRY(const size_t count, source.Read(buffer));
    if (count == 0) {
      return out;
    }
    if (out.size() + count > max_bytes) {
      return base::LimitMet("more than " + std::to_string(max_bytes) + " bytes");
    }
    out.append(base::AsText(base::Bytes(buffer).first(count)));
  }
}

}  // namespace scantling::image
