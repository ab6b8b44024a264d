// See source.h: from what was named to an opened image (blob_store.h). What an image is made of is
// found by image_plan.h.
#include "image/source.h"

#include "base/file.h"
#include "base/strings.h"
#include "image/archive.h"
#include "image/blob_source.h"
#include "image/blob_store.h"
#include "image/daemon_image.h"
#include "image/image_plan.h"
#include "image/registry/registry_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <sys/stat.h>
#include <utility>

namespace scantling::image {
namespace {

class FolderStore : public BlobStore {
 public:
  explicit FolderStore(base::Fd root) : root_(std::move(root)) {}

  base::Result<OpenedBlob> Open(const std::string& name) const override {
    SCANTLING_TRY(base::Fd fd, OpenInRoot(root_, name, O_RDONLY | O_NONBLOCK));
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) {
      return base::IoError(name);
    }
    if (!S_ISREG(info.st_mode)) {
      return base::Invalid(name + ": not a regular file");
    }
    const auto size = static_cast<uint64_t>(info.st_size);
    return OpenedBlob{
        std::make_unique<FileRange>(std::make_shared<const base::Fd>(std::move(fd)), 0, size),
        size};
  }
  std::string Resolve(const std::string& name) const override { return name; }

 private:
  base::Fd root_;
};

class ArchiveStore : public BlobStore {
 public:
  ArchiveStore(std::shared_ptr<const base::Fd> fd, ArchiveIndex index)
      : fd_(std::move(fd)), index_(std::move(index)) {}

  base::Result<OpenedBlob> Open(const std::string& name) const override {
    const auto it = index_.files.find(Resolve(name));
    if (it == index_.files.end()) {
      return base::NotFound(name + ": not in the archive");
    }
    const auto [offset, size] = it->second;
    return OpenedBlob{std::make_unique<FileRange>(fd_, offset, size), size};
  }
  std::string Resolve(const std::string& name) const override { return index_.links.Resolve(name); }

 private:
  std::shared_ptr<const base::Fd> fd_;
  ArchiveIndex index_;
};

class OwnedDescriptor : public codec::ByteSource {
 public:
  explicit OwnedDescriptor(base::Fd fd) : fd_(std::move(fd)), stream_(fd_.get()) {}
  base::Result<size_t> Read(std::span<std::byte> into) override { return stream_.Read(into); }

 private:
  base::Fd fd_;
  DescriptorStream stream_;
};

base::Result<std::unique_ptr<ImageHandle>> OpenArchive(base::Fd fd, const PlanOptions& plan,
                                                       const base::Limits& limits) {
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) {
    return base::IoError("archive");
  }
  if (S_ISDIR(info.st_mode)) {
    return base::Error(base::ErrorCode::kUsage, "is a folder, wanted an archive");
  }
  if (!S_ISREG(info.st_mode) || ::lseek(fd.get(), 0, SEEK_CUR) != 0) {
    return OpenStream(std::make_unique<OwnedDescriptor>(std::move(fd)), plan, limits);
  }
  const auto size = static_cast<uint64_t>(info.st_size);
  const auto shared = std::make_shared<const base::Fd>(std::move(fd));
  std::array<std::byte, 6> head;
  FileRange start(shared, 0, std::min<uint64_t>(size, head.size()));
  SCANTLING_TRY(const size_t count, ReadFully(start, head));
  if (count == 0) {
    return base::Truncated("the file is empty");
  }
  if (codec::SniffCompression(base::Bytes(head).first(count)) != codec::Compression::kNone) {
    return OpenStream(std::make_unique<FileRange>(shared, 0, size), plan, limits);
  }
  SCANTLING_TRY(ArchiveIndex index, IndexArchive(*shared, size, limits));
  auto store = std::make_unique<ArchiveStore>(shared, std::move(index));
  SCANTLING_TRY(ImagePlan planned, PlanImage(*store, plan));
  return MakeStoredImage(std::move(store), std::move(planned));
}

// The source as the report shows it: the same on every machine, so without the folders above the
// file.
std::string SourceText(const SourceSpec& spec) {
  std::string_view path = spec.path;
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  std::string out;
  for (const std::string_view form : {"docker-archive:", "oci-archive:", "oci:"}) {
    if (spec.original.starts_with(form)) {
      out = form;
    }
  }
  out += base::ToUtf8(base::BaseName(path));
  return spec.tag.empty() ? out : out + ":" + base::ToUtf8(spec.tag);
}

}  // namespace

base::Result<std::unique_ptr<ImageHandle>> OpenImage(const SourceSpec& spec,
                                                     const OpenOptions& options, int input_fd) {
  PlanOptions plan;
  plan.kind = spec.kind;
  plan.tag = spec.tag;
  plan.platform = options.platform;
  plan.source = SourceText(spec);
  switch (spec.kind) {
    case SourceKind::kRootfs:
      return base::Error(base::ErrorCode::kUsage, spec.path + ": a root folder is no image");
    case SourceKind::kStandardInput: {
      plan.source = "-";
      base::Fd fd(::fcntl(input_fd, F_DUPFD_CLOEXEC, 0));
      if (!fd.valid()) {
        return base::IoError("standard input");
      }
      return OpenArchive(std::move(fd), plan, options.limits).With("standard input");
    }
    case SourceKind::kOciLayout: {
      SCANTLING_TRY(base::Fd root, OpenFolder(spec.path));
      auto store = std::make_unique<FolderStore>(std::move(root));
      auto planned = PlanImage(*store, plan);
      if (!planned) {
        return std::move(planned).error().With(spec.path);
      }
      return MakeStoredImage(std::move(store), std::move(*planned));
    }
    case SourceKind::kRegistry:
      if (options.maybe_registry == nullptr) {
        return base::Unsupported(spec.original + ": registries cannot be asked from here");
      }
      return registry::OpenRegistryImage(*options.maybe_registry, spec.path, options);
    case SourceKind::kDaemon:
      return OpenDaemonImage(spec.path, spec.original, options);
    case SourceKind::kDockerArchive:
    case SourceKind::kOciArchive:
      break;
  }
  SCANTLING_TRY(base::Fd fd, base::OpenForRead(spec.path));
  return OpenArchive(std::move(fd), plan, options.limits).With(spec.path);
}

}  // namespace scantling::image
