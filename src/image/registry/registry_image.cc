// See registry_image.h. The registry is shown to image_plan.h as if it were an OCI layout whose
// index.json names one manifest, so that both are read by the same code. Of an index with several
// platforms only the manifests that the platform fits are fetched: registries count them.
#include "image/registry/registry_image.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "image/blob_store.h"
#include "image/image_plan.h"
#include "image/registry/manifest.h"

#include <map>
#include <set>
#include <utility>

namespace scantling::image::registry {
namespace {

constexpr std::string_view kBlobs = "blobs/sha256/";
constexpr uint64_t kMaxReadBytes = uint64_t{128} << 20;

class RegistryStore : public BlobStore {
 public:
  RegistryStore(const Client& client, Reference reference, Manifest top, std::string platform)
      : client_(client),
        reference_(std::move(reference)),
        top_(std::move(top)),
        platform_(std::move(platform)) {
    manifests_.insert(top_.digest.ToString());
  }

  base::Result<std::string> ReadDocument(const std::string& name) const override {
    if (name == "index.json") {
      return IndexDocument();
    }
    SCANTLING_TRY(const base::Digest digest, DigestOf(name));
    const std::string key = digest.ToString();
    if (const auto other = not_wanted_.find(key); other != not_wanted_.end()) {
      return base::NotFound(other->second);
    }
    // The planner reads some twice.
    if (const auto read = read_.find(key); read != read_.end()) {
      return read->second;
    }
    std::string text;
    if (!manifests_.contains(key)) {
      SCANTLING_TRY(text, BlobStore::ReadDocument(name));
    } else if (digest == top_.digest) {
      text = top_.bytes;
    } else {
      Reference reference = reference_;
      reference.digest = digest;
      SCANTLING_TRY(Manifest manifest, client_.GetManifest(reference));
      text = std::move(manifest.bytes);
    }
    if (manifests_.contains(key)) {
      Note(text);
    }
    read_bytes_ += text.size();
    if (read_bytes_ > kMaxReadBytes) {
      return base::LimitMet("manifests and configurations of more than " +
                            std::to_string(kMaxReadBytes) + " bytes");
    }
    return read_.emplace(key, std::move(text)).first->second;
  }

  base::Result<OpenedBlob> Open(const std::string& name) const override {
    SCANTLING_TRY(const base::Digest digest, DigestOf(name));
    const auto size = sizes_.find(digest.ToString());
    const auto bytes = size == sizes_.end() ? std::nullopt : std::optional(size->second);
    return OpenedBlob{client_.OpenBlob(reference_, digest, bytes), bytes.value_or(0)};
  }

  // Asked of foreign layers, which a registry need not have.
  bool Has(const std::string& name) const override {
    if (name == "index.json") {
      return true;
    }
    const auto digest = DigestOf(name);
    return digest && client_.HasBlob(reference_, *digest).value_or(false);
  }
  std::string Resolve(const std::string& name) const override { return name; }

 private:
  static base::Result<base::Digest> DigestOf(const std::string& name) {
    const auto digest = name.starts_with(kBlobs)
                            ? base::Digest::Parse("sha256:" + name.substr(kBlobs.size()))
                            : std::nullopt;
    if (!digest) {
      return base::NotFound(name + ": not in the registry");
    }
    return *digest;
  }

  std::string IndexDocument() const {
    std::string out;
    codec::JsonWriter writer(&out, codec::JsonWriter::Layout::kCompact);
    writer.BeginObject();
    writer.Int("schemaVersion", 2);
    writer.Key("manifests");
    writer.BeginArray();
    writer.BeginObject();
    writer.Text("mediaType", base::ToUtf8(top_.media_type));
    writer.Text("digest", top_.digest.ToString());
    writer.Uint("size", top_.bytes.size());
    writer.Key("annotations");
    writer.BeginObject();
    writer.Text("io.containerd.image.name", reference_.ToString());
    writer.EndObject();
    writer.EndObject();
    writer.EndArray();
    writer.EndObject();
    return out;
  }

  // A document that is broken names nothing here, and is refused by who reads it.
  void Note(const std::string& text) const {
    const NamedBlobs named = BlobsNamedBy(text);
    sizes_.insert(named.sizes.begin(), named.sizes.end());
    std::set<std::string> platforms;
    for (const NamedBlobs::Entry& entry : named.manifests) {
      manifests_.insert(entry.digest);
      platforms.insert(entry.platform.empty() ? "unknown" : entry.platform);
    }
    platforms.erase("unknown/unknown");  // attestations
    const std::string wish = platform_.empty() ? HostPlatform() : platform_;
    if (platforms.size() < 2 && platform_.empty()) {
      return;
    }
    const std::string message = "no image for " + wish + "; there is: " +
                                base::Join({platforms.begin(), platforms.end()}, ", ") +
                                " (--platform chooses)";
    for (const NamedBlobs::Entry& entry : named.manifests) {
      if (!entry.platform.empty() && !PlatformMatches(wish, entry.platform)) {
        not_wanted_.emplace(entry.digest, message);
      }
    }
  }

  const Client& client_;
  const Reference reference_;
  const Manifest top_;
  const std::string platform_;
  // Filled while the image is planned, by one thread; only read after that.
  mutable std::set<std::string> manifests_;
  mutable std::map<std::string, uint64_t> sizes_;
  mutable std::map<std::string, std::string> not_wanted_;  // and what to say of them
  mutable std::map<std::string, std::string> read_;        // documents, by digest
  mutable uint64_t read_bytes_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<ImageHandle>> OpenRegistryImage(const Client& client,
                                                             const std::string& reference_text,
                                                             const OpenOptions& options) {
  SCANTLING_TRY(const Reference reference, ParseReference(reference_text));
  SCANTLING_TRY(Manifest top, client.GetManifest(reference));
  if (top.media_type.starts_with("application/vnd.docker.distribution.manifest.v1")) {
    return base::Unsupported(reference.ToString() + ": schema 1 manifests are not supported");
  }
  auto store = std::make_unique<RegistryStore>(client, reference, std::move(top), options.platform);
  PlanOptions plan_options;
  plan_options.kind = SourceKind::kOciLayout;
  plan_options.platform = options.platform;
  plan_options.source = "registry:" + reference.ToString();
  auto plan = PlanOci(*store, plan_options);
  if (!plan) {
    return std::move(plan).error().With(reference.Name());
  }
  return MakeStoredImage(std::move(store), std::move(*plan));
}

}  // namespace scantling::image::registry
