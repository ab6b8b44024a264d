// The life of a scan: open the source, read the layers that the cache does not hold (several at
// once), check their digests, merge the trees, look a second time at the few files that need it,
// assemble.
#include "catalog/scan.h"

#include "base/strings.h"
#include "catalog/assemble.h"
#include "catalog/claim_index.h"
#include "catalog/facts_cache.h"
#include "catalog/image_facts.h"
#include "catalog/layer_scan.h"
#include "image/merged_tree.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace scantling::catalog {
namespace {

// Raise when cached bytes change meaning (layer_facts.cc, image_facts.cc, image::LayerTree), and
// when what is made of the same layers changes: the merge, assemble.cc and what it calls, for an
// image's facts are kept too.
constexpr int kFactsVersion = 3;

using Clock = std::chrono::steady_clock;
constexpr uint64_t kMostSeconds =
    1'000'000'000;  // 30 years: further than a clock can be asked to add

// Ends a layer's bytes when the scan's time is up.
class DeadlineSource : public codec::ByteSource {
 public:
  DeadlineSource(codec::ByteSource& inner, Clock::time_point deadline)
      : inner_(inner), deadline_(deadline) {}
  base::Result<size_t> Read(std::span<std::byte> into) override {
    if (Clock::now() > deadline_) {
      return base::LimitMet("the scan's time is up (limit seconds)");
    }
    return inner_.Read(into);
  }

 private:
  codec::ByteSource& inner_;
  Clock::time_point deadline_;
};

struct ReadBlob {
  LayerFacts facts;
  // Of the bytes that gave the facts: computed now, or the key under which the cache had them. None
  // when they were not all seen (a packed layer that is cut off): then nothing may be kept.
  std::optional<base::Digest> digest;
  image::Hash hash = image::Hash::kNone;
  bool settled = false;  // streams looked at again, and kept; as all that comes from the cache
};

std::optional<LayerKey> ExpectedKey(const image::LayerBlob& layer) {
  if (layer.stored_digest) {
    return LayerKey{*layer.stored_digest, image::Hash::kStored};
  }
  if (layer.unpacked_digest) {
    return LayerKey{*layer.unpacked_digest, image::Hash::kUnpacked};
  }
  return std::nullopt;
}

model::Diagnostic MakeDiagnostic(std::string code, model::Severity severity, int32_t layer,
                                 std::string message) {
  model::Diagnostic out;
  out.code = std::move(code);
  out.severity = severity;
  out.layer = layer;
  out.message = std::move(message);
  return out;
}

// A layer of which nothing is known but why.
LayerFacts LostLayer(const base::Error& error) {
  LayerFacts facts;
  facts.complete = false;
  facts.cacheable = false;
  facts.diagnostics.push_back(
      MakeDiagnostic("layer.unread", model::Severity::kError, -1, error.Message()));
  return facts;
}

// How the second half reads a layer again.
using ReadAgain = std::function<base::Result<void>(size_t layer, image::LayerVisitor&)>;
using WantedFiles = std::multimap<std::string, SecondLookScan::Wanted>;

struct Looks {
  std::vector<SecondLook> looks;  // one per wanted file
  bool repeatable = true;  // false: the layer could not be read again, so do not cache what is here
};

Looks LookAgain(size_t layer, WantedFiles wanted, const base::Limits& limits,
                const ReadAgain& read_again) {
  SecondLookScan scan(wanted, limits);
  const auto done = read_again(layer, scan);
  std::vector<SecondLook> looks = std::move(scan.looks());
  // A file that stands twice in one tar is delivered twice; the last one counts.
  std::stable_sort(looks.begin(), looks.end(), [](const SecondLook& a, const SecondLook& b) {
    return std::tie(a.stored_path, a.as) < std::tie(b.stored_path, b.as);
  });
  std::vector<SecondLook> out;
  for (SecondLook& look : looks) {
    if (!out.empty() && out.back().stored_path == look.stored_path && out.back().as == look.as) {
      out.back() = std::move(look);
    } else {
      out.push_back(std::move(look));
    }
  }
  std::set<std::pair<std::string, std::string>> delivered;
  for (const SecondLook& look : out) {
    delivered.emplace(look.stored_path, look.as);
  }
  for (const auto& [path, want] : wanted) {
    if (!delivered.contains({path, want.as})) {
      const base::Error error =
          done ? base::NotFound(path + ": not met when the layer was read again")
               : done.error().Clone().With("the file must be read a second time");
      out.push_back({path,
                     want.as,
                     {want.as, want.cataloger,
                      NotUnderstood(Catalogers()[want.cataloger]->Info().name, error)}});
    }
  }
  return {std::move(out), done.has_value()};
}

// Files whose cataloger saw them pass by and found that it needs all bytes at once.
void LookAgainAtStreams(size_t index, LayerFacts& facts, const base::Limits& limits,
                        const ReadAgain& read_again) {
  WantedFiles wanted;
  for (const FileResult& file : facts.files) {
    if (file.facts.again_whole) {
      wanted.emplace(file.path, SecondLookScan::Wanted{file.path, file.cataloger});
    }
  }
  if (wanted.empty()) {
    return;
  }
  const Looks again = LookAgain(index, std::move(wanted), limits, read_again);
  facts.cacheable = facts.cacheable && again.repeatable;
  std::unordered_map<std::string_view, const SecondLook*> looks;
  for (const SecondLook& look : again.looks) {
    looks[look.stored_path] = &look;
  }
  for (FileResult& file : facts.files) {
    const auto look = file.facts.again_whole ? looks.find(file.path) : looks.end();
    if (look != looks.end()) {
      file.facts = look->second->result.facts;
      file.facts.again_whole = false;
    }
  }
}

// Databases that count wherever they lie: their folder may be a link to one with another name,
// which no claim fits.
constexpr std::array<std::string_view, 14> kKnownPaths = {
    "etc/os-release",
    "usr/lib/os-release",
    "etc/apk/repositories",
    "var/lib/dpkg/status",
    "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
    "var/lib/rpm/rpmdb.sqlite",
    "var/lib/rpm/Packages.db",
    "var/lib/rpm/Packages",
    "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/Packages.db",
    "usr/lib/sysimage/rpm/Packages",
    "usr/share/rpm/rpmdb.sqlite",
    "usr/share/rpm/Packages",
};

class Finisher {
 public:
  Finisher(const ClaimIndex& claims, const base::Limits& limits, ReadAgain read_again)
      : claims_(claims), limits_(limits), read_again_(std::move(read_again)) {}

  // Layers bottom-up; `changed` is called for a layer whose facts grew and should be cached again.
  model::Inventory Finish(model::Image image, std::vector<LayerFacts*> layers, bool has_layers,
                          const std::function<void(size_t)>& changed) {
    std::vector<const image::LayerTree*> trees;
    for (const LayerFacts* facts : layers) {
      trees.push_back(&facts->tree);
    }
    const image::MergedTree tree = image::MergedTree::Build(trees);
    LookAgainAtLinks(tree, layers, changed);

    AssembleInput input;
    input.image = std::move(image);
    input.tree = &tree;
    input.has_layers = has_layers;
    input.layers.assign(layers.begin(), layers.end());
    for (const image::MergedTree::File& file : tree.files()) {
      input.files.push_back({file.path, static_cast<int32_t>(file.link_layer),
                             &layers[file.layer]->files[file.claim]});
    }
    const LookTable looks = TableOf(layers);
    for (const Link& link : links_) {
      if (const auto look = looks.find({link.layer, link.target, link.path}); look != looks.end()) {
        input.files.push_back({link.path, static_cast<int32_t>(link.link_layer), look->second});
      }
    }
    std::stable_sort(input.files.begin(), input.files.end(),
                     [](const VisibleFile& a, const VisibleFile& b) { return a.path < b.path; });
    if (!has_layers) {
      for (VisibleFile& file : input.files) {
        file.layer = -1;
      }
    }
    return Assemble(std::move(input), limits_);
  }

  // False: a file could not be read a second time, so what Finish gave is not to be kept.
  bool repeatable() const { return repeatable_; }

 private:
  struct Link {
    std::string path;
    size_t layer;  // of the bytes
    std::string target;
    size_t link_layer;  // that made the name
  };
  using LookTable =
      std::map<std::tuple<size_t, std::string_view, std::string_view>, const FileResult*>;

  // By layer, stored path and name.
  static LookTable TableOf(const std::vector<LayerFacts*>& layers) {
    LookTable table;
    for (size_t i = 0; i < layers.size(); ++i) {
      for (const SecondLook& look : layers[i]->second_looks) {
        table[{i, look.stored_path, look.as}] = &look.result;
      }
    }
    return table;
  }

  // Hard and symbolic links with a claimed name that lead to a file without one.
  void LookAgainAtLinks(const image::MergedTree& tree, const std::vector<LayerFacts*>& layers,
                        const std::function<void(size_t)>& changed) {
    for (const auto& link : tree.unclaimed_links()) {
      links_.push_back({link.path, link.layer, link.target_path, link.link_layer});
    }
    std::set<std::string> seen;
    for (size_t i = 0; i < layers.size(); ++i) {
      const image::LayerTree& layer = layers[i]->tree;
      for (const image::LayerTree::Node& node : layer.nodes()) {
        if (node.kind != image::NodeKind::kSymlink) {
          continue;
        }
        std::string path = layer.FolderPath(node.folder);
        path += path.empty() ? "" : "/";
        path += node.name;
        if (!claims_.ByName(path) || !seen.insert(path).second) {
          continue;
        }
        const image::MergedTree::Lookup found = tree.Resolve(path);
        if (found.kind == image::MergedTree::Kind::kUnclaimed && found.path != path) {
          links_.push_back(
              {path, found.layer, found.stored_path, std::max<size_t>(i, found.layer)});
        }
      }
    }
    for (const std::string_view known : kKnownPaths) {
      const image::MergedTree::Lookup found = tree.Resolve(known);
      if (found.kind == image::MergedTree::Kind::kUnclaimed && found.path != known &&
          seen.emplace(known).second) {
        links_.push_back({std::string(known), found.layer, found.stored_path, found.layer});
      }
    }
    std::map<size_t, WantedFiles> wanted;
    const LookTable looks = TableOf(layers);
    for (const Link& link : links_) {
      const auto cataloger = claims_.ByName(link.path);
      if (cataloger && !looks.contains({link.layer, link.target, link.path})) {
        wanted[link.layer].emplace(link.target, SecondLookScan::Wanted{link.path, *cataloger});
      }
    }
    for (auto& [layer, files] : wanted) {
      Looks again = LookAgain(layer, std::move(files), limits_, read_again_);
      std::move(again.looks.begin(), again.looks.end(),
                std::back_inserter(layers[layer]->second_looks));
      repeatable_ = repeatable_ && again.repeatable;
      if (again.repeatable) {
        changed(layer);
      }
    }
  }

  const ClaimIndex& claims_;
  const base::Limits& limits_;
  ReadAgain read_again_;
  std::vector<Link> links_;
  bool repeatable_ = true;
};

base::Result<model::Inventory> ScanRootfs(const image::SourceSpec& source,
                                          const ScanOptions& options) {
  const ClaimIndex claims(Catalogers());
  LayerScan scan(claims, options.limits);
  SCANTLING_TRY(auto read, image::WalkRootfs(source.path, options.limits, scan));
  LayerFacts facts = std::move(scan).Finish(std::move(read));
  const ReadAgain read_again = [&](size_t, image::LayerVisitor& visitor) -> base::Result<void> {
    SCANTLING_TRY(auto ignored, image::WalkRootfs(source.path, options.limits, visitor));
    static_cast<void>(ignored);
    return {};
  };
  LookAgainAtStreams(0, facts, options.limits, read_again);
  model::Image image;
  std::string_view path = source.path;
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  image.source = "rootfs:" + base::ToUtf8(base::BaseName(path));
  return Finisher(claims, options.limits, read_again)
      .Finish(std::move(image), {&facts}, false, [](size_t) {});
}

// One scan of an image with layers.
class ImageScan {
 public:
  ImageScan(const ScanOptions& options, image::ImageHandle& handle)
      : options_(options),
        handle_(handle),
        claims_(Catalogers()),
        cache_(options.cache_folder, CacheVersions(options.limits)),
        deadline_(Clock::now() +
                  std::chrono::seconds(std::min(options.limits.seconds, kMostSeconds))) {}

  base::Result<model::Inventory> Run() {
    if (!handle_.StreamsOnly()) {
      SCANTLING_TRY(const auto layers, handle_.Layers());
      all_ = layers.size();
      if (auto known = FromCache(layers)) {
        SCANTLING_TRY(model::Image image, handle_.Describe());
        Report(all_);
        return WithImage(std::move(*known), std::move(image));
      }
    }
    Report(0);
    SCANTLING_DO(handle_.ForEachBlob(
        options_.jobs, [this](const image::LayerBlob& layer) { return Need(layer); },
        [this](const std::string& blob, const image::Reading& reading, codec::ByteSource& bytes) {
          return Read(blob, reading, bytes);
        }));
    SCANTLING_TRY(layers_, handle_.Layers());
    SCANTLING_TRY(model::Image image, handle_.Describe());
    std::vector<LayerFacts*> facts;
    ImageFacts found;
    for (size_t i = 0; i < layers_.size(); ++i) {
      SCANTLING_TRY(LayerFacts * layer, Verified(i));
      facts.push_back(layer);
      found.stored_bytes.push_back(layer->stored_bytes);
    }
    for (size_t i = 0; i < layers_.size(); ++i) {
      ReadBlob& blob = blobs_[layers_[i].blob];
      if (!blob.settled) {
        LookAgainAtStreams(i, blob.facts, options_.limits, ReadAgainFunction());
        Save(i);
        blob.settled = true;  // an image may hold one layer twice
      }
    }
    Finisher finisher(claims_, options_.limits, ReadAgainFunction());
    model::Inventory inventory =
        finisher.Finish({}, facts, true, [this](size_t layer) { Save(layer); });
    found.distro = std::move(inventory.image.distro);
    found.components = std::move(inventory.components);
    found.coverage = std::move(inventory.coverage);
    found.diagnostics = std::move(inventory.diagnostics);
    if (finisher.repeatable()) {
      SaveImage(found, facts);
    }
    if (stored_) {
      static_cast<void>(PruneCache(options_.cache_folder, options_.cache_bytes));
    }
    return WithImage(std::move(found), std::move(image));
  }

 private:
  static std::string CacheVersions(const base::Limits& limits) {
    std::string out = CatalogVersions();
    for (const base::LimitInfo& limit : base::LimitTable()) {
      out += " " + std::string(limit.name) + "=" + std::to_string(limits.*limit.member);
    }
    return out;
  }

  void Report(uint64_t done) const {
    if (options_.progress) {
      options_.progress(done, all_);
    }
  }

  static model::Inventory WithImage(ImageFacts facts, model::Image image) {
    image.distro = std::move(facts.distro);
    for (size_t i = 0; i < image.layers.size() && i < facts.stored_bytes.size(); ++i) {
      if (facts.stored_bytes[i] != 0) {
        image.layers[i].size_bytes = facts.stored_bytes[i];
      }
    }
    model::Inventory out;
    out.image = std::move(image);
    out.components = std::move(facts.components);
    out.coverage = std::move(facts.coverage);
    out.diagnostics = std::move(facts.diagnostics);
    return out;
  }

  std::optional<ImageFacts> FromCache(const std::vector<image::LayerBlob>& layers) const {
    std::vector<LayerKey> chain;
    for (const image::LayerBlob& layer : layers) {
      const auto key = ExpectedKey(layer);
      if (!key) {
        return std::nullopt;
      }
      chain.push_back(*key);
    }
    const auto payload = cache_.LoadImage(chain);
    if (!payload) {
      return std::nullopt;
    }
    auto facts = ParseImageFacts(base::AsBytes(*payload));
    if (!facts || facts->stored_bytes.size() != layers.size()) {
      return std::nullopt;
    }
    return std::move(*facts);
  }

  void SaveImage(const ImageFacts& found, const std::vector<LayerFacts*>& facts) {
    std::vector<LayerKey> chain;
    for (size_t i = 0; i < layers_.size(); ++i) {
      const auto key = VerifiedKey(i);
      if (!key || !facts[i]->cacheable) {
        return;
      }
      chain.push_back(*key);
    }
    if (cache_.enabled()) {
      Stored(cache_.StoreImage(chain, SerializeImageFacts(found)));
    }
  }

  bool Need(const image::LayerBlob& layer) {
    const auto key = ExpectedKey(layer);
    if (!key) {
      return true;
    }
    const auto payload = cache_.LoadLayer(*key);
    if (!payload) {
      return true;
    }
    auto facts = ParseFacts(base::AsBytes(*payload));
    if (!facts) {
      return true;
    }
    const std::lock_guard lock(mutex_);
    ReadBlob& blob = blobs_[layer.blob];
    blob.facts = std::move(*facts);
    blob.digest = key->digest;
    blob.hash = key->hash;
    blob.settled = true;
    Report(++done_);
    return false;
  }

  base::Result<void> Read(const std::string& blob, const image::Reading& reading,
                          codec::ByteSource& bytes) {
    DeadlineSource timed(bytes, deadline_);
    LayerScan scan(claims_, options_.limits);
    auto read = image::ReadLayer(timed, reading, options_.limits, scan);
    ReadBlob out;
    out.hash = reading.hash;
    if (read) {
      out.digest = read->digest;
      out.facts = std::move(scan).Finish(std::move(*read));
    } else if (read.error().code() == base::ErrorCode::kLimit) {
      out.facts = LostLayer(read.error());
    } else {
      return std::move(read).error();
    }
    out.facts.cacheable = out.facts.cacheable && Clock::now() <= deadline_;
    const std::lock_guard lock(mutex_);
    blobs_[blob] = std::move(out);
    Report(++done_);
    return {};
  }

  // The layer's facts, after its bytes were found to be those that the image's digests name.
  base::Result<LayerFacts*> Verified(size_t index) {
    const image::LayerBlob& layer = layers_[index];
    const auto it = blobs_.find(layer.blob);
    if (it == blobs_.end()) {
      ReadBlob& blob = blobs_[layer.blob];
      blob.facts =
          LostLayer(base::NotFound("the layer's bytes are not in the image (" + layer.blob + ")"));
      return &blob.facts;
    }
    ReadBlob& blob = it->second;
    if (!blob.digest) {
      return &blob.facts;
    }
    // Also for what came from the cache: an image may name one blob twice, with two digests.
    const auto& expected =
        blob.hash == image::Hash::kStored ? layer.stored_digest : layer.unpacked_digest;
    if (expected && *expected != *blob.digest) {
      return base::Error(base::ErrorCode::kMismatch,
                         "layer " + std::to_string(index) + " (" + layer.blob +
                             "): the image says " + expected->ToString() + ", its bytes are " +
                             blob.digest->ToString() + ": the blob is damaged or was replaced");
    }
    return &blob.facts;
  }

  // Under which a layer's facts may be kept: the digest of the bytes that were read, never one that
  // the image only claims.
  std::optional<LayerKey> VerifiedKey(size_t index) {
    const ReadBlob& blob = blobs_[layers_[index].blob];
    return blob.digest ? std::optional(LayerKey{*blob.digest, blob.hash}) : std::nullopt;
  }

  void Save(size_t index) {
    const LayerFacts& facts = blobs_[layers_[index].blob].facts;
    const auto key = VerifiedKey(index);
    if (key && cache_.enabled() && facts.cacheable) {
      Stored(cache_.StoreLayer(*key, SerializeFacts(facts)));
    }
  }

  void Stored(const base::Result<void>& stored) {
    if (stored) {
      stored_ = true;
    } else if (options_.warn && !std::exchange(cache_warned_, true)) {
      // Not a diagnostic of the report: the same image gives the same report on any machine.
      options_.warn("the cache could not be written, so the next scan starts over: " +
                    stored.error().Message());
    }
  }

  ReadAgain ReadAgainFunction() {
    return [this](size_t index, image::LayerVisitor& visitor) -> base::Result<void> {
      SCANTLING_TRY(const auto bytes, handle_.Reopen(layers_[index]));
      DeadlineSource timed(*bytes, deadline_);
      SCANTLING_TRY(auto ignored, image::ReadLayer(timed, {}, options_.limits, visitor));
      static_cast<void>(ignored);
      return {};
    };
  }

  const ScanOptions& options_;
  image::ImageHandle& handle_;
  const ClaimIndex claims_;
  const FactsCache cache_;
  const Clock::time_point deadline_;
  std::vector<image::LayerBlob> layers_;
  bool stored_ = false;
  bool cache_warned_ = false;

  std::mutex mutex_;  // guards the three below while layers are read
  std::map<std::string, ReadBlob> blobs_;
  uint64_t done_ = 0;
  uint64_t all_ = 0;
};

}  // namespace

std::string CatalogVersions() {
  std::string out = "facts/" + std::to_string(kFactsVersion);
  for (const Cataloger* cataloger : Catalogers()) {
    out +=
        " " + std::string(cataloger->Info().name) + "/" + std::to_string(cataloger->Info().version);
  }
  return out;
}

base::Result<model::Inventory> Scan(const image::SourceSpec& source, const ScanOptions& options) {
  if (source.kind == image::SourceKind::kRootfs) {
    return ScanRootfs(source, options);
  }
  image::OpenOptions open;
  open.platform = options.platform;
  open.limits = options.limits;
  open.maybe_registry = options.maybe_registry;
  open.daemon_socket = options.daemon_socket;
  SCANTLING_TRY(const auto handle, image::OpenImage(source, open, options.input_fd));
  return ImageScan(options, *handle).Run();
}

}  // namespace scantling::catalog
