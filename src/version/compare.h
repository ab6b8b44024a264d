// One version order per ecosystem, as the ecosystem's own tools have it. Pure functions; no
// allocation for versions of usual length.
//
// Total on every text but "" (never nullopt): rpm, maven. RubyGems, dpkg, apk, PEP 440, npm, Go,
// Composer, NuGet and cargo know texts that are not versions; Compare() then gives nullopt, and the
// caller must treat the answer as unknown. The rules, their sources and what counts as invalid:
// docs/formats/versions.md.
#pragma once

#include "version/ecosystem.h"

#include <optional>
#include <string_view>

namespace scantling::version {

// -1, 0 or 1; nullopt when `a` or `b` is not a version of that ecosystem.
std::optional<int> Compare(Ecosystem ecosystem, std::string_view a, std::string_view b);

bool IsValid(Ecosystem ecosystem, std::string_view version);

}  // namespace scantling::version
