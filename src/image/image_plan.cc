// See image_plan.h: what docker archives and OCI layouts have in common.
#include "image/image_plan.h"

#include "base/strings.h"
#include "codec/json.h"

#include <algorithm>
#include <sys/utsname.h>

namespace scantling::image {
namespace {

constexpr size_t kMaxHistory = 10'000;

// A list of texts; older docker wrote one text for a list of one.
std::vector<std::string> Texts(codec::JsonValue value) {
  std::vector<std::string> out;
  if (const auto text = value.MaybeText()) {
    out.push_back(base::ToUtf8(*text));
  }
  value.ForEach([&](codec::JsonValue item) {
    out.push_back(base::ToUtf8(item.Text()));
    return true;
  });
  return out;
}

void SortUnique(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

// The names of an object's members: {"8080/tcp": {}}.
std::vector<std::string> MemberNames(codec::JsonValue value) {
  std::vector<std::string> out;
  value.ForEachMember([&](std::string_view key, codec::JsonValue) {
    out.push_back(base::ToUtf8(key));
    return true;
  });
  SortUnique(out);
  return out;
}

// All members may be missing, and "config" itself: then a container is started as root.
model::ImageConfig ReadConfig(codec::JsonValue config) {
  model::ImageConfig out;
  out.user = base::ToUtf8(config["User"].Text());
  config["Env"].ForEach([&](codec::JsonValue item) {
    const std::string_view entry = item.Text();
    out.environment.push_back(base::ToUtf8(entry.substr(0, entry.find('='))));
    return true;
  });
  SortUnique(out.environment);
  out.ports = MemberNames(config["ExposedPorts"]);
  out.entrypoint = Texts(config["Entrypoint"]);
  out.command = Texts(config["Cmd"]);
  out.working_folder = base::ToUtf8(config["WorkingDir"].Text());
  out.volumes = MemberNames(config["Volumes"]);
  config["Labels"].ForEachMember([&](std::string_view key, codec::JsonValue value) {
    out.labels.emplace(base::ToUtf8(key), base::ToUtf8(value.Text()));
    return true;
  });
  out.stop_signal = base::ToUtf8(config["StopSignal"].Text());
  out.healthcheck = Texts(config["Healthcheck"]["Test"]);
  return out;
}

}  // namespace

Hash HashByName(std::string_view name) {
  return name.starts_with("blobs/sha256/") ? Hash::kStored : Hash::kUnpacked;
}

std::string PlatformText(std::string_view os, std::string_view architecture,
                         std::string_view variant) {
  std::string out(os);
  if (!architecture.empty()) {
    out += "/" + std::string(architecture);
  }
  if (!variant.empty()) {
    out += "/" + std::string(variant);
  }
  return out;
}

std::string HostPlatform() {
  struct utsname names{};
  std::string machine = ::uname(&names) == 0 ? names.machine : "";
  if (machine == "x86_64") {
    machine = "amd64";
  } else if (machine == "aarch64") {
    machine = "arm64";
  } else if (machine.starts_with("arm")) {
    machine = "arm";
  } else if (machine.size() == 4 && machine.starts_with("i") && machine.ends_with("86")) {
    machine = "386";
  }
  return PlatformText("linux", machine, "");
}

bool PlatformMatches(std::string_view wish, std::string_view platform) {
  const auto wanted = base::Split(wish, '/');
  const auto has = base::Split(platform, '/');
  for (size_t i = 0; i < wanted.size(); ++i) {
    // arm64 has one variant in practice: "linux/arm64" and "linux/arm64/v8" are the same.
    const bool implied = i == 2 && wanted[1] == "arm64" && wanted[2] == "v8" && has.size() == 2;
    if (!implied && (i >= has.size() || wanted[i] != has[i])) {
      return false;
    }
  }
  return true;
}

base::Result<std::vector<base::Digest>> ReadConfiguration(std::string_view text,
                                                          model::Image& image) {
  codec::Json json;
  SCANTLING_TRY(const codec::JsonValue root, json.Parse(text, kMaxDocumentBytes));
  if (!root.IsObject()) {
    return base::Invalid("the image configuration is not an object");
  }
  image.platform =
      PlatformText(root["os"].Text(), root["architecture"].Text(), root["variant"].Text());
  image.created = base::ToUtf8(root["created"].Text());
  root["history"].ForEach([&](codec::JsonValue entry) {
    model::HistoryEntry history;
    history.created = base::ToUtf8(entry["created"].Text());
    history.created_by = base::ToUtf8(entry["created_by"].Text());
    history.comment = base::ToUtf8(entry["comment"].Text());
    history.empty_layer = entry["empty_layer"].Bool().value_or(false);
    image.history.push_back(std::move(history));
    return image.history.size() < kMaxHistory;
  });
  image.config = ReadConfig(root["config"]);
  for (const auto& [key, value] : image.config->labels) {
    if (key.starts_with("org.opencontainers.image.")) {
      image.annotations.emplace(key, value);
    }
  }
  std::vector<base::Digest> diff_ids;
  std::string bad;
  root["rootfs"]["diff_ids"].ForEach([&](codec::JsonValue value) {
    const auto digest = base::Digest::Parse(value.Text());
    if (!digest) {
      bad = base::ToUtf8(value.Text());
      return false;
    }
    diff_ids.push_back(*digest);
    return true;
  });
  if (!bad.empty()) {
    return base::Unsupported("the image configuration's diff id " + bad +
                             " is no sha256 digest (others are not supported)");
  }
  return diff_ids;
}

base::Result<void> FillLayers(const std::vector<base::Digest>& diff_ids, ImagePlan& plan) {
  if (diff_ids.size() != plan.layers.size()) {
    return base::Invalid("the manifest has " + std::to_string(plan.layers.size()) +
                         " layers, the configuration " + std::to_string(diff_ids.size()));
  }
  std::vector<const model::HistoryEntry*> makers;
  for (const model::HistoryEntry& entry : plan.image.history) {
    if (!entry.empty_layer) {
      makers.push_back(&entry);
    }
  }
  plan.image.layers.resize(plan.layers.size());
  for (size_t i = 0; i < plan.layers.size(); ++i) {
    plan.layers[i].unpacked_digest = diff_ids[i];
    model::Layer& layer = plan.image.layers[i];
    layer.index = static_cast<int32_t>(i);
    layer.diff_id = diff_ids[i].ToString();
    if (plan.layers[i].stored_digest) {
      layer.digest = plan.layers[i].stored_digest->ToString();
    }
    // A history of another length belongs to other layers (squashed images): better no line than a
    // wrong one.
    if (makers.size() == plan.layers.size()) {
      layer.created_by = makers[i]->created_by;
      layer.created = makers[i]->created;
    }
  }
  return {};
}

base::Result<ImagePlan> PlanImage(const DocumentStore& store, const PlanOptions& options) {
  // Newer docker archives are OCI layouts with a manifest.json beside; the layout says more
  // (digests of what is stored).
  const bool oci = store.Has("index.json");
  if (options.kind == SourceKind::kOciLayout || options.kind == SourceKind::kOciArchive) {
    return PlanOci(store, options);
  }
  if (options.kind == SourceKind::kDockerArchive || !oci) {
    const bool docker = store.Has("manifest.json") || store.Has("repositories");
    if (!docker && !oci) {
      return base::Invalid(
          "not a container image: neither manifest.json (docker archive) nor index.json (OCI) is "
          "in it");
    }
    if (oci) {
      auto plan = PlanOci(store, options);
      // A name that only the older document knows leads there; damage does not.
      if (plan || !docker ||
          (plan.error().code() != base::ErrorCode::kNotFound &&
           plan.error().code() != base::ErrorCode::kUsage)) {
        return plan;
      }
    }
    return PlanDocker(store, options);
  }
  return PlanOci(store, options);
}

}  // namespace scantling::image
