// See origin.h. History: https://github.com/opencontainers/image-spec/blob/main/config.md (history,
// empty_layer).
#include "rank/origin.h"

#include "base/strings.h"

#include <algorithm>
#include <optional>

namespace scantling::rank {
namespace {

constexpr std::string_view kBaseName = "org.opencontainers.image.base.name";
constexpr std::string_view kBaseDigest = "org.opencontainers.image.base.digest";

// What an entry did: the Dockerfile instruction, whoever wrote it ("/bin/sh -c #(nop)  CMD [..]",
// "CMD [..]", "|1 X=y /bin/sh ..").
bool Sets(std::string_view created_by, std::string_view instruction) {
  constexpr std::string_view kNop = "#(nop)";
  if (const size_t nop = created_by.find(kNop); nop != std::string_view::npos) {
    created_by.remove_prefix(nop + kNop.size());
  }
  created_by = base::Trim(created_by);
  return created_by.starts_with(instruction) &&
         (created_by.size() == instruction.size() || created_by[instruction.size()] == ' ' ||
          created_by[instruction.size()] == '[');
}

struct Guess {
  int32_t layers = -1;
  std::string name;
  std::string words;
};

// History entries tell layers only when there are as many that made one as there are layers.
bool HistoryFits(const model::Image& image) {
  const auto made = std::count_if(image.history.begin(), image.history.end(),
                                  [](const auto& entry) { return !entry.empty_layer; });
  return !image.layers.empty() && static_cast<size_t>(made) == image.layers.size();
}

// Builders that keep every step as an image of its own write that image's id, as in "FROM
// 145683a0b06b".
bool IsImageId(std::string_view name) {
  return name.size() >= 12 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The last named one: an image whose base was itself built on a base names both.
std::optional<Guess> FromComment(const model::Image& image) {
  std::optional<Guess> guess;
  int32_t layers = 0;
  for (const model::HistoryEntry& entry : image.history) {
    constexpr std::string_view kFrom = "FROM ";
    const std::string_view comment(entry.comment);
    if (comment.starts_with(kFrom) && layers > 0) {
      const std::string name(base::Trim(comment.substr(kFrom.size())));
      if (IsImageId(name)) {
        layers += entry.empty_layer ? 0 : 1;
        continue;
      }
      guess = Guess{layers, name, "history: its entry names \"FROM " + name + "\""};
    }
    layers += entry.empty_layer ? 0 : 1;
  }
  return guess;
}

std::optional<Guess> FromCommands(const model::Image& image) {
  std::optional<Guess> guess;
  std::optional<Guess> pending;  // until a layer follows
  int32_t layers = 0;
  for (const model::HistoryEntry& entry : image.history) {
    if (!entry.empty_layer) {
      if (pending) {
        guess = std::move(pending);
        pending.reset();
      }
      ++layers;
    }
    for (const std::string_view instruction : {"CMD", "ENTRYPOINT"}) {
      if (layers > 0 && Sets(entry.created_by, instruction)) {
        pending = Guess{
            layers, "",
            "history rule: the last " + std::string(instruction) + " that further layers follow"};
      }
    }
  }
  return guess;
}

// "ADD file:… in /", "ADD rootfs.tar / # buildkit", "# debian.sh …", "# mmdebstrap": a root file
// system as a whole. COPY is not among them: it may be a whole application.
bool AddsRootFileSystem(std::string_view created_by) {
  return Sets(created_by, "ADD") || created_by.starts_with("# debian.sh") ||
         created_by.starts_with("# debootstrap") || created_by.starts_with("# mmdebstrap");
}

std::optional<Guess> FromFirstLayer(const model::Inventory& inventory) {
  const model::Image& image = inventory.image;
  const bool whole_base =
      image.layers.size() == 1 && AddsRootFileSystem(image.layers.front().created_by);
  if (image.layers.size() < 2 && !whole_base) {
    return std::nullopt;
  }
  const bool brought = std::any_of(
      inventory.components.begin(), inventory.components.end(), [](const auto& component) {
        return component.layer == 0 && (component.evidence == model::Evidence::kDpkgStatus ||
                                        component.evidence == model::Evidence::kApkInstalled ||
                                        component.evidence == model::Evidence::kRpmDatabase);
      });
  if (!brought) {
    return std::nullopt;
  }
  return Guess{1, "", "layer rule: the first layer brought the system's packages"};
}

std::optional<Guess> CountLayers(const model::Inventory& inventory) {
  if (HistoryFits(inventory.image)) {
    if (auto guess = FromComment(inventory.image)) {
      return guess;
    }
    if (auto guess = FromCommands(inventory.image)) {
      return guess;
    }
  }
  return FromFirstLayer(inventory);
}

std::optional<int32_t> LayerCountOf(std::string_view hint) {
  constexpr std::string_view kPrefix = "layers=";
  if (hint.starts_with(kPrefix)) {
    hint.remove_prefix(kPrefix.size());
  }
  return base::ParseNumber<int32_t>(hint);
}

// "debian:12-slim" in "docker.io/library/debian:12-slim@sha256:..."
bool SameReference(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view name) {
    name = name.substr(0, name.find('@'));
    for (const std::string_view prefix : {"docker.io/", "library/"}) {
      if (name.starts_with(prefix)) {
        name.remove_prefix(prefix.size());
      }
    }
    return name;
  };
  return plain(a) == plain(b);
}

}  // namespace

base::Result<Base> FindBase(const model::Inventory& inventory, const std::string& hint) {
  const model::Image& image = inventory.image;
  Base out;
  const auto count = static_cast<int32_t>(image.layers.size());
  const auto annotation = [&image](std::string_view key) {
    const auto found = image.annotations.find(std::string(key));
    return found == image.annotations.end() ? std::string() : found->second;
  };
  const std::string named = annotation(kBaseName);
  const std::string digest = annotation(kBaseDigest);
  if (const auto layers = LayerCountOf(hint); !hint.empty() && layers.has_value()) {
    if (*layers < 0 || *layers > count) {
      return base::Error(base::ErrorCode::kUsage,
                         "--base " + hint + ": the image has " + std::to_string(count) + " layers");
    }
    out.layers = *layers;
    out.name = named;
    out.known_by = "--base";
    return out;
  }
  if (!hint.empty()) {
    if (hint.starts_with("layers=")) {
      return base::Error(base::ErrorCode::kUsage,
                         "--base " + hint + ": wanted a number of layers, as in layers=2");
    }
    out.name = hint;
    out.known_by = "--base";
    for (const model::Layer& layer : image.layers) {
      if (layer.digest == hint || layer.diff_id == hint) {
        out.name = named;
        out.layers = layer.index + 1;
        out.known_by += ", which is the digest of layer " + std::to_string(layer.index + 1);
        return out;
      }
    }
    if (hint == digest) {
      out.name = named.empty() ? hint : named;
    } else if (hint.starts_with("sha256:")) {
      return base::Error(
          base::ErrorCode::kUsage,
          "--base " + hint +
              ": no layer of this image has that digest, and its annotations do not name it");
    }
  } else if (!named.empty() || !digest.empty()) {
    out.name = named.empty() ? digest : named;
    out.known_by = named.empty() ? "annotation org.opencontainers.image.base.digest"
                                 : "annotation org.opencontainers.image.base.name";
  }
  auto guess = CountLayers(inventory);
  if (!guess.has_value()) {
    if (!out.known_by.empty()) {
      out.known_by += "; how many layers it has is not known";
    }
    return out;
  }
  out.layers = guess->layers;
  if (out.known_by.empty()) {
    out.name = guess->name;
    out.known_by = guess->words;
    return out;
  }
  out.known_by += "; layers by " + guess->words;
  if (!guess->name.empty()) {
    out.known_by += SameReference(guess->name, out.name) ? ", which agrees" : ", which disagrees";
  }
  return out;
}

}  // namespace scantling::rank
