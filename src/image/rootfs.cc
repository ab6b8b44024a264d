// A folder as if it were the only layer. See source.h.
//
// Every step is an openat of one name with O_NOFOLLOW from the folder above, so no link and no
// rename meanwhile leads out of the root. Entries come in byte order of their names. Not handled:
// files that change while they are read (their size at the beginning counts).
#include "image/blob_source.h"
#include "image/layer_walk.h"
#include "image/source.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <sys/stat.h>
#include <utility>

namespace scantling::image {
namespace {

constexpr size_t kBufferBytes = 256 << 10;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

class RootfsWalk {
 public:
  RootfsWalk(const base::Limits& limits, LayerVisitor& visitor)
      : limits_(limits),
        delivery_(visitor, limits),
        buffer_(std::make_unique_for_overwrite<std::byte[]>(kBufferBytes)) {}

  base::Result<LayerResult> Run(const std::string& root) {
    SCANTLING_TRY(base::Fd fd, OpenFolder(root));
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) {
      return base::IoError(root);
    }
    device_ = info.st_dev;
    auto first = List(std::move(fd), "");
    if (!first) {
      return std::move(first).error().With(root);
    }
    stack_.push_back(std::move(*first));
    const auto started = std::chrono::steady_clock::now();
    while (!stack_.empty() && !stopped_) {
      if (std::chrono::steady_clock::now() - started >
          std::chrono::duration<double>(static_cast<double>(limits_.seconds))) {
        stopped_ = base::LimitMet("the scan's time is up (limit seconds)");
        break;
      }
      Frame& frame = stack_.back();
      if (frame.next == frame.names.size()) {
        stack_.pop_back();
        continue;
      }
      const std::string name = frame.names[frame.next++];
      Visit(frame.fd.get(), frame.path.empty() ? name : frame.path + "/" + name, name);
    }
    LayerResult out;
    out.tree = std::move(builder_).Finish(entries_);
    out.unpacked_bytes = bytes_;
    if (stopped_) {
      diagnostics_.Add(DiagnosticOf("rootfs", *stopped_));
    }
    out.diagnostics = diagnostics_.Take();
    out.complete = out.diagnostics.empty();
    return out;
  }

 private:
  struct Frame {
    base::Fd fd;
    std::string path;
    std::vector<std::string> names;
    size_t next = 0;
  };

  static base::Result<Frame> List(base::Fd fd, std::string path) {
    Frame out;
    const int copy = ::openat(fd.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) {
      return base::IoError("open");
    }
    const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(copy));
    if (folder == nullptr) {
      ::close(copy);
      return base::IoError("open");
    }
    while (true) {
      errno = 0;
      const dirent* entry =
          ::readdir(folder.get());  // NOLINT(concurrency-mt-unsafe): a stream of our own
      if (entry == nullptr) {
        if (errno != 0) {
          return base::IoError("list");
        }
        break;
      }
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") {
        out.names.emplace_back(name);
      }
    }
    std::sort(out.names.begin(), out.names.end());
    out.fd = std::move(fd);
    out.path = std::move(path);
    return out;
  }

  void Problem(const std::string& path, const base::Error& error) {
    model::Diagnostic diagnostic = DiagnosticOf("rootfs", error);
    diagnostic.path = path;
    diagnostics_.Add(std::move(diagnostic));
  }

  void Keep(bool fits) {
    if (!fits && !stopped_) {
      stopped_ = base::LimitMet("too many names (limit image-entries)");
    }
  }

  void Visit(int folder, const std::string& path, const std::string& name) {
    if (++entries_ > limits_.image_entries) {
      stopped_ = base::LimitMet("more than " + std::to_string(limits_.image_entries) +
                                " entries (limit image-entries)");
      return;
    }
    struct stat info{};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      Problem(path, base::IoError(path));
      return;
    }
    if (S_ISDIR(info.st_mode)) {
      Keep(builder_.AddFolder(path));
      Enter(folder, path, name, info);
    } else if (S_ISLNK(info.st_mode)) {
      std::string target(4096, '\0');
      const ssize_t size = ::readlinkat(folder, name.c_str(), target.data(), target.size());
      if (size < 0) {
        Problem(path, base::IoError(path));
        return;
      }
      target.resize(static_cast<size_t>(size));
      Keep(builder_.AddSymlink(path, target));
    } else if (S_ISREG(info.st_mode)) {
      ReadFile(folder, path, name, info);
    } else {
      Keep(builder_.AddPlain(path));
    }
  }

  void Enter(int folder, const std::string& path, const std::string& name,
             const struct stat& info) {
    // What the kernel makes up is no file of the image.
    if (info.st_dev != device_ && (path == "proc" || path == "sys" || path == "dev")) {
      return;
    }
    if (stack_.size() >= limits_.path_depth || path.size() > limits_.path_bytes) {
      Problem(path, base::LimitMet("folders too deep (limit path-depth)"));
      return;
    }
    base::Fd fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.valid()) {
      Problem(path, base::IoError(path));
      return;
    }
    auto frame = List(std::move(fd), path);
    if (!frame) {
      Problem(path, frame.error());
      return;
    }
    stack_.push_back(std::move(*frame));
  }

  void ReadFile(int folder, const std::string& path, const std::string& name,
                const struct stat& info) {
    const auto size = static_cast<uint64_t>(info.st_size);
    const bool wanted =
        delivery_.Start({path, size, static_cast<uint32_t>(info.st_mode & 07777)}, false);
    if (wanted) {
      auto done = Deliver(folder, name, size);
      if (!done) {
        delivery_.Abandon(done.error());
        Problem(path, std::move(done).error());
      }
    }
    Keep(delivery_.claim() ? builder_.AddClaimed(path, *delivery_.claim())
                           : builder_.AddPlain(path));
  }

  base::Result<void> Deliver(int folder, const std::string& name, uint64_t size) {
    base::Fd fd(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info{};
    if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
      return base::IoError(name);
    }
    if (!S_ISREG(info.st_mode)) {
      return base::Invalid("was replaced while it was read");
    }
    FileRange range(std::make_shared<const base::Fd>(std::move(fd)), 0, size);
    uint64_t offset = 0;
    while (offset < size) {
      // A head first: most files are not wanted after it.
      const size_t want =
          delivery_.state() == FileDelivery::State::kHead ? kHeadBytes : kBufferBytes;
      const std::span<std::byte> buffer(buffer_.get(), want);
      SCANTLING_TRY(const size_t count, ReadFully(range, buffer));
      bytes_ += count;
      if (!delivery_.Data(offset, base::Bytes(buffer).first(count))) {
        return {};
      }
      offset += count;
    }
    delivery_.End();
    return {};
  }

  const base::Limits& limits_;
  LayerTreeBuilder builder_;
  FileDelivery delivery_;
  DiagnosticList diagnostics_;
  std::unique_ptr<std::byte[]> buffer_;
  std::vector<Frame> stack_;
  std::optional<base::Error> stopped_;
  uint64_t entries_ = 0;
  uint64_t bytes_ = 0;
  dev_t device_ = 0;
};

}  // namespace

base::Result<LayerResult> WalkRootfs(const std::string& folder, const base::Limits& limits,
                                     LayerVisitor& visitor) {
  return RootfsWalk(limits, visitor).Run(folder);
}

}  // namespace scantling::image
