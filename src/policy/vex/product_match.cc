#include "policy/vex/product_match.h"

#include "base/strings.h"
#include "policy/vex/image_name.h"
#include "version/compare.h"

#include <algorithm>

namespace scantling::policy {
namespace {

using version::PackageUrl;

std::string NameOf(const PackageUrl& purl) {
  return purl.namespace_.empty() ? purl.name : purl.namespace_ + "/" + purl.name;
}

bool SameVersion(version::Ecosystem ecosystem, std::string_view a, std::string_view b) {
  return a == b || version::Compare(ecosystem, a, b) == 0;
}

std::string_view WithoutEpoch(std::string_view version) {
  const size_t colon = version.find(':');
  return colon == std::string_view::npos ? version : version.substr(colon + 1);
}

// rpm: the epoch is a qualifier ("?epoch=1") or stands in the version ("1:2.3-4"); a pattern that
// names none means every epoch.
bool RpmVersionHolds(const PackageUrl& pattern, std::string_view version) {
  const std::string_view epoch = pattern.Qualifier("epoch");
  if (!epoch.empty() || pattern.version.find(':') != std::string::npos) {
    const std::string wanted =
        epoch.empty() ? pattern.version : std::string(epoch) + ":" + pattern.version;
    return SameVersion(version::Ecosystem::kRpm, wanted, version);
  }
  return SameVersion(version::Ecosystem::kRpm, pattern.version, WithoutEpoch(version));
}

bool DistroHolds(std::string_view wanted, const PackageUrl& own, const model::Distro& distro) {
  return base::EqualsIgnoreCase(wanted, own.Qualifier("distro")) ||
         (!distro.codename.empty() && base::EqualsIgnoreCase(wanted, distro.codename)) ||
         (!distro.codename.empty() &&
          base::EqualsIgnoreCase(wanted, distro.id + "-" + distro.codename));
}

// "glibc" or "glibc@2.36-9".
bool UpstreamHolds(std::string_view wanted, const model::Component& component) {
  const size_t at = wanted.find('@');
  if (wanted.substr(0, at) != component.source_name) {
    return false;
  }
  return at == std::string_view::npos ||
         SameVersion(
             component.type, wanted.substr(at + 1),
             component.source_version.empty() ? component.version : component.source_version);
}

bool IsSourceArch(std::string_view arch) { return arch == "src" || arch == "source"; }

bool QualifierHolds(std::string_view key, std::string_view value, const PackageUrl& own,
                    const model::Component& component, const model::Distro& distro) {
  if (value == own.Qualifier(key)) {
    return true;
  }
  if (key == "distro") {
    return DistroHolds(value, own, distro);
  }
  if (key == "arch") {
    return IsSourceArch(value) || value == component.architecture ||
           component.architecture == "all" || component.architecture == "noarch";
  }
  if (key == "upstream") {
    return UpstreamHolds(value, component);
  }
  if (key == "type") {
    return component.type == version::Ecosystem::kMaven && value == "jar" &&
           own.Qualifier("type").empty();
  }
  return key == "epoch";  // judged with the version
}

ProductMatch No(std::string why) { return {false, 0, false, std::move(why)}; }

std::string Bare(std::string_view digest) {
  constexpr std::string_view kPrefix = "sha256:";
  return base::Lower(digest.starts_with(kPrefix) ? digest.substr(kPrefix.size()) : digest);
}

bool IsHexDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

ProductMatch MatchComponent(const PackageUrl& pattern, const model::Component& component,
                            const PackageUrl& own, const model::Distro& distro) {
  if (pattern.type != own.type) {
    return No("it speaks of a package of type " + pattern.type + ", this is " + own.type);
  }
  const bool source = IsSourceArch(pattern.Qualifier("arch"));
  const std::string& name =
      source && !component.source_name.empty() ? component.source_name : own.name;
  if (pattern.namespace_ != own.namespace_ || pattern.name != name) {
    return No("it speaks of " + NameOf(pattern) + ", this is " + NameOf(own));
  }
  ProductMatch out;
  out.specificity = 1;
  if (!pattern.version.empty()) {
    const std::string& version =
        source && !component.source_version.empty() ? component.source_version : component.version;
    const bool same = component.type == version::Ecosystem::kRpm
                          ? RpmVersionHolds(pattern, version)
                          : SameVersion(component.type, pattern.version, version);
    if (!same) {
      return No("it speaks of version " + pattern.version + ", this is " + version);
    }
    out.specificity += 4;
    out.pinned = true;
  }
  for (const auto& [key, value] : pattern.qualifiers) {
    if (!QualifierHolds(key, value, own, component, distro)) {
      const std::string_view have = own.Qualifier(key);
      return No("it wants " + key + "=" + value + ", which " +
                (have.empty() ? "is not known of this component" : "is " + std::string(have)));
    }
  }
  if (!pattern.subpath.empty()) {
    return No("it speaks of " + pattern.subpath + ", a part of the package");
  }
  out.specificity += pattern.qualifiers.empty() ? 0 : 2;
  out.yes = true;
  out.why = out.pinned ? "name and version are this component's"
                       : "the name is this component's, and it means every version";
  return out;
}

ProductMatch MatchComponent(const PackageUrl& pattern, const model::Component& component,
                            const model::Distro& distro) {
  const auto own = PackageUrl::Parse(component.purl);
  if (!own) {
    return No("this component has no package URL");
  }
  return MatchComponent(pattern, component, *own, distro);
}

bool IsImagePurl(const PackageUrl& purl) { return purl.type == "oci" || purl.type == "docker"; }

ProductMatch MatchImage(const PackageUrl& pattern, const model::Image& image) {
  ProductMatch out;
  const std::string digest = Bare(pattern.version);
  if (IsHexDigest(digest)) {
    if (image.digest.empty() && image.config_digest.empty()) {
      return No("it speaks of an image by digest, and this image's is not known");
    }
    if (digest != Bare(image.digest) && digest != Bare(image.config_digest)) {
      return No("it speaks of the image sha256:" + digest.substr(0, 12) + "..., this is another");
    }
    return {true, 30, true, "the digest is this image's"};
  }
  const ImageName own = ParseImageName(image.reference);
  if (own.repository.empty()) {
    return No("it speaks of an image by name, and this image's is not known");
  }
  const std::string short_name(base::BaseName(own.repository));
  if (base::Lower(short_name) != base::Lower(pattern.name)) {
    return No("it speaks of the image " + pattern.name + ", this is " + short_name);
  }
  if (!pattern.namespace_.empty() &&
      LongRepository(pattern.namespace_ + "/" + pattern.name) != own.repository &&
      !own.repository.ends_with("/" + pattern.namespace_ + "/" + pattern.name)) {
    return No("it speaks of the image " + NameOf(pattern) + ", this is " + own.repository);
  }
  std::string tag(pattern.version);
  for (const auto& [key, value] : pattern.qualifiers) {
    if (key == "tag") {
      tag = value;
    } else if (key == "repository_url") {
      std::string_view url = value;
      for (const std::string_view scheme : {"https://", "http://"}) {
        url = url.starts_with(scheme) ? url.substr(scheme.size()) : url;
      }
      while (url.ends_with('/')) {
        url.remove_suffix(1);
      }
      // With the image's own name at the end, as the specification's examples have it, or without.
      if (LongRepository(url) != own.repository &&
          LongRepository(std::string(url) + "/" + short_name) != own.repository) {
        return No("it speaks of an image of " + value + ", this is " + own.repository);
      }
    } else if (key == "arch") {
      const auto parts = base::Split(image.platform, '/');
      if (parts.size() < 2 || parts[1] != value) {
        return No("it speaks of an image for " + value + ", this is for " +
                  (image.platform.empty() ? "an unknown platform" : image.platform));
      }
    } else if (key != "os" || !image.platform.starts_with(value + "/")) {
      return No("it wants " + key + "=" + value + ", which is not known of this image");
    }
  }
  if (!tag.empty() && tag != own.tag) {
    return No("it speaks of the tag " + tag + ", this is " + (own.tag.empty() ? "none" : own.tag));
  }
  out.yes = true;
  out.specificity = tag.empty() ? 10 : 20;
  out.pinned = !tag.empty();
  out.why =
      tag.empty() ? "the image's name is this one's" : "the image's name and tag are this one's";
  return out;
}

namespace {

enum class Op : uint8_t { kEqual, kNot, kLess, kLessEqual, kMore, kMoreEqual };

struct Constraint {
  Op op = Op::kEqual;
  std::string version;
};

std::optional<Constraint> ParseConstraint(std::string_view text) {
  Constraint out;
  text = base::Trim(text);
  constexpr std::array<std::pair<std::string_view, Op>, 6> kOps = {{{"!=", Op::kNot},
                                                                    {"<=", Op::kLessEqual},
                                                                    {">=", Op::kMoreEqual},
                                                                    {"<", Op::kLess},
                                                                    {">", Op::kMore},
                                                                    {"=", Op::kEqual}}};
  for (const auto& [prefix, op] : kOps) {
    if (text.starts_with(prefix)) {
      out.op = op;
      text.remove_prefix(prefix.size());
      break;
    }
  }
  text = base::Trim(text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.version.push_back(text[i]);
      continue;
    }
    const auto byte =
        i + 2 < text.size() ? base::ParseNumber<unsigned>(text.substr(i + 1, 2), 16) : std::nullopt;
    if (!byte) {
      return std::nullopt;
    }
    out.version.push_back(static_cast<char>(*byte));
    i += 2;
  }
  return out.version.empty() ? std::nullopt : std::optional(out);
}

}  // namespace

InVers MatchVers(std::string_view vers, version::Ecosystem ecosystem, std::string_view version) {
  constexpr std::string_view kScheme = "vers:";
  constexpr size_t kMaxConstraints = 1000;
  const size_t slash = vers.find('/');
  if (!vers.starts_with(kScheme) || slash == std::string_view::npos) {
    return InVers::kUnknown;
  }
  const std::string scheme = base::Lower(vers.substr(kScheme.size(), slash - kScheme.size()));
  const bool generic = scheme == "generic" || scheme == "all" || scheme == "intdot";
  const auto of_scheme = version::EcosystemFromName(scheme);
  if (!generic && (!of_scheme || *of_scheme != ecosystem)) {
    return InVers::kUnknown;
  }
  vers.remove_prefix(slash + 1);
  if (base::Trim(vers) == "*") {
    return InVers::kYes;
  }
  std::vector<Constraint> list;
  for (const std::string_view part : base::Split(vers, '|')) {
    if (base::Trim(part).empty()) {
      continue;
    }
    auto constraint = ParseConstraint(part);
    if (!constraint || list.size() == kMaxConstraints) {
      return InVers::kUnknown;
    }
    list.push_back(std::move(*constraint));
  }
  if (list.empty()) {
    return InVers::kUnknown;
  }
  for (const Constraint& one : list) {  // all can be ordered, or nothing is said
    if (!version::Compare(ecosystem, version, one.version)) {
      return InVers::kUnknown;
    }
  }
  const auto against = [&](const Constraint& one) {
    return version::Compare(ecosystem, version, one.version).value_or(0);
  };
  std::ranges::stable_sort(list, [&](const Constraint& a, const Constraint& b) {
    return version::Compare(ecosystem, a.version, b.version).value_or(0) < 0;
  });
  std::vector<const Constraint*> bounds;
  for (const Constraint& one : list) {
    const bool same = against(one) == 0;
    if (one.op == Op::kNot || one.op == Op::kEqual) {
      if (same) {
        return one.op == Op::kEqual ? InVers::kYes : InVers::kNo;
      }
      continue;
    }
    if (same) {
      return one.op == Op::kLessEqual || one.op == Op::kMoreEqual ? InVers::kYes : InVers::kNo;
    }
    bounds.push_back(&one);
  }
  const auto is_upper = [](const Constraint& one) {
    return one.op == Op::kLess || one.op == Op::kLessEqual;
  };
  if (bounds.empty()) {
    // Only "!=": everything else. Only "=": nothing else.
    return std::ranges::all_of(list, [](const auto& one) { return one.op == Op::kNot; })
               ? InVers::kYes
               : InVers::kNo;
  }
  if (is_upper(*bounds.front()) && against(*bounds.front()) < 0) {
    return InVers::kYes;
  }
  if (!is_upper(*bounds.back()) && against(*bounds.back()) > 0) {
    return InVers::kYes;
  }
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    if (!is_upper(*bounds[i]) && is_upper(*bounds[i + 1]) && against(*bounds[i]) > 0 &&
        against(*bounds[i + 1]) < 0) {
      return InVers::kYes;
    }
  }
  return InVers::kNo;
}

}  // namespace scantling::policy
