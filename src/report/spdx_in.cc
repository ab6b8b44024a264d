// See spdx_in.h.
#include "report/spdx_in.h"

#include "base/strings.h"
#include "base/time.h"

namespace scantling::report {
namespace {

using codec::JsonValue;

bool Asserts(std::string_view text) {
  return !text.empty() && text != "NOASSERTION" && text != "NONE";
}

std::string_view PurlOf(JsonValue package) {
  std::string_view out;
  package["externalRefs"].ForEach([&](JsonValue reference) {
    if (reference["referenceType"].Text() == "purl") {
      out = reference["referenceLocator"].Text();
    }
    return out.empty();
  });
  return out;
}

// "built package from: glibc 2.31-13" (Trivy), "built from source package glibc 2.36-9" (ours).
void TakeSource(std::string_view info, SbomPackage& out) {
  for (const std::string_view words : {"built package from: ", "built from source package "}) {
    const size_t at = info.find(words);
    if (at == std::string_view::npos) {
      continue;
    }
    std::string_view rest = info.substr(at + words.size());
    rest = rest.substr(0, rest.find_first_of(";\n"));
    const size_t blank = rest.find(' ');
    out.source_name = rest.substr(0, blank);
    if (blank != std::string_view::npos) {
      out.source_version = base::Trim(rest.substr(blank));
    }
    return;
  }
}

// Ours: "rpm-database: var/lib/rpm/x, other; layer 3; built ...; module nodejs:18:...".
void TakePlace(std::string_view info, SbomPackage& out) {
  const size_t layer = info.find("; layer ");
  if (layer != std::string_view::npos) {
    std::string_view number = info.substr(layer + 8);
    number = number.substr(0, number.find(';'));
    out.layer = base::ParseNumber<int32_t>(number).value_or(-1);
  }
  if (const size_t module = info.find("; module "); module != std::string_view::npos) {
    out.module = info.substr(module + 9);
  }
  const std::string_view place = info.substr(0, info.find("; "));
  const size_t colon = place.find(": ");
  if (colon != std::string_view::npos) {
    out.evidence = place.substr(0, colon);
    if (out.evidence.find(' ') == std::string::npos) {
      std::string_view paths = place.substr(colon + 2);
      while (!paths.empty() && out.paths.size() < 1000) {
        const size_t end = paths.find(", ");
        out.paths.emplace_back(paths.substr(0, end));
        paths = end == std::string_view::npos ? std::string_view() : paths.substr(end + 2);
      }
    } else {
      out.evidence.clear();  // a sentence of another tool
    }
  }
}

SbomPackage PackageOf(JsonValue json, bool own) {
  SbomPackage out;
  out.key = json["SPDXID"].Text();
  out.name = json["name"].Text();
  out.version = json["versionInfo"].Text();
  out.purl = PurlOf(json);
  const std::string_view info = json["sourceInfo"].Text();
  TakeSource(info, out);
  if (own) {
    TakePlace(info, out);
  }
  std::string_view supplier = json["supplier"].Text();
  constexpr std::string_view kOrganization = "Organization: ";
  if (supplier.starts_with(kOrganization)) {
    supplier.remove_prefix(kOrganization.size());
    out.vendor = supplier.substr(0, supplier.find(" ("));
  }
  if (Asserts(json["licenseDeclared"].Text())) {
    out.licenses.emplace_back(json["licenseDeclared"].Text());
  }
  json["attributionTexts"].ForEach([&](JsonValue text) {
    constexpr std::string_view kLayer = "LayerDiffID: ";
    if (text.Text().starts_with(kLayer)) {
      out.layer_diff_id = text.Text().substr(kLayer.size());
    }
    return true;
  });
  return out;
}

void TakeImage(JsonValue json, SbomBuilder& out) {
  model::Image& image = out.image();
  image.reference = json["name"].Text();
  if (json["versionInfo"].Text().starts_with("sha256:")) {
    image.digest = json["versionInfo"].Text();
  }
  json["checksums"].ForEach([&](JsonValue checksum) {
    if (image.digest.empty() && checksum["algorithm"].Text() == "SHA256") {
      image.digest = "sha256:" + std::string(checksum["checksumValue"].Text());
    }
    return true;
  });
  const std::string_view info = json["sourceInfo"].Text();
  constexpr std::string_view kPlatform = "platform ";
  if (info.starts_with(kPlatform)) {
    image.platform = info.substr(kPlatform.size());
  }
  json["attributionTexts"].ForEach([&](JsonValue text) {
    constexpr std::string_view kLayer = "DiffID: ";
    if (text.Text().starts_with(kLayer) && image.layers.size() < 10'000) {
      out.AddLayer("", std::string(text.Text().substr(kLayer.size())));
    }
    return true;
  });
}

enum class Kind : uint8_t { kPackage, kImage, kDistro, kOther };

Kind KindOf(JsonValue json, std::string_view purl) {
  const std::string_view purpose = json["primaryPackagePurpose"].Text();
  const std::string_view id = json["SPDXID"].Text();
  if (purpose == "OPERATING_SYSTEM" || purpose == "OPERATING-SYSTEM" ||
      id.starts_with("SPDXRef-OperatingSystem")) {
    return Kind::kDistro;
  }
  if (purpose == "CONTAINER" || id.starts_with("SPDXRef-ContainerImage") ||
      id.starts_with("SPDXRef-DocumentRoot-Image") || purl.starts_with("pkg:oci/") ||
      purl.starts_with("pkg:docker/")) {
    return Kind::kImage;
  }
  const bool file = purpose == "FILE" || purpose == "APPLICATION" || purpose == "SOURCE" ||
                    purpose == "ARCHIVE" || id.starts_with("SPDXRef-Application") ||
                    id.starts_with("SPDXRef-DocumentRoot");
  return purl.empty() && file ? Kind::kOther : Kind::kPackage;
}

}  // namespace

base::Result<void> ReadSpdx(JsonValue root, SbomBuilder& out) {
  const std::string_view version = root["spdxVersion"].Text();
  if (version != "SPDX-2.2" && version != "SPDX-2.3") {
    return base::Unsupported("SPDX \"" + std::string(version.substr(0, 20)) +
                             "\" is not read; SPDX-2.2 and SPDX-2.3 are");
  }
  if (!root["packages"].IsMissing() && !root["packages"].IsArray()) {
    return base::Invalid("\"packages\" is not a list");
  }
  model::Image& image = out.image();
  image.reference = root["name"].Text();
  const JsonValue creation = root["creationInfo"];
  if (base::ParseTime(creation["created"].Text())) {
    image.created = creation["created"].Text();
  }
  bool own = false;
  creation["creators"].ForEach([&](JsonValue creator) {
    own = own || creator.Text().starts_with("Tool: scantling-");
    return true;
  });
  bool room = true;
  std::string_view problem;
  root["packages"].ForEach([&](JsonValue json) {
    if (!json.IsObject()) {
      problem = "an element of \"packages\" is not an object";
      return false;
    }
    const std::string_view purl = PurlOf(json);
    switch (KindOf(json, purl)) {
      case Kind::kPackage:
        room = out.Add(PackageOf(json, own));
        break;
      case Kind::kImage:
        TakeImage(json, out);
        break;
      case Kind::kDistro: {
        model::Distro distro;
        distro.id = json["name"].Text();
        distro.version_id = json["versionInfo"].Text();
        distro.pretty_name = json["description"].Text();
        out.SetDistro(std::move(distro));
        break;
      }
      case Kind::kOther:
        out.AddOther(json["primaryPackagePurpose"].IsMissing()
                         ? std::string_view("package without a package URL")
                         : json["primaryPackagePurpose"].Text().substr(0, 40));
        break;
    }
    return room;
  });
  if (!problem.empty()) {
    return base::Invalid(std::string(problem));
  }
  if (!room) {
    return base::LimitMet("more than " + std::to_string(SbomBuilder::kMaxPackages) + " packages");
  }
  size_t links = 0;
  root["relationships"].ForEach([&](JsonValue json) {
    const std::string_view type = json["relationshipType"].Text();
    std::string from(json["spdxElementId"].Text());
    std::string to(json["relatedSpdxElement"].Text());
    if (type == "CONTAINS" ||
        (type == "OTHER" && json["comment"].Text().starts_with("ownership-by-file-overlap"))) {
      out.AddContains(std::move(from), std::move(to));
    } else if (type == "DEPENDS_ON") {
      out.AddNeeds(std::move(from), std::move(to));
    } else if (type == "DEPENDENCY_OF") {
      out.AddNeeds(std::move(to), std::move(from));
    }
    return ++links < 4 * SbomBuilder::kMaxPackages;
  });
  return {};
}

}  // namespace scantling::report
