// See component_from_purl.h.
#include "policy/change/component_from_purl.h"

#include "base/strings.h"
#include "catalog/distro.h"
#include "version/purl.h"

#include <array>
#include <utility>

namespace scantling::policy {
namespace {

using version::Ecosystem;

// Names of distributions that other tools use, and os-release's ID, which we use.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kDistroNames = {{
    {"alma", "almalinux"},
    {"amazon", "amzn"},
    {"amazonlinux", "amzn"},
    {"oracle", "ol"},
    {"oraclelinux", "ol"},
    {"redhat", "rhel"},
    {"rockylinux", "rocky"},
    {"opensuse.leap", "opensuse-leap"},
    {"opensuse.tumbleweed", "opensuse-tumbleweed"},
    {"suse linux enterprise server", "sles"},
    {"suse linux enterprise", "sles"},
    {"suse", "sles"},
}};

bool IsOsPackage(Ecosystem type) {
  return type == Ecosystem::kDeb || type == Ecosystem::kApk || type == Ecosystem::kRpm;
}

model::Evidence EvidenceOf(Ecosystem type) {
  switch (type) {
    case Ecosystem::kApk:
      return model::Evidence::kApkInstalled;
    case Ecosystem::kRpm:
      return model::Evidence::kRpmDatabase;
    case Ecosystem::kPypi:
      return model::Evidence::kPythonDistInfo;
    case Ecosystem::kNpm:
      return model::Evidence::kNodePackageJson;
    case Ecosystem::kMaven:
      return model::Evidence::kJavaPomProperties;
    case Ecosystem::kGo:
      return model::Evidence::kGoBuildInfo;
    default:
      return model::Evidence::kDpkgStatus;
  }
}

std::string NameOf(Ecosystem type, const version::PackageUrl& url) {
  if (url.namespace_.empty() || IsOsPackage(type)) {
    return url.name;
  }
  return url.namespace_ + (type == Ecosystem::kMaven ? ":" : "/") + url.name;
}

// "debian-12", "rhel-9.4", "opensuse-leap-15.5", Trivy's "3.18.4": the last part is the version.
model::Distro DistroOf(const version::PackageUrl& url) {
  model::Distro out;
  const std::string_view text = url.Qualifier("distro");
  const size_t dash = text.rfind('-');
  const bool version_last = dash != std::string_view::npos && dash + 1 < text.size() &&
                            text[dash + 1] >= '0' && text[dash + 1] <= '9';
  if (version_last) {
    out.id = text.substr(0, dash);
    out.version_id = text.substr(dash + 1);
  } else if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    out.id = url.namespace_;
    out.version_id = text;
  } else if (const size_t first = text.find('-'); first != std::string_view::npos && first > 0) {
    out.id = text.substr(0, first);  // "debian-bookworm"
    out.codename = text.substr(first + 1);
  } else {
    out.id = url.namespace_;
    out.codename = text == url.namespace_ ? "" : text;
  }
  return out;
}

void SetSource(std::string_view upstream, model::Component& out) {
  if (out.type == Ecosystem::kRpm) {
    SplitSourceRpm(upstream, out.source_name, out.source_version);
    return;
  }
  const size_t at = upstream.find('@');
  out.source_name = upstream.substr(0, at);
  if (at != std::string_view::npos) {
    out.source_version = upstream.substr(at + 1);
  }
}

}  // namespace

std::string NormaliseDistro(model::Distro& distro) {
  distro.id = base::Lower(base::Trim(distro.id));
  for (const auto& [theirs, ours] : kDistroNames) {
    if (distro.id == theirs) {
      distro.id = ours;
      break;
    }
  }
  return catalog::AdvisoryNamespace(distro, {});
}

void SplitSourceRpm(std::string_view source_rpm, std::string& name, std::string& version) {
  for (const std::string_view end : {".rpm", ".src", ".nosrc"}) {
    if (source_rpm.ends_with(end)) {
      source_rpm.remove_suffix(end.size());
    }
  }
  const size_t release = source_rpm.rfind('-');
  const size_t start = release == std::string_view::npos || release == 0
                           ? std::string_view::npos
                           : source_rpm.rfind('-', release - 1);
  name = std::string(source_rpm.substr(0, start));
  version = start == std::string_view::npos ? "" : std::string(source_rpm.substr(start + 1));
}

std::optional<PurlFacts> ComponentFromPurl(std::string_view purl, std::string& why) {
  auto url = version::PackageUrl::Parse(purl, version::Spelling::kAsWritten);
  if (!url) {
    why = url.error().Message();
    return std::nullopt;
  }
  const auto type = url->ecosystem();
  if (!type) {
    why = "packages of the type \"" + base::ToUtf8(url->type) + "\" are not known";
    return std::nullopt;
  }
  PurlFacts out;
  model::Component& component = out.component;
  component.ref = std::string(purl);
  component.purl = std::string(purl);
  component.type = *type;
  component.name = NameOf(*type, *url);
  component.version = url->version;
  component.evidence = EvidenceOf(*type);
  component.locations.push_back({"", -1});
  if (IsOsPackage(*type)) {
    component.architecture = url->Qualifier("arch");
    const std::string_view epoch = url->Qualifier("epoch");
    if (!epoch.empty() && *type != Ecosystem::kApk &&
        component.version.find(':') == std::string::npos) {
      component.version = std::string(epoch) + ":" + component.version;
    }
    component.module = url->Qualifier("modularitylabel");
    SetSource(url->Qualifier("upstream"), component);
    out.distro = DistroOf(*url);
    component.distro = NormaliseDistro(out.distro);
  }
  return out;
}

}  // namespace scantling::policy
