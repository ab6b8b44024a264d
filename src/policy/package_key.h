// What "the same package" means when reports are compared and exceptions or VEX statements are
// matched: the package URL without version, qualifiers and subpath.
#pragma once

#include "model/component.h"

#include <string_view>

namespace scantling::policy {

// "pkg:npm/lodash", "pkg:deb/debian/openssl"; a view into component.purl.
std::string_view PackageKey(const model::Component& component);

}  // namespace scantling::policy
