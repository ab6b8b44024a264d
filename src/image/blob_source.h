// Files of this machine as byte sources: a range of a file by pread, a descriptor as a stream, and
// folders that a path cannot leave.
#pragma once

#include "base/file.h"
#include "base/result.h"
#include "codec/inflate.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace scantling::image {

// Opens `path` below `root` (a folder's descriptor): ".." and absolute links stay inside. Where the
// kernel has no openat2, links are refused instead.
base::Result<base::Fd> OpenInRoot(const base::Fd& root, const std::string& path, int flags);
base::Result<base::Fd> OpenFolder(const std::string& path);

// `size` bytes from `offset`, or up to the file's end. Several ranges may read one descriptor at
// once. A file that ends early (it was cut while we read) is an error.
class FileRange : public codec::ByteSource {
 public:
  FileRange(std::shared_ptr<const base::Fd> fd, uint64_t offset, uint64_t size)
      : fd_(std::move(fd)), offset_(offset), left_(size) {}
  base::Result<size_t> Read(std::span<std::byte> into) override;

 private:
  std::shared_ptr<const base::Fd> fd_;
  uint64_t offset_;
  uint64_t left_;
};

// A descriptor that can only be read on (a pipe). Borrows it.
class DescriptorStream : public codec::ByteSource {
 public:
  explicit DescriptorStream(int fd) : fd_(fd) {}
  base::Result<size_t> Read(std::span<std::byte> into) override;

 private:
  int fd_;
};

// Reads until `into` is full or the source ends.
base::Result<size_t> ReadFully(codec::ByteSource& source, std::span<std::byte> into);
// All bytes; an error above max_bytes.
base::Result<std::string> ReadAll(codec::ByteSource& source, uint64_t max_bytes);

}  // namespace scantling::image
