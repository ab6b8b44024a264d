// Is this the product that a statement speaks of? Package URLs compared by the rules of
// https://github.com/package-url/purl-spec, against a component of the image or the image itself.
//
// - type, namespace and name: equal after the type's own normalisation;
// - version: equal in the ecosystem's order ("1.0" and "1.0.0" are one version of a Python
//   package); a pattern without one means every version;
// - qualifiers: a pattern without any means every variant; each one that it has must hold. Known
//   are arch (also "src"/"source": then the name is the source package's), distro (also by
//   codename), epoch, upstream (the source package), and Maven's type=jar, which is the default.
//   One that we know nothing of does not hold: unknown is no match;
// - subpath: a pattern with one speaks of a part of a package, which no component is.
//
// Images: pkg:oci/NAME@sha256:...?repository_url=&tag=&arch= and pkg:docker/.... A digest that is
// given decides alone, as it names the bytes wherever they lie; else the name, and what the
// qualifiers say, must be the image's.
#pragma once

#include "model/inventory.h"
#include "version/purl.h"

#include <string>
#include <string_view>

namespace scantling::policy {

struct ProductMatch {
  bool yes = false;
  // How narrow the pattern is, among those that match: a component's 1 (name) to 7 (version and
  // qualifiers), an image's 10 (name), 20 (tag), 30 (digest).
  int specificity = 0;
  bool pinned = false;  // it names one version, or one digest or tag
  std::string why;      // in words, for and against
};

// The component's own package URL is parsed once by who compares many.
ProductMatch MatchComponent(const version::PackageUrl& pattern, const model::Component& component,
                            const version::PackageUrl& own, const model::Distro& distro);
ProductMatch MatchComponent(const version::PackageUrl& pattern, const model::Component& component,
                            const model::Distro& distro);

bool IsImagePurl(const version::PackageUrl& purl);  // pkg:oci, pkg:docker
ProductMatch MatchImage(const version::PackageUrl& pattern, const model::Image& image);

// A version inside a "vers" range (https://github.com/package-url/vers-spec):
// "vers:npm/>=1.2|<1.3". Unknown for ranges that we cannot read or order.
enum class InVers : uint8_t { kNo, kYes, kUnknown };
InVers MatchVers(std::string_view vers, version::Ecosystem ecosystem, std::string_view version);

}  // namespace scantling::policy
