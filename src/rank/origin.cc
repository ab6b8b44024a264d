// See origin.h. History: https://github.com/opencontainers/image-spec/blob/main/config.md (history,
// empty_layer).
#include "rank/origin.h"

#include "base/strings.h"
#include "rank/base_index.h"
#include "rank/dockerfile_lines.h"

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

enum class Sure : uint8_t { kGuess, kLikely, kCertain };

struct Guess {
  int32_t layers = -1;
  std::string name;
  std::string words;
  Sure sure = Sure::kLikely;
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
      guess = Guess{layers, name, "history: its entry names \"FROM " + name + "\"", Sure::kLikely};
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
            "history rule: the last " + std::string(instruction) + " that further layers follow",
            Sure::kLikely};
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
  return Guess{1, "", "layer rule: the first layer brought the system's packages", Sure::kGuess};
}

// What the layers and the history themselves say.
std::optional<Guess> CountLayers(const model::Inventory& inventory) {
  if (HistoryFits(inventory.image)) {
    if (auto guess = FromComment(inventory.image)) {
      return guess;
    }
    if (auto guess = FromCommands(inventory.image)) {
      return guess;
    }
  }
  auto guess = FromFirstLayer(inventory);
  if (guess.has_value()) {
    guess->sure = Sure::kGuess;
  }
  return guess;
}

std::optional<int32_t> LayerCountOf(std::string_view hint) {
  constexpr std::string_view kPrefix = "layers=";
  if (hint.starts_with(kPrefix)) {
    hint.remove_prefix(kPrefix.size());
  }
  return base::ParseNumber<int32_t>(hint);
}

std::string Layers(int32_t count) {
  return std::to_string(count) + (count == 1 ? " layer" : " layers");
}

std::optional<Guess> FromDockerfile(const DockerfileFacts* maybe_facts) {
  if (maybe_facts == nullptr || maybe_facts->foreign) {
    return std::nullopt;
  }
  Guess guess;
  guess.layers = maybe_facts->base_layers;
  guess.name = maybe_facts->from;
  guess.words = "Dockerfile line " + std::to_string(maybe_facts->from_line);
  if (maybe_facts->scratch) {
    guess.words += ", FROM scratch";
  } else if (!maybe_facts->from.empty()) {
    guess.words += ", FROM " + maybe_facts->from;
  }
  return guess;
}

// Of the known images below this one: the one that has the wanted name, else the longest.
std::optional<Guess> FromKnown(const BaseIndex* maybe_index, const model::Image& image,
                               std::string_view wanted) {
  if (maybe_index == nullptr) {
    return std::nullopt;
  }
  const std::vector<KnownImage> below = maybe_index->Below(image);
  if (below.empty()) {
    return std::nullopt;
  }
  const auto named = std::find_if(below.begin(), below.end(), [&](const KnownImage& known) {
    return !wanted.empty() && (SameReference(known.name, wanted) || known.digest == wanted);
  });
  const KnownImage& known = named != below.end() ? *named : below.front();
  Guess guess;
  guess.layers = known.layers;
  guess.name = known.name;
  guess.words = "its first " + Layers(known.layers) + " are those of " + known.name + ", scanned " +
                known.seen;
  guess.sure = Sure::kCertain;
  if (image.reference.empty()) {
    guess.words += " (this image has no name: that may be an earlier build of it)";
    guess.sure = Sure::kLikely;
  }
  return guess;
}

// "oci:/some/folder": what was built on came from there, and has no name.
bool IsPlace(std::string_view name) {
  for (const std::string_view transport : {"oci:", "oci-archive:", "dir:", "docker-archive:",
                                           "docker-daemon:", "containers-storage:"}) {
    if (name.starts_with(transport) && name.find('/') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::string Agreement(const Guess& other, const Base& base) {
  if (other.layers >= 0 && other.layers != base.layers) {
    return ", which disagrees: it would be " + Layers(other.layers);
  }
  if (!other.name.empty() && !base.name.empty() && !IsPlace(other.name) && !IsPlace(base.name)) {
    return SameReference(other.name, base.name) ? ", which agrees"
                                                : ", which disagrees: it names " + other.name;
  }
  return other.layers >= 0 ? ", which agrees" : "";
}

std::string Words(Sure sure, const std::string& words) {
  switch (sure) {
    case Sure::kCertain:
      return "certain: " + words;
    case Sure::kLikely:
      return "likely: " + words;
    case Sure::kGuess:
      break;
  }
  return "guess: " + words;
}

// How many layers, out of all that tell. A known image below is certain to be below; it is the base
// itself only when nothing says that the base is longer.
void ChooseLayers(const std::optional<Guess>& dockerfile, const std::optional<Guess>& known,
                  bool known_is_named, const std::optional<Guess>& history, Guess& out) {
  const bool mapped = dockerfile.has_value() && dockerfile->layers >= 0;
  const bool told = history.has_value() && history->sure == Sure::kLikely;
  const bool longer = known.has_value() && told && history->layers > known->layers;
  // Another branch's build of the same application is a known image, too: one that nothing names
  // does not make more of the image a base than its own history tells.
  const bool doubtful =
      known.has_value() && !known_is_named && told && history->layers < known->layers;
  if (mapped) {
    out = *dockerfile;
    out.words += ", every instruction found in the history";
    if (known.has_value() && known->layers == out.layers) {
      out.sure = known->sure;
    }
  } else if (known.has_value() && !longer && !doubtful) {
    out = *known;
  } else if (history.has_value()) {
    out = *history;
  }
}

}  // namespace

base::Result<Base> FindBase(const model::Inventory& inventory, const BaseSources& sources) {
  const model::Image& image = inventory.image;
  const std::string& hint = sources.hint;
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
    out.known_by = "certain: --base";
    return out;
  }
  std::string named_by;  // how the name is known
  if (!hint.empty()) {
    if (hint.starts_with("layers=")) {
      return base::Error(base::ErrorCode::kUsage,
                         "--base " + hint + ": wanted a number of layers, as in layers=2");
    }
    out.name = hint;
    named_by = "--base";
    for (const model::Layer& layer : image.layers) {
      if (layer.digest == hint || layer.diff_id == hint) {
        out.name = named;
        out.layers = layer.index + 1;
        out.known_by =
            "certain: --base, which is the digest of layer " + std::to_string(layer.index + 1);
        return out;
      }
    }
  } else if (!named.empty() || !digest.empty()) {
    out.name = named.empty() ? digest : named;
    named_by = named.empty() ? "annotation org.opencontainers.image.base.digest"
                             : "annotation org.opencontainers.image.base.name";
  }
  const auto dockerfile = FromDockerfile(sources.maybe_dockerfile);
  std::string wanted = out.name;
  if (wanted.empty() && dockerfile.has_value()) {
    wanted = dockerfile->name;
  }
  const auto known = FromKnown(sources.maybe_known_images, image, wanted);
  const bool known_digest =
      known.has_value() && hint.starts_with("sha256:") && known->layers >= 0 && out.name == hint;
  if (!hint.empty() && hint == digest) {
    out.name = named.empty() ? hint : named;
  } else if (hint.starts_with("sha256:") && !known_digest) {
    return base::Error(
        base::ErrorCode::kUsage,
        "--base " + hint +
            ": no layer of this image has that digest, and its annotations do not name it");
  }
  const auto history = CountLayers(inventory);
  Guess chosen;
  const bool known_is_named =
      known.has_value() && !wanted.empty() &&
      (SameReference(known->name, wanted) || (known_digest && wanted == hint));
  ChooseLayers(dockerfile, known, known_is_named, history, chosen);
  if (chosen.layers < 0 && dockerfile.has_value() && named_by.empty()) {
    // The Dockerfile names the image without counting its layers.
    out.name = dockerfile->name;
    named_by = dockerfile->name.empty() ? "" : dockerfile->words;
  }
  if (chosen.layers < 0) {
    if (!named_by.empty()) {
      out.known_by = Words(Sure::kLikely, named_by + "; how many layers it has is not known");
    }
    return out;
  }
  out.layers = chosen.layers;
  // The known image names what its layers are; a name that stands for something longer does not.
  if (named_by.empty() && dockerfile.has_value() && !dockerfile->name.empty() &&
      dockerfile->layers < 0) {
    out.name = dockerfile->name;
    named_by = dockerfile->words;
  }
  if (named_by.empty()) {
    out.name = chosen.name;
    out.known_by = chosen.words;
    if (out.name.empty() && known.has_value() && known->layers == out.layers) {
      out.name = known->name;
    }
  } else {
    out.known_by = named_by + "; layers by " + chosen.words;
    if (!chosen.name.empty() && !IsPlace(chosen.name)) {
      out.known_by += SameReference(chosen.name, out.name) ? ", which agrees" : ", which disagrees";
    }
  }
  const auto other = [&](const std::optional<Guess>& guess) {
    if (guess.has_value() && guess->words != chosen.words &&
        !chosen.words.starts_with(guess->words) && !named_by.starts_with(guess->words)) {
      if (guess->sure == Sure::kCertain && guess->layers < out.layers) {
        out.known_by += "; " + guess->words;  // a part of the base, no contradiction
      } else if (guess->sure != Sure::kGuess || guess->layers == out.layers) {
        out.known_by += "; " + guess->words + Agreement(*guess, out);
      }
    }
  };
  other(dockerfile);
  other(known);
  other(history);
  const bool disagrees = out.known_by.find("which disagrees") != std::string::npos;
  Sure sure = disagrees && chosen.sure == Sure::kCertain ? Sure::kLikely : chosen.sure;
  if (!disagrees && known.has_value() && known->sure == Sure::kCertain &&
      known->layers == out.layers) {
    sure = Sure::kCertain;
  }
  out.known_by = Words(sure, out.known_by);
  return out;
}

}  // namespace scantling::rank
