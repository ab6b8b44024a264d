// The ecosystems whose versions we can order and whose packages we can name. Everything that
// depends on one (comparator, package URL type, advisory feed) is keyed by this enum.
//
// Package URL types: https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst
// Not handled: ecosystems without a comparator here (Hex, Pub, Swift, Conan, Portage, ALPM) have no
// value, on purpose. The numeric values are stored in databases: append, never reorder.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace scantling::version {

enum class Ecosystem : uint8_t {
  kDeb,
  kApk,
  kRpm,
  kPypi,
  kNpm,
  kMaven,
  kGo,
  kGem,
  kComposer,
  kNuget,
  kCargo,
};

inline constexpr std::array kAllEcosystems = {
    Ecosystem::kDeb,      Ecosystem::kApk,   Ecosystem::kRpm,  Ecosystem::kPypi,
    Ecosystem::kNpm,      Ecosystem::kMaven, Ecosystem::kGo,   Ecosystem::kGem,
    Ecosystem::kComposer, Ecosystem::kNuget, Ecosystem::kCargo};

// deb apk rpm pypi npm maven golang gem composer nuget cargo
std::string_view PurlType(Ecosystem ecosystem);

// By package URL type or by a common name ("debian", "alpine", "python", "node", "semver", "go",
// "RubyGems", "Packagist", "crates.io", ...), in any case. An OSV suffix (":12", ":v3.19") is
// ignored.
std::optional<Ecosystem> EcosystemFromName(std::string_view name);

}  // namespace scantling::version
