// See cyclonedx_in.h.
#include "report/cyclonedx_in.h"

#include "base/strings.h"
#include "base/time.h"

#include <algorithm>
#include <array>
#include <functional>

namespace scantling::report {
namespace {

using codec::JsonValue;

constexpr std::array<std::string_view, 6> kVersions = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"};

using Visit = std::function<void(std::string_view name, std::string_view value)>;

void ForEachProperty(JsonValue object, const Visit& visit) {
  object["properties"].ForEach([&](JsonValue property) {
    visit(property["name"].Text(), property["value"].Text());
    return true;
  });
}

// What stands behind a prefix; "" and false when it does not.
bool Behind(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

int32_t Number(std::string_view text) { return base::ParseNumber<int32_t>(text).value_or(-1); }

void TakeOwn(std::string_view name, std::string_view value, SbomPackage& out) {
  std::string* text = name == "evidence"         ? &out.evidence
                      : name == "role"           ? &out.role
                      : name == "distro"         ? &out.distro
                      : name == "source:name"    ? &out.source_name
                      : name == "source:version" ? &out.source_version
                      : name == "module"         ? &out.module
                      : name == "owner"          ? &out.owner
                      : name == "container"      ? &out.container
                                                 : nullptr;
  if (text != nullptr) {
    *text = value;
  } else if (name == "layer") {
    out.layer = Number(value);
  } else if (name == "path" || (name.starts_with("location:") && name.ends_with(":path"))) {
    out.paths.emplace_back(value);
  }
}

void TakeSyft(std::string_view name, std::string_view value, SbomPackage& out) {
  if (name == "metadata:source" || name == "metadata:originPackage") {
    out.source_name = value;
  } else if (name == "metadata:sourceVersion") {
    out.source_version = value;
  } else if (name == "metadata:architecture") {
    out.architecture = value;
  } else if (name == "metadata:modularityLabel") {
    out.module = value;
  } else if (name == "metadata:vendor") {
    out.vendor = value;
  } else if (name.starts_with("location:") && name.ends_with(":path")) {
    out.paths.emplace_back(value);
  } else if (name == "location:0:layerID") {
    out.layer_diff_id = value;
  }
}

// Trivy has epoch, version and release of the source apart.
struct TrivySource {
  std::string_view version;
  std::string_view release;
  std::string_view epoch;
  std::string Text() const {
    std::string out(version);
    if (!version.empty() && !release.empty()) {
      out.append("-").append(release);
    }
    return version.empty() || epoch.empty() || epoch == "0" ? out : std::string(epoch) + ":" + out;
  }
};

void TakeTrivy(std::string_view name, std::string_view value, SbomPackage& out,
               TrivySource& source) {
  if (name == "SrcName") {
    out.source_name = value;
  } else if (name == "SrcVersion") {
    source.version = value;
  } else if (name == "SrcRelease") {
    source.release = value;
  } else if (name == "SrcEpoch") {
    source.epoch = value;
  } else if (name == "Modularitylabel") {
    out.module = value;
  } else if (name == "FilePath") {
    out.paths.emplace_back(value);
  } else if (name == "LayerDiffID") {
    out.layer_diff_id = value;
  }
}

void TakeLicenses(JsonValue json, SbomPackage& out) {
  json["licenses"].ForEach([&](JsonValue choice) {
    const JsonValue license = choice["license"];
    for (const std::string_view text :
         {choice["expression"].Text(), license["id"].Text(), license["name"].Text()}) {
      if (!text.empty()) {
        out.licenses.emplace_back(text);
        break;
      }
    }
    return out.licenses.size() < 1000;
  });
}

SbomPackage PackageOf(JsonValue json) {
  SbomPackage out;
  out.key = json["bom-ref"].Text();
  out.purl = json["purl"].Text();
  out.version = json["version"].Text();
  const std::string_view group = json["group"].Text();
  out.name = group.empty() ? std::string(json["name"].Text())
                           : std::string(group) + "/" + std::string(json["name"].Text());
  out.vendor = json["supplier"]["name"].Text();
  if (out.vendor.empty()) {
    out.vendor = json["publisher"].Text();
  }
  TakeLicenses(json, out);
  TrivySource source;
  ForEachProperty(json, [&](std::string_view name, std::string_view value) {
    if (Behind(name, "scantling:")) {
      TakeOwn(name, value, out);
    } else if (Behind(name, "syft:")) {
      TakeSyft(name, value, out);
    } else if (Behind(name, "aquasecurity:trivy:")) {
      TakeTrivy(name, value, out, source);
    }
  });
  if (!source.version.empty()) {
    out.source_version = source.Text();
  }
  return out;
}

void TakeImage(JsonValue root, SbomBuilder& out) {
  model::Image& image = out.image();
  const JsonValue metadata = root["metadata"];
  if (base::ParseTime(metadata["timestamp"].Text())) {
    image.created = metadata["timestamp"].Text();
  }
  const JsonValue component = metadata["component"];
  const std::string_view type = component["type"].Text();
  image.reference = component["name"].Text();
  const std::string_view version = component["version"].Text();
  if (version.starts_with("sha256:")) {
    image.digest = version;
  }
  if (type != "container") {
    return;
  }
  std::vector<std::pair<std::string, std::string>> layers;  // digest, diff id
  ForEachProperty(component, [&](std::string_view name, std::string_view value) {
    if (Behind(name, "aquasecurity:trivy:")) {
      if (name == "DiffID" && layers.size() < 10'000) {
        layers.emplace_back("", value);
      } else if (name == "ImageID") {
        image.config_digest = value;
      } else if (name == "RepoDigest" && value.find('@') != std::string_view::npos) {
        image.digest = value.substr(value.find('@') + 1);
      }
    } else if (Behind(name, "scantling:image:")) {
      if (name == "config_digest") {
        image.config_digest = value;
      } else if (name == "platform") {
        image.platform = value;
      } else if (name == "source" && image.reference == value) {
        image.reference.clear();  // a name was not known
      } else if (Behind(name, "layer:")) {
        const size_t colon = name.find(':');
        const int32_t at = Number(name.substr(0, colon));
        if (colon == std::string_view::npos || at < 0 || at > 10'000) {
          return;
        }
        layers.resize(std::max(layers.size(), static_cast<size_t>(at) + 1));
        auto& [digest, diff_id] = layers[static_cast<size_t>(at)];
        (name.substr(colon + 1) == "digest" ? digest : diff_id) = value;
      }
    }
  });
  for (auto& [digest, diff_id] : layers) {
    out.AddLayer(std::move(digest), std::move(diff_id));
  }
}

void TakeDistro(JsonValue json, SbomBuilder& out) {
  model::Distro distro;
  distro.id = json["name"].Text();
  distro.version_id = json["version"].Text();
  distro.pretty_name = json["description"].Text();
  ForEachProperty(json, [&](std::string_view name, std::string_view value) {
    if (name == "syft:distro:id") {
      distro.id = value;
    } else if (name == "syft:distro:versionID") {
      distro.version_id = value;
    } else if (name == "syft:distro:versionCodename") {
      distro.codename = value;
    }
  });
  out.SetDistro(std::move(distro));
}

}  // namespace

base::Result<void> ReadCycloneDx(JsonValue root, SbomBuilder& out) {
  const std::string_view version = root["specVersion"].Text();
  if (std::find(kVersions.begin(), kVersions.end(), version) == kVersions.end()) {
    return base::Unsupported("CycloneDX \"" + std::string(version.substr(0, 20)) +
                             "\" is not read; 1.2 to 1.6 are");
  }
  if (!root["components"].IsMissing() && !root["components"].IsArray()) {
    return base::Invalid("\"components\" is not a list");
  }
  TakeImage(root, out);
  // Components may hold components: an explicit stack, the nearest first.
  std::vector<JsonValue> lists = {root["components"]};
  bool room = true;
  std::string_view problem;
  while (!lists.empty() && room && problem.empty()) {
    const JsonValue list = lists.back();
    lists.pop_back();
    list.ForEach([&](JsonValue json) {
      if (!json.IsObject()) {
        problem = "an element of \"components\" is not an object";
        return false;
      }
      if (json["components"].IsArray()) {
        lists.push_back(json["components"]);
      }
      const std::string_view type = json["type"].Text();
      if (type == "operating-system") {
        TakeDistro(json, out);
      } else if (json["purl"].Text().empty() && type != "library" && type != "framework") {
        // A lock file ("application" of Trivy), a file, a device, a model, a key.
        out.AddOther(type.substr(0, 40));
      } else {
        room = out.Add(PackageOf(json));
      }
      return room;
    });
  }
  if (!problem.empty()) {
    return base::Invalid(std::string(problem));
  }
  if (!room) {
    return base::LimitMet("more than " + std::to_string(SbomBuilder::kMaxPackages) + " components");
  }
  size_t links = 0;
  root["dependencies"].ForEach([&](JsonValue dependency) {
    const std::string_view from = dependency["ref"].Text();
    dependency["dependsOn"].ForEach([&](JsonValue to) {
      out.AddNeeds(std::string(from), std::string(to.Text()));
      return ++links < 4 * SbomBuilder::kMaxPackages;
    });
    return links < 4 * SbomBuilder::kMaxPackages;
  });
  return {};
}

}  // namespace scantling::report
