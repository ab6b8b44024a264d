// OCI layouts: from index.json, through nested indexes, to one manifest and its configuration. See
// image_plan.h.
//
// What is no image (attestations with the platform "unknown/unknown", artifacts) is passed over.
#include "base/strings.h"
#include "codec/json.h"
#include "image/image_plan.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace scantling::image {
namespace {

constexpr size_t kMaxIndexes = 256;
constexpr size_t kMaxDescriptors = 10'000;
constexpr size_t kMaxLayers = 4096;

struct Descriptor {
  std::string media_type;
  std::string digest;
  int64_t size = -1;
  std::string platform;
  std::string name;       // what a user calls it
  std::string full_name;  // "docker.io/library/shop:1.4", by containerd and docker
  bool artifact = false;
};

Descriptor ReadDescriptor(codec::JsonValue value) {
  Descriptor out;
  out.media_type = value["mediaType"].Text();
  out.digest = value["digest"].Text();
  out.size = value["size"].Int().value_or(-1);
  const codec::JsonValue platform = value["platform"];
  out.platform = PlatformText(platform["os"].Text(), platform["architecture"].Text(),
                              platform["variant"].Text());
  const codec::JsonValue annotations = value["annotations"];
  out.name = annotations["org.opencontainers.image.ref.name"].Text();
  out.full_name = annotations["io.containerd.image.name"].Text();
  out.artifact = out.platform == "unknown/unknown" || !value["artifactType"].IsMissing() ||
                 !annotations["vnd.docker.reference.type"].IsMissing();
  return out;
}

bool Names(const Descriptor& descriptor, std::string_view tag) {
  for (const std::string* name : {&descriptor.name, &descriptor.full_name}) {
    if (*name == tag || (!tag.empty() && (name->ends_with("/" + std::string(tag)) ||
                                          name->ends_with(":" + std::string(tag))))) {
      return true;
    }
  }
  return descriptor.digest == tag;
}

base::Result<base::Digest> ParseDigest(const std::string& text) {
  if (const auto digest = base::Digest::Parse(text)) {
    return *digest;
  }
  if (text.starts_with("sha512:")) {
    return base::Unsupported(text.substr(0, 23) + "...: sha512 digests are not supported");
  }
  return base::Invalid("\"" + base::ToUtf8(text.substr(0, 100)) + "\" is not a digest");
}

std::string BlobName(const base::Digest& digest) { return "blobs/sha256/" + digest.Hex(); }

base::Result<std::string> ReadVerified(const DocumentStore& store, const std::string& digest_text,
                                       int64_t size) {
  SCANTLING_TRY(const base::Digest digest, ParseDigest(digest_text));
  const std::string name = BlobName(digest);
  SCANTLING_TRY(std::string text, store.ReadDocument(name));
  const base::Digest found = base::Sha256Of(base::AsBytes(text));
  if (found != digest || (size >= 0 && static_cast<uint64_t>(size) != text.size())) {
    return base::Error(base::ErrorCode::kMismatch,
                       name + ": should be " + digest.ToString() +
                           (size >= 0 ? " (" + std::to_string(size) + " bytes)" : "") + ", is " +
                           found.ToString() + " (" + std::to_string(text.size()) +
                           " bytes): the blob is damaged or was replaced");
  }
  return text;
}

bool IsIndexType(std::string_view type) {
  return type == "application/vnd.oci.image.index.v1+json" ||
         type == "application/vnd.docker.distribution.manifest.list.v2+json";
}

// What a manifest that is no image's holds: a chart, a signature, an SBOM; "" for an image's.
std::string ArtifactType(codec::JsonValue manifest) {
  const std::string_view config = manifest["config"]["mediaType"].Text();
  const codec::JsonValue type = manifest["artifactType"];
  if (!type.IsMissing()) {
    return base::ToUtf8(type.Text().empty() ? std::string_view("of no type") : type.Text());
  }
  if (!manifest["layers"].IsArray()) {
    return "a manifest without layers";
  }
  if (config == "application/vnd.oci.empty.v1+json") {
    return base::ToUtf8(config);
  }
  // A configuration of a strange type may still be an image's: its layers tell.
  if (config.empty() || config.starts_with("application/vnd.oci.image.config.") ||
      config.starts_with("application/vnd.docker.container.image.")) {
    return {};
  }
  bool other = manifest["layers"].Size() > 0;
  manifest["layers"].ForEach([&](codec::JsonValue layer) {
    const std::string_view media = layer["mediaType"].Text();
    other = other && media.starts_with("application/vnd.") &&
            !media.starts_with("application/vnd.oci.image.layer.") &&
            !media.starts_with("application/vnd.docker.image.rootfs.");
    return other;
  });
  return other ? base::ToUtf8(config) : std::string();
}

std::vector<Descriptor> Manifests(codec::JsonValue index) {
  std::vector<Descriptor> out;
  index["manifests"].ForEach([&](codec::JsonValue value) {
    out.push_back(ReadDescriptor(value));
    return out.size() < kMaxDescriptors;
  });
  return out;
}

std::string List(const std::set<std::string>& names) {
  return base::ToUtf8(base::Join(std::vector<std::string>(names.begin(), names.end()), ", "));
}

class OciPlanner {
 public:
  OciPlanner(const DocumentStore& store, const PlanOptions& options)
      : store_(store), options_(options) {}

  base::Result<ImagePlan> Run() {
    SCANTLING_TRY(std::vector<Descriptor> candidates, TopLevel());
    SCANTLING_DO(Expand(std::move(candidates)));
    SCANTLING_TRY(const size_t chosen, Choose());
    return Read(manifests_[chosen]);
  }

 private:
  // The descriptors of index.json that the tag names, or all.
  base::Result<std::vector<Descriptor>> TopLevel() {
    SCANTLING_TRY(const std::string text, store_.ReadDocument("index.json"));
    codec::Json json;
    auto root = json.Parse(text, kMaxDocumentBytes);
    if (!root) {
      return std::move(root).error().With("index.json");
    }
    std::vector<Descriptor> all = Manifests(*root);
    if (all.empty()) {
      return base::Invalid("index.json names no manifest");
    }
    std::set<std::string> names;
    std::vector<Descriptor> named;
    for (const Descriptor& descriptor : all) {
      const std::string& name =
          descriptor.full_name.empty() ? descriptor.name : descriptor.full_name;
      if (!name.empty()) {
        names.insert(name);
      }
      if (Names(descriptor, options_.tag)) {
        named.push_back(descriptor);
      }
    }
    if (!options_.tag.empty()) {
      if (named.empty()) {
        return base::NotFound("no image is called \"" + options_.tag + "\"; there is: " +
                              (names.empty() ? "one without a name" : List(names)));
      }
      return named;
    }
    if (names.size() > 1) {
      std::set<std::string> digests;
      for (const Descriptor& descriptor : all) {
        digests.insert(descriptor.digest);
      }
      if (digests.size() > 1) {
        return base::Error(
            base::ErrorCode::kUsage,
            "several images, say which one (\":TAG\" after the path): " + List(names));
      }
    }
    return all;
  }

  // Indexes are replaced by what they name, without recursion and each once.
  base::Result<void> Expand(std::vector<Descriptor> todo) {
    std::set<std::string> seen;
    size_t indexes = 0;
    std::optional<base::Error> problem;
    std::reverse(todo.begin(), todo.end());
    while (!todo.empty()) {
      const Descriptor descriptor = std::move(todo.back());
      todo.pop_back();
      if (descriptor.artifact || !seen.insert(descriptor.digest).second) {
        continue;
      }
      auto text = ReadVerified(store_, descriptor.digest, descriptor.size);
      if (!text) {
        // A layout may hold one platform of an index that names many.
        if (text.error().code() != base::ErrorCode::kNotFound) {
          return std::move(text).error();
        }
        if (!problem) {
          problem = std::move(text).error();
        }
        continue;
      }
      codec::Json json;
      auto root = json.Parse(*text, kMaxDocumentBytes);
      if (!root) {
        return std::move(root).error().With(descriptor.digest);
      }
      const std::string_view type = (*root)["mediaType"].Text();
      if (IsIndexType(type) || IsIndexType(descriptor.media_type) ||
          (*root)["manifests"].IsArray()) {
        if (++indexes > kMaxIndexes) {
          return base::LimitMet("more than " + std::to_string(kMaxIndexes) + " image indexes");
        }
        std::vector<Descriptor> inner = Manifests(*root);
        if (todo.size() + inner.size() > kMaxDescriptors) {
          return base::LimitMet("more than " + std::to_string(kMaxDescriptors) + " manifests");
        }
        for (auto it = inner.rbegin(); it != inner.rend(); ++it) {
          it->name = descriptor.name;
          it->full_name = descriptor.full_name;
          todo.push_back(std::move(*it));
        }
        continue;
      }
      if ((*root)["schemaVersion"].Int().value_or(2) == 1) {
        return base::Unsupported(descriptor.digest + ": schema 1 manifests are not supported");
      }
      if (const std::string artifact = ArtifactType(*root); !artifact.empty()) {
        artifact_ = artifact;
        continue;
      }
      manifests_.push_back(descriptor);
      if (manifests_.back().platform.empty()) {
        model::Image probe;
        if (auto config =
                ReadVerified(store_, std::string((*root)["config"]["digest"].Text()), -1)) {
          static_cast<void>(ReadConfiguration(*config, probe));
        }
        manifests_.back().platform = probe.platform;
      }
    }
    if (manifests_.empty()) {
      if (!problem && !artifact_.empty()) {
        return base::Unsupported("this is no container image, but an artifact: " + artifact_);
      }
      return problem ? std::move(*problem) : base::Invalid("index.json names no container image");
    }
    return {};
  }

  base::Result<size_t> Choose() const {
    std::set<std::string> platforms;
    for (const Descriptor& manifest : manifests_) {
      platforms.insert(manifest.platform.empty() ? "unknown" : manifest.platform);
    }
    if (manifests_.size() == 1 && options_.platform.empty()) {
      return size_t{0};
    }
    const std::string wish = options_.platform.empty() ? HostPlatform() : options_.platform;
    std::vector<size_t> found;
    for (size_t i = 0; i < manifests_.size(); ++i) {
      if (PlatformMatches(wish, manifests_[i].platform)) {
        found.push_back(i);
      }
    }
    if (found.empty()) {
      return base::NotFound("no image for " + wish + "; there is: " + List(platforms) +
                            " (--platform chooses)");
    }
    for (const size_t i : found) {
      if (manifests_[i].platform == wish) {
        return i;
      }
    }
    return found.front();
  }

  base::Result<ImagePlan> Read(const Descriptor& descriptor) {
    SCANTLING_TRY(const std::string text, ReadVerified(store_, descriptor.digest, descriptor.size));
    codec::Json json;
    SCANTLING_TRY(const codec::JsonValue root, json.Parse(text, kMaxDocumentBytes));
    ImagePlan plan;
    plan.hash = Hash::kStored;
    plan.image.source = options_.source;
    plan.image.reference =
        base::ToUtf8(descriptor.full_name.empty() ? descriptor.name : descriptor.full_name);
    plan.image.digest = descriptor.digest;
    const codec::JsonValue config = root["config"];
    plan.image.config_digest = config["digest"].Text();

    std::vector<int64_t> sizes;
    std::optional<base::Error> problem;
    root["layers"].ForEach([&](codec::JsonValue value) {
      auto layer = ReadLayerDescriptor(value);
      if (!layer) {
        problem = std::move(layer).error();
        return false;
      }
      plan.layers.push_back(std::move(*layer));
      sizes.push_back(value["size"].Int().value_or(0));
      return plan.layers.size() < kMaxLayers;
    });
    if (problem) {
      return std::move(*problem).With("layer " + std::to_string(plan.layers.size()));
    }
    SCANTLING_TRY(const std::string config_text, ReadVerified(store_, plan.image.config_digest,
                                                              config["size"].Int().value_or(-1)));
    SCANTLING_TRY(const auto diff_ids, ReadConfiguration(config_text, plan.image));
    root["annotations"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
      if (key.starts_with("org.opencontainers.image.")) {
        plan.image.annotations.insert_or_assign(base::ToUtf8(key), base::ToUtf8(value.Text()));
      }
      return true;
    });
    SCANTLING_DO(FillLayers(diff_ids, plan));
    for (size_t i = 0; i < sizes.size(); ++i) {
      plan.image.layers[i].size_bytes = static_cast<uint64_t>(std::max<int64_t>(sizes[i], 0));
    }
    return plan;
  }

  base::Result<LayerBlob> ReadLayerDescriptor(codec::JsonValue value) {
    LayerBlob out;
    SCANTLING_TRY(const base::Digest digest, ParseDigest(std::string(value["digest"].Text())));
    out.stored_digest = digest;
    out.blob = BlobName(digest);
    out.media_type = base::ToUtf8(value["mediaType"].Text());
    if (out.media_type.find("tar") == std::string::npos) {
      return base::Unsupported("media type " + out.media_type + " is no layer of files");
    }
    if (out.media_type.find("encrypted") != std::string::npos) {
      return base::Unsupported("the layer is encrypted (" + out.media_type + ")");
    }
    const bool foreign = out.media_type.find("foreign") != std::string::npos ||
                         out.media_type.find("nondistributable") != std::string::npos;
    if (foreign && !store_.Has(out.blob)) {
      out.blob += ", a foreign layer that its maker hands out (" + out.media_type + ")";
    }
    return out;
  }

  const DocumentStore& store_;
  const PlanOptions& options_;
  std::vector<Descriptor> manifests_;
  std::string artifact_;  // the type of one that was passed over
};

}  // namespace

base::Result<ImagePlan> PlanOci(const DocumentStore& store, const PlanOptions& options) {
  return OciPlanner(store, options).Run();
}

}  // namespace scantling::image
