// See archive.h. Both readers feed single header blocks to the tar walker and pass over the data
// themselves.
#include "image/archive.h"

#include "base/strings.h"
#include "codec/tar.h"
#include "image/blob_source.h"
#include "image/path.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

namespace scantling::image {
namespace {

constexpr size_t kBlock = 512;
constexpr uint64_t kMaxFiles = 200'000;  // of one archive; layers' files are not among them

// Remembers the last entry; never wants data, so that its bytes can be skipped.
class LastEntry : public codec::TarHandler {
 public:
  bool OnEntry(const codec::TarEntry& entry) override {
    name_ = entry.path;
    target_ = entry.target;
    kind_ = entry.kind;
    size_ = entry.size;
    sparse_ = entry.sparse;
    fresh_ = true;
    return false;
  }
  bool OnData(uint64_t, base::Bytes) override { return false; }
  void OnEntryEnd() override {}

  // The file that the last header began; links go to `links`.
  struct File {
    std::string name;
    uint64_t size = 0;
  };
  base::Result<std::optional<File>> Take(const base::Limits& limits, ArchiveLinks& links) {
    if (!std::exchange(fresh_, false)) {
      return std::optional<File>();
    }
    if (++count_ > kMaxFiles) {
      return base::LimitMet("more than " + std::to_string(kMaxFiles) + " files in the archive");
    }
    File out;
    SCANTLING_DO(CheckedPath(name_, limits, out.name));
    out.size = size_;
    switch (kind_) {
      case codec::TarKind::kFile:
        if (sparse_) {
          return base::Unsupported(out.name + ": a sparse file as part of an image archive");
        }
        return std::optional<File>(std::move(out));
      case codec::TarKind::kHardlink:
      case codec::TarKind::kSymlink:
        links.Add(out.name, target_, kind_ == codec::TarKind::kSymlink);
        break;
      default:
        break;
    }
    return std::optional<File>();
  }

 private:
  std::string name_;
  std::string target_;
  codec::TarKind kind_ = codec::TarKind::kOther;
  uint64_t size_ = 0;
  bool sparse_ = false;
  bool fresh_ = false;
  uint64_t count_ = 0;
};

// `left` bytes of a source; a source that ends before is an error.
class EntrySource : public codec::ByteSource {
 public:
  EntrySource(codec::ByteSource& source, uint64_t left) : source_(source), left_(left) {}
  base::Result<size_t> Read(std::span<std::byte> into) override {
    const auto want = static_cast<size_t>(std::min<uint64_t>(into.size(), left_));
    if (want == 0) {
      return size_t{0};
    }
    SCANTLING_TRY(const size_t count, source_.Read(into.first(want)));
    if (count == 0) {
      return base::Truncated("the archive ends " + std::to_string(left_) + " bytes early");
    }
    left_ -= count;
    return count;
  }
  base::Result<void> SkipRest() {
    std::array<std::byte, 65536> scrap;
    while (left_ != 0) {
      SCANTLING_TRY(const size_t ignored, Read(scrap));
      static_cast<void>(ignored);
    }
    return {};
  }

 private:
  codec::ByteSource& source_;
  uint64_t left_;
};

}  // namespace

void ArchiveLinks::Add(const std::string& name, std::string_view target, bool symbolic) {
  std::string raw;
  if (symbolic && !target.starts_with('/')) {
    raw = std::string(base::DirName(name)) + "/";
  }
  raw += target;
  std::string normal;
  NormalizePath(raw, normal);
  links_.insert_or_assign(name, std::move(normal));
}

std::string ArchiveLinks::Resolve(std::string name) const {
  for (int steps = 0; steps < 40; ++steps) {
    const auto it = links_.find(name);
    if (it == links_.end()) {
      break;
    }
    name = it->second;
  }
  return name;
}

base::Result<ArchiveIndex> IndexArchive(const base::Fd& fd, uint64_t size,
                                        const base::Limits& limits) {
  ArchiveIndex out;
  LastEntry last;
  codec::TarWalker walker(last);
  // Headers come one by one, with a layer's bytes between them: a borrowed descriptor is enough
  // here.
  const auto shared = std::shared_ptr<const base::Fd>(std::shared_ptr<void>(), &fd);
  std::array<std::byte, kBlock> block;
  while (!walker.at_end()) {
    const uint64_t at = walker.position();
    if (at >= size) {
      break;
    }
    const auto want = static_cast<size_t>(std::min<uint64_t>(kBlock, size - at));
    FileRange range(shared, at, want);
    SCANTLING_TRY(const size_t count, ReadFully(range, std::span(block).first(want)));
    SCANTLING_DO(walker.Feed(base::Bytes(block).first(count)));
    SCANTLING_TRY(auto file, last.Take(limits, out.links));
    if (file) {
      out.files.insert_or_assign(std::move(file->name),
                                 ArchiveIndex::Range{walker.position(), file->size});
    }
    const uint64_t skip = walker.Skippable();
    const uint64_t here = walker.position();
    if (skip > size - here) {
      return base::Truncated("the archive ends inside a file: " + std::to_string(size) +
                             " bytes are there, the file ends at " + std::to_string(here + skip));
    }
    walker.Skip(skip);
  }
  SCANTLING_DO(walker.Finish());
  return out;
}

base::Result<void> ReadArchive(codec::ByteSource& stream, const base::Limits& limits,
                               ArchiveLinks& links, const VisitFile& visit) {
  LastEntry last;
  codec::TarWalker walker(last);
  std::array<std::byte, kBlock> block;
  while (!walker.at_end()) {
    SCANTLING_TRY(const size_t count, ReadFully(stream, block));
    if (count == 0) {
      break;
    }
    SCANTLING_DO(walker.Feed(base::Bytes(block).first(count)));
    SCANTLING_TRY(const auto file, last.Take(limits, links));
    uint64_t skip = walker.Skippable();
    if (file) {
      EntrySource bytes(stream, file->size);
      SCANTLING_DO(visit(file->name, file->size, bytes));
      SCANTLING_DO(bytes.SkipRest());
      walker.Skip(file->size);
      skip -= file->size;
    }
    EntrySource padding(stream, skip);
    SCANTLING_DO(padding.SkipRest());
    walker.Skip(skip);
  }
  SCANTLING_DO(walker.Finish());
  // Read to the very end: the other side of a pipe must not be told that we went away.
  std::array<std::byte, 65536> scrap;
  while (true) {
    SCANTLING_TRY(const size_t count, stream.Read(scrap));
    if (count == 0) {
      return {};
    }
  }
}

base::Result<size_t> PrefixedSource::Read(std::span<std::byte> into) {
  if (prefix_.empty()) {
    return rest_.Read(into);
  }
  const size_t count = std::min(prefix_.size(), into.size());
  std::memcpy(into.data(), prefix_.data(), count);
  prefix_ = prefix_.subspan(count);
  return count;
}

bool LooksLikeTar(base::Bytes head) {
  if (head.size() < kBlock) {
    return false;
  }
  LastEntry last;
  codec::TarWalker walker(last);
  return walker.Feed(head.first(kBlock)).has_value();
}

}  // namespace scantling::image
