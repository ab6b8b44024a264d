#include "advisory/feed_files.h"

#include "base/file.h"
#include "codec/inflate.h"
#include "codec/tar.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>

namespace scantling::advisory {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kEndings = {".tar.zst", ".tar.gz", ".tar.xz", ".tar"};

class BytesSource final : public codec::ByteSource {
 public:
  explicit BytesSource(base::Bytes bytes) : bytes_(bytes) {}
  base::Result<size_t> Read(std::span<std::byte> into) override {
    const size_t count = std::min(into.size(), bytes_.size());
    std::memcpy(into.data(), bytes_.data(), count);
    bytes_ = bytes_.subspan(count);
    return count;
  }

 private:
  base::Bytes bytes_;
};

class Collector final : public codec::TarHandler {
 public:
  Collector(const base::Limits& limits, const FeedVisitor& visitor)
      : limits_(limits), visitor_(visitor) {}

  bool OnEntry(const codec::TarEntry& entry) override {
    ++entries_;
    path_ = entry.path;
    while (path_.starts_with("./")) {
      path_.erase(0, 2);
    }
    if (entry.kind != codec::TarKind::kFile || !visitor_.wants(path_)) {
      return false;
    }
    if (entry.size > limits_.document_bytes) {
      visitor_.skipped(path_, "larger than the limit document-bytes");
      return false;
    }
    data_.clear();
    return true;
  }
  bool OnData(uint64_t /*offset*/, base::Bytes data) override {
    data_ += base::AsText(data);
    return true;
  }
  void OnEntryEnd() override { visitor_.read(path_, data_); }
  uint64_t entries() const { return entries_; }

 private:
  const base::Limits& limits_;
  const FeedVisitor& visitor_;
  std::string path_;
  std::string data_;
  uint64_t entries_ = 0;
};

base::Result<void> VisitArchive(const std::string& path, const base::Limits& limits,
                                const FeedVisitor& visitor) {
  SCANTLING_TRY(const base::MappedFile file, base::MappedFile::Open(path));
  BytesSource packed(file.bytes());
  const codec::Compression compression =
      codec::SniffCompression(file.bytes().first(std::min<size_t>(file.bytes().size(), 6)));
  std::unique_ptr<codec::ByteSource> inflater;
  codec::ByteSource* source = &packed;
  if (compression != codec::Compression::kNone) {
    SCANTLING_TRY(inflater, codec::MakeInflater(compression, packed, limits));
    source = inflater.get();
  }
  Collector collector(limits, visitor);
  codec::TarWalker walker(collector);
  std::vector<std::byte> buffer(size_t{256} << 10);
  while (true) {
    SCANTLING_TRY(const size_t count, source->Read(buffer));
    if (count == 0) {
      break;
    }
    SCANTLING_DO(walker.Feed(std::span(buffer).first(count)));
    if (collector.entries() > limits.image_entries) {
      return base::LimitMet("more entries than the limit image-entries");
    }
  }
  return walker.Finish();
}

base::Result<void> VisitFolder(const fs::path& folder, const base::Limits& limits,
                               const FeedVisitor& visitor) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code type_error;
    if (it->is_regular_file(type_error) && !it->is_symlink(type_error)) {
      std::string path = it->path().lexically_relative(folder).generic_string();
      if (visitor.wants(path)) {
        paths.push_back(std::move(path));
      }
    }
  }
  if (error) {
    return base::Error(base::ErrorCode::kIo, folder.string() + ": " + error.message());
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    const auto bytes = base::ReadFile((folder / path).string(), limits.document_bytes);
    if (!bytes.has_value()) {
      if (bytes.error().code() != base::ErrorCode::kLimit) {
        return bytes.error().Clone();
      }
      visitor.skipped(path, "larger than the limit document-bytes");
      continue;
    }
    visitor.read(path, *bytes);
  }
  return {};
}

}  // namespace

base::Result<bool> VisitFeed(const std::string& feeds_folder, std::string_view archive,
                             const base::Limits& limits, const FeedVisitor& visitor) {
  const std::string stem = feeds_folder + "/" + std::string(archive);
  std::error_code error;
  for (const std::string_view ending : kEndings) {
    const std::string path = stem + std::string(ending);
    if (fs::is_regular_file(path, error)) {
      SCANTLING_DO(VisitArchive(path, limits, visitor).With(path));
      return true;
    }
  }
  if (fs::is_directory(stem, error)) {
    SCANTLING_DO(VisitFolder(stem, limits, visitor));
    return true;
  }
  return false;
}

base::Result<std::vector<std::string>> ListFeeds(const std::string& feeds_folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(feeds_folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code type_error;
    std::string name = it->path().filename().string();
    if (it->is_directory(type_error)) {
      names.insert(std::move(name));
      continue;
    }
    for (const std::string_view ending : kEndings) {
      if (name.size() > ending.size() && name.ends_with(ending)) {
        names.insert(name.substr(0, name.size() - ending.size()));
        break;
      }
    }
  }
  if (error) {
    return base::Error(base::ErrorCode::kIo, feeds_folder + ": " + error.message());
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace scantling::advisory
