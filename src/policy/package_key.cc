// See package_key.h. An "@" that belongs to a name is written "%40" in a package URL, so the first
// one begins the version.
#include "policy/package_key.h"

namespace scantling::policy {

std::string_view PackageKey(const model::Component& component) {
  const std::string_view purl = component.purl;
  return purl.substr(0, purl.find_first_of("@?#"));
}

}  // namespace scantling::policy
