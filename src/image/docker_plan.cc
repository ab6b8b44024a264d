// Docker archives: manifest.json (docker save since 1.10, skopeo, podman, buildah, kaniko), and the
// older form with `repositories`, where each layer has a folder with its own json and names its
// parent. See image_plan.h.
#include "base/strings.h"
#include "codec/json.h"
#include "image/image_plan.h"
#include "image/path.h"

#include <algorithm>
#include <set>
#include <utility>

namespace scantling::image {
namespace {

constexpr size_t kMaxLayers = 4096;

bool NamesReference(std::string_view reference, std::string_view tag) {
  if (reference == tag || reference == std::string(tag) + ":latest") {
    return true;
  }
  return !tag.empty() && (reference.ends_with("/" + std::string(tag)) ||
                          reference.ends_with(":" + std::string(tag)) ||
                          reference.ends_with("/" + std::string(tag) + ":latest"));
}

std::string List(const std::set<std::string>& names) {
  return base::ToUtf8(base::Join(std::vector<std::string>(names.begin(), names.end()), ", "));
}

base::Result<void> CheckPlatform(const PlanOptions& options, const model::Image& image) {
  if (!options.platform.empty() && !PlatformMatches(options.platform, image.platform)) {
    return base::NotFound("no image for " + options.platform + "; there is: " + image.platform);
  }
  return {};
}

// The digest that a configuration's file name promises: "HEX.json" or "blobs/sha256/HEX".
std::optional<base::Digest> PromisedDigest(std::string_view name) {
  std::string_view hex = base::BaseName(name);
  if (hex.ends_with(".json")) {
    hex.remove_suffix(5);
  }
  return base::Digest::Parse("sha256:" + std::string(hex));
}

std::string Normal(std::string_view raw) {
  std::string out;
  NormalizePath(raw, out);
  return out;
}

base::Result<ImagePlan> ReadEntry(const DocumentStore& store, const PlanOptions& options,
                                  codec::JsonValue entry, const std::string& reference) {
  ImagePlan plan;
  plan.hash = Hash::kUnpacked;
  plan.image.source = options.source;
  plan.image.reference = base::ToUtf8(reference);
  const std::string config_name = Normal(entry["Config"].Text());
  SCANTLING_TRY(const std::string config, store.ReadDocument(config_name));
  const base::Digest found = base::Sha256Of(base::AsBytes(config));
  const auto promised = PromisedDigest(config_name);
  if (promised && *promised != found) {
    return base::Error(base::ErrorCode::kMismatch,
                       config_name + ": should be " + promised->ToString() + ", is " +
                           found.ToString() + ": the configuration is damaged or was replaced");
  }
  plan.image.config_digest = found.ToString();
  auto diff_ids = ReadConfiguration(config, plan.image);
  if (!diff_ids) {
    return std::move(diff_ids).error().With(config_name);
  }
  SCANTLING_DO(CheckPlatform(options, plan.image));
  entry["Layers"].ForEach([&](codec::JsonValue value) {
    LayerBlob layer;
    layer.blob = store.Resolve(Normal(value.Text()));
    layer.media_type = "application/vnd.docker.image.rootfs.diff.tar";
    plan.layers.push_back(std::move(layer));
    return plan.layers.size() <= kMaxLayers;
  });
  SCANTLING_DO(FillLayers(*diff_ids, plan));
  if (options.stream) {
    for (LayerBlob& layer : plan.layers) {
      if (HashByName(layer.blob) == Hash::kStored) {
        layer.stored_digest = layer.unpacked_digest;  // docker saves plain tars: both are the same
      }
    }
  }
  return plan;
}

base::Result<ImagePlan> PlanManifest(const DocumentStore& store, const PlanOptions& options) {
  SCANTLING_TRY(const std::string text, store.ReadDocument("manifest.json"));
  codec::Json json;
  auto root = json.Parse(text, kMaxDocumentBytes);
  if (!root) {
    return std::move(root).error().With("manifest.json");
  }
  std::set<std::string> names;
  std::vector<std::pair<codec::JsonValue, std::string>> found;
  root->ForEach([&](codec::JsonValue entry) {
    std::string first;
    bool named = false;
    entry["RepoTags"].ForEach([&](codec::JsonValue value) {
      const std::string reference(value.Text());
      names.insert(reference);
      if (!named && NamesReference(reference, options.tag)) {
        named = true;
        first = reference;
      } else if (first.empty()) {
        first = reference;
      }
      return true;
    });
    if (options.tag.empty() || named) {
      found.emplace_back(entry, first);
    }
    return true;
  });
  if (found.empty()) {
    if (options.tag.empty()) {
      return base::Invalid("manifest.json names no image");
    }
    return base::NotFound("no image is called \"" + options.tag +
                          "\"; there is: " + (names.empty() ? "one without a name" : List(names)));
  }
  if (found.size() > 1) {
    return base::Error(
        base::ErrorCode::kUsage,
        "several images, say which one (\":NAME:TAG\" after the file): " + List(names));
  }
  return ReadEntry(store, options, found.front().first, found.front().second);
}

// {"name": {"tag": "layer id"}}; ID/json has the parent's id, ID/layer.tar the files.
base::Result<ImagePlan> PlanRepositories(const DocumentStore& store, const PlanOptions& options) {
  SCANTLING_TRY(const std::string text, store.ReadDocument("repositories"));
  codec::Json json;
  auto root = json.Parse(text, kMaxDocumentBytes);
  if (!root) {
    return std::move(root).error().With("repositories");
  }
  std::set<std::string> names;
  std::set<std::string> ids;
  std::string reference;
  root->ForEachMember([&](std::string_view name, codec::JsonValue tags) {
    tags.ForEachMember([&](std::string_view tag, codec::JsonValue id) {
      const std::string full = std::string(name) + ":" + std::string(tag);
      names.insert(full);
      if (options.tag.empty() || NamesReference(full, options.tag)) {
        ids.insert(std::string(id.Text()));
        reference = full;
      }
      return true;
    });
    return true;
  });
  if (ids.empty()) {
    return base::NotFound("no image is called \"" + options.tag + "\"; there is: " + List(names));
  }
  if (ids.size() > 1) {
    return base::Error(
        base::ErrorCode::kUsage,
        "several images, say which one (\":NAME:TAG\" after the file): " + List(names));
  }
  ImagePlan plan;
  plan.hash = Hash::kUnpacked;
  plan.image.source = options.source;
  plan.image.reference = base::ToUtf8(reference);
  std::set<std::string> seen;
  codec::Json layer_json;
  for (std::string id = *ids.begin(); !id.empty();) {
    if (!seen.insert(id).second || seen.size() > kMaxLayers) {
      return base::Invalid("the layers of " + reference + " name each other in a circle");
    }
    SCANTLING_TRY(const std::string layer_text, store.ReadDocument(Normal(id + "/json")));
    auto layer = layer_json.Parse(layer_text, kMaxDocumentBytes);
    if (!layer) {
      return std::move(layer).error().With(id + "/json");
    }
    if (plan.layers.empty()) {
      plan.image.platform =
          PlatformText((*layer)["os"].Text(), (*layer)["architecture"].Text(), "");
      plan.image.created = base::ToUtf8((*layer)["created"].Text());
    }
    LayerBlob blob;
    blob.blob = store.Resolve(Normal(id + "/layer.tar"));
    plan.layers.push_back(std::move(blob));
    model::Layer described;
    described.created = base::ToUtf8((*layer)["created"].Text());
    std::vector<std::string> command;
    (*layer)["container_config"]["Cmd"].ForEach([&](codec::JsonValue part) {
      command.push_back(base::ToUtf8(part.Text()));
      return true;
    });
    described.created_by = base::Join(command, " ");
    plan.image.layers.push_back(std::move(described));
    id = (*layer)["parent"].Text();
  }
  std::reverse(plan.layers.begin(), plan.layers.end());
  std::reverse(plan.image.layers.begin(), plan.image.layers.end());
  for (size_t i = 0; i < plan.image.layers.size(); ++i) {
    plan.image.layers[i].index = static_cast<int32_t>(i);
  }
  SCANTLING_DO(CheckPlatform(options, plan.image));
  return plan;
}

}  // namespace

base::Result<ImagePlan> PlanDocker(const DocumentStore& store, const PlanOptions& options) {
  return store.Has("manifest.json") ? PlanManifest(store, options)
                                    : PlanRepositories(store, options);
}

}  // namespace scantling::image
