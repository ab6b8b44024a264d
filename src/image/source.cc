// See source.h: the two kinds of opened images. What an image is made of is found by image_plan.h.
#include "image/source.h"

#include "base/file.h"
#include "base/strings.h"
#include "image/archive.h"
#include "image/blob_source.h"
#include "image/image_plan.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <utility>

namespace scantling::image {
namespace {

constexpr uint64_t kMaxKeptDocuments = uint64_t{256} << 20;

struct OpenedBlob {
  std::unique_ptr<codec::ByteSource> bytes;
  uint64_t size = 0;
};

// Blobs by name, any number of them at once.
class BlobStore : public DocumentStore {
 public:
  virtual base::Result<OpenedBlob> Open(const std::string& name) const = 0;

  base::Result<std::string> ReadDocument(const std::string& name) const override {
    SCANTLING_TRY(const OpenedBlob blob, Open(name));
    return ReadAll(*blob.bytes, kMaxDocumentBytes).With(name);
  }
  bool Has(const std::string& name) const override { return Open(name).has_value(); }
};

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

class RandomAccessImage : public ImageHandle {
 public:
  RandomAccessImage(std::unique_ptr<BlobStore> store, ImagePlan plan)
      : store_(std::move(store)), plan_(std::move(plan)) {}

  bool StreamsOnly() const override { return false; }
  base::Result<model::Image> Describe() const override { return plan_.image; }
  base::Result<std::vector<LayerBlob>> Layers() const override { return plan_.layers; }

  base::Result<std::unique_ptr<codec::ByteSource>> Reopen(const LayerBlob& layer) const override {
    SCANTLING_TRY(OpenedBlob blob, store_->Open(layer.blob));
    return std::move(blob.bytes);
  }

  base::Result<void> ForEachBlob(unsigned jobs, const Need& need, const Read& read) override {
    struct Job {
      const LayerBlob* layer = nullptr;
      OpenedBlob blob;
      std::optional<base::Error> error;
    };
    std::vector<Job> todo;
    std::set<std::string> seen;
    for (const LayerBlob& layer : plan_.layers) {
      if (!seen.insert(layer.blob).second || !need(layer)) {
        continue;
      }
      auto blob = store_->Open(layer.blob);
      if (!blob && blob.error().code() == base::ErrorCode::kNotFound) {
        continue;  // the caller sees that it never came
      }
      Job job;
      job.layer = &layer;
      if (blob) {
        job.blob = std::move(*blob);
      } else {
        job.error = std::move(blob).error();
      }
      todo.push_back(std::move(job));
    }
    // The largest first, so that no long one is left alone at the end.
    std::vector<size_t> order(todo.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return todo[a].blob.size != todo[b].blob.size ? todo[a].blob.size > todo[b].blob.size : a < b;
    });
    std::atomic<size_t> next = 0;
    const auto work = [&] {
      for (size_t i = next++; i < order.size(); i = next++) {
        Job& job = todo[order[i]];
        if (job.error) {
          continue;
        }
        auto done = read(job.layer->blob, job.blob.size, plan_.hash, *job.blob.bytes);
        if (!done) {
          job.error = std::move(done).error();
        }
        job.blob.bytes.reset();
      }
    };
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 1; i < jobs && i < order.size(); ++i) {
        threads.emplace_back(work);
      }
      work();
    }
    for (Job& job : todo) {
      if (job.error) {
        return std::move(*job.error).With(job.layer->blob);
      }
    }
    return {};
  }

 private:
  std::unique_ptr<BlobStore> store_;
  ImagePlan plan_;
};

// Documents that passed by in a stream.
class KeptDocuments : public DocumentStore {
 public:
  base::Result<std::string> ReadDocument(const std::string& name) const override {
    const auto it = documents_.find(Resolve(name));
    if (it == documents_.end()) {
      return base::NotFound(name + ": not in the archive");
    }
    return it->second;
  }
  bool Has(const std::string& name) const override {
    const std::string resolved = Resolve(name);
    return documents_.contains(resolved) || blobs_.contains(resolved);
  }
  std::string Resolve(const std::string& name) const override { return links_.Resolve(name); }

  base::Result<void> Keep(const std::string& name, std::string text) {
    bytes_ += text.size();
    if (bytes_ > kMaxKeptDocuments) {
      return base::LimitMet("more than " + std::to_string(kMaxKeptDocuments) +
                            " bytes of documents");
    }
    documents_.insert_or_assign(name, std::move(text));
    return {};
  }
  void Saw(const std::string& name) { blobs_.insert(name); }
  ArchiveLinks& links() { return links_; }

 private:
  std::map<std::string, std::string> documents_;
  std::set<std::string> blobs_;
  ArchiveLinks links_;
  uint64_t bytes_ = 0;
};

class StreamImage : public ImageHandle {
 public:
  // `bytes`: the archive's tar, unpacked. `below`: what it reads from, kept alive.
  StreamImage(std::vector<std::unique_ptr<codec::ByteSource>> below,
              std::unique_ptr<codec::ByteSource> bytes, PlanOptions options, base::Limits limits)
      : below_(std::move(below)),
        bytes_(std::move(bytes)),
        options_(std::move(options)),
        limits_(limits) {
    options_.stream = true;
  }

  bool StreamsOnly() const override { return true; }

  base::Result<void> ForEachBlob(unsigned /*jobs*/, const Need& /*need*/,
                                 const Read& read) override {
    if (std::exchange(was_read_, true)) {
      return base::Unsupported("a stream can be read once only");
    }
    std::optional<base::Error> first;
    SCANTLING_DO(ReadArchive(
        *bytes_, limits_, documents_.links(),
        [&](const std::string& name, uint64_t size,
            codec::ByteSource& bytes) -> base::Result<void> {
          std::array<std::byte, 512> head;
          SCANTLING_TRY(const size_t count, ReadFully(bytes, head));
          const base::Bytes seen = base::Bytes(head).first(count);
          PrefixedSource all(seen, bytes);
          const std::string_view text = base::Trim(base::AsText(seen));
          // A layer's first file may have such a name too.
          if (size <= kMaxDocumentBytes && (text.starts_with('{') || text.starts_with('[')) &&
              !LooksLikeTar(seen)) {
            SCANTLING_TRY(std::string document, ReadAll(all, kMaxDocumentBytes));
            return documents_.Keep(name, std::move(document));
          }
          documents_.Saw(name);
          if (codec::SniffCompression(seen) == codec::Compression::kNone && !LooksLikeTar(seen)) {
            return {};
          }
          auto done = read(name, size, HashByName(name), all);
          if (!done && !first) {
            first = std::move(done).error().With(name);
          }
          return {};
        }));
    if (first) {
      return std::move(*first);
    }
    SCANTLING_TRY(plan_, PlanImage(documents_, options_));
    planned_ = true;
    return {};
  }

  base::Result<model::Image> Describe() const override {
    SCANTLING_DO(Planned());
    return plan_.image;
  }
  base::Result<std::vector<LayerBlob>> Layers() const override {
    SCANTLING_DO(Planned());
    return plan_.layers;
  }
  base::Result<std::unique_ptr<codec::ByteSource>> Reopen(
      const LayerBlob& /*layer*/) const override {
    return base::Unsupported("the image came as a stream and cannot be read a second time");
  }

 private:
  base::Result<void> Planned() const {
    return planned_ ? base::Result<void>() : base::Unsupported("the stream was not read yet");
  }

  std::vector<std::unique_ptr<codec::ByteSource>> below_;
  std::unique_ptr<codec::ByteSource> bytes_;
  PlanOptions options_;
  const base::Limits limits_;
  KeptDocuments documents_;
  ImagePlan plan_;
  bool was_read_ = false;
  bool planned_ = false;
};

// A source that looked at its first bytes and still gives them.
class OwnedPrefix : public codec::ByteSource {
 public:
  OwnedPrefix(std::string prefix, codec::ByteSource& rest)
      : prefix_(std::move(prefix)), source_(base::AsBytes(prefix_), rest) {}
  base::Result<size_t> Read(std::span<std::byte> into) override { return source_.Read(into); }

 private:
  std::string prefix_;
  PrefixedSource source_;
};

base::Result<std::unique_ptr<ImageHandle>> OpenStream(std::unique_ptr<codec::ByteSource> stored,
                                                      const PlanOptions& plan,
                                                      const base::Limits& limits) {
  std::array<std::byte, 6> head;
  SCANTLING_TRY(const size_t count, ReadFully(*stored, head));
  if (count == 0) {
    return base::Truncated("nothing to read: the input is empty");
  }
  const std::string seen(base::AsText(base::Bytes(head).first(count)));
  const codec::Compression compression = codec::SniffCompression(base::AsBytes(seen));
  std::vector<std::unique_ptr<codec::ByteSource>> below;
  std::unique_ptr<codec::ByteSource> bytes = std::make_unique<OwnedPrefix>(seen, *stored);
  below.push_back(std::move(stored));
  if (compression != codec::Compression::kNone) {
    SCANTLING_TRY(auto inflated, codec::MakeInflater(compression, *bytes, limits));
    below.push_back(std::move(bytes));
    bytes = std::move(inflated);
  }
  return std::unique_ptr<ImageHandle>(
      std::make_unique<StreamImage>(std::move(below), std::move(bytes), plan, limits));
}

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
  return std::unique_ptr<ImageHandle>(
      std::make_unique<RandomAccessImage>(std::move(store), std::move(planned)));
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
      return std::unique_ptr<ImageHandle>(
          std::make_unique<RandomAccessImage>(std::move(store), std::move(*planned)));
    }
    case SourceKind::kDockerArchive:
    case SourceKind::kOciArchive:
      break;
  }
  SCANTLING_TRY(base::Fd fd, base::OpenForRead(spec.path));
  return OpenArchive(std::move(fd), plan, options.limits).With(spec.path);
}

}  // namespace scantling::image
