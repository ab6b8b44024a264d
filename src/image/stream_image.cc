// See blob_store.h: an archive that passes by once. Its documents are kept, and say at its end what
// the layers were.
#include "base/strings.h"
#include "image/archive.h"
#include "image/blob_store.h"

#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace scantling::image {
namespace {

constexpr uint64_t kMaxKeptDocuments = uint64_t{256} << 20;

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

  base::Result<void> ForEachBlob(unsigned jobs, const Need& /*need*/, const Read& read) override {
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
          auto done = read(name, {HashByName(name), jobs > 1 ? Threads::kTwo : Threads::kOne}, all);
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

}  // namespace

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

}  // namespace scantling::image
