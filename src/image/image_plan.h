// From an archive's or layout's documents (index.json, manifest.json, configurations) to one image:
// what it is and which blobs are its layers. Works on any store of small files, so that layouts,
// archives and streams share it.
//
// https://github.com/opencontainers/image-spec (image-layout.md, image-index.md, manifest.md,
// config.md); https://github.com/moby/docker-image-spec for docker archives. Not handled: schema 1
// manifests, sha512 digests.
#pragma once

#include "base/result.h"
#include "image/source.h"
#include "model/inventory.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::image {

// The files beside the layers, by their name in the layout or archive.
class DocumentStore {
 public:
  virtual ~DocumentStore() = default;
  // kNotFound when there is none; links are followed inside the archive.
  virtual base::Result<std::string> ReadDocument(const std::string& name) const = 0;
  virtual bool Has(const std::string& name) const = 0;
  // The name after following the archive's own links.
  virtual std::string Resolve(const std::string& name) const = 0;
};

inline constexpr uint64_t kMaxDocumentBytes = uint64_t{8} << 20;

struct ImagePlan {
  model::Image image;
  std::vector<LayerBlob> layers;
  Hash hash = Hash::kStored;  // for a store with random access
};

struct PlanOptions {
  SourceKind kind = SourceKind::kOciLayout;
  std::string tag;
  std::string platform;
  std::string source;   // model::Image::source
  bool stream = false;  // blobs were hashed by HashByName already
};

// Which digest a blob of that name is held against, before the manifest is known.
Hash HashByName(std::string_view name);

base::Result<ImagePlan> PlanImage(const DocumentStore& store, const PlanOptions& options);
base::Result<ImagePlan> PlanOci(const DocumentStore& store, const PlanOptions& options);
base::Result<ImagePlan> PlanDocker(const DocumentStore& store, const PlanOptions& options);

// "linux/arm64/v8" from its parts.
std::string PlatformText(std::string_view os, std::string_view architecture,
                         std::string_view variant);
std::string HostPlatform();
// Does an image's platform answer a wish? A part that the wish does not name is free.
bool PlatformMatches(std::string_view wish, std::string_view platform);

// The image configuration: creation, platform, history, how it is started, diff ids.
base::Result<std::vector<base::Digest>> ReadConfiguration(std::string_view text,
                                                          model::Image& image);
// Layers get their number, diff id and history line.
base::Result<void> FillLayers(const std::vector<base::Digest>& diff_ids, ImagePlan& plan);

}  // namespace scantling::image
