// See registry_image.h. The registry is shown to image_plan.h as if it were an OCI layout whose
// index.json names one manifest, so that both are read by the same code. Of an index with several
// platforms only the manifests that the platform fits are fetched: registries count them.
#include "image/registry/registry_image.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "image/blob_store.h"
#include "image/image_plan.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace scantling::image::registry {
namespace {

constexpr std::string_view kBlobs = "blobs/sha256/";

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
    if (!manifests_.contains(key)) {
      return BlobStore::ReadDocument(name);
    }
    std::string text;
    if (digest == top_.digest) {
      text = top_.bytes;
    } else {
      Reference reference = reference_;
      reference.digest = digest;
      SCANTLING_TRY(Manifest manifest, client_.GetManifest(reference));
      text = std::move(manifest.bytes);
    }
    Note(text);
    return text;
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
    writer.AnyText("mediaType", top_.media_type);
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

  // What a manifest or an index says of other blobs. A document that is broken says nothing here,
  // and is refused by who reads it.
  void Note(const std::string& text) const {
    codec::Json json;
    const auto root = json.Parse(text, kMaxManifestBytes);
    if (!root) {
      return;
    }
    const auto size = [&](codec::JsonValue value) {
      if (const auto bytes = value["size"].Int(); bytes && *bytes >= 0) {
        sizes_.emplace(value["digest"].Text(), static_cast<uint64_t>(*bytes));
      }
      return true;
    };
    size((*root)["config"]);
    (*root)["layers"].ForEach(size);

    struct Entry {
      std::string digest;
      std::string platform;
    };
    std::vector<Entry> entries;
    std::set<std::string> platforms;
    (*root)["manifests"].ForEach([&](codec::JsonValue value) {
      const codec::JsonValue platform = value["platform"];
      Entry entry{std::string(value["digest"].Text()),
                  PlatformText(platform["os"].Text(), platform["architecture"].Text(),
                               platform["variant"].Text())};
      manifests_.insert(entry.digest);
      if (entry.platform != "unknown/unknown") {
        platforms.insert(entry.platform.empty() ? "unknown" : entry.platform);
        entries.push_back(std::move(entry));
      }
      return true;
    });
    const std::string wish = platform_.empty() ? HostPlatform() : platform_;
    if (entries.size() < 2 && platform_.empty()) {
      return;
    }
    const std::string message =
        reference_.ToString() + ": no image for " + wish +
        "; there is: " + base::ToUtf8(base::Join({platforms.begin(), platforms.end()}, ", ")) +
        " (--platform chooses)";
    for (const Entry& entry : entries) {
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
