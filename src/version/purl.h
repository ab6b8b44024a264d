// Package URLs: pkg:type/namespace/name@version?qualifiers#subpath, read and written in canonical
// form. https://github.com/package-url/purl-spec (PURL-SPECIFICATION.rst, PURL-TYPES.rst)
//
// Type-specific rules are those of the types that we catalogue, plus the lower-casing of the common
// hosting types. Not handled: the newer per-type schema of required qualifiers and namespaces
// (beyond maven's and friends' namespace).
#pragma once

#include "base/result.h"
#include "version/ecosystem.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::version {

// Whether the parts are made lower case where the type says so. Names of Go modules and old npm
// packages have capitals, and advisories know them by those.
enum class Spelling { kNormalised, kAsWritten };

// Parts are decoded and normalised (lower case where the type says so) by Parse; one that is put
// together by hand is normalised by ToString, so both give the same text. Thread-compatible.
struct PackageUrl {
  std::string type;        // lower case
  std::string namespace_;  // segments joined by '/', decoded; "" when absent
  std::string name;
  std::string version;                                          // "" when absent
  std::vector<std::pair<std::string, std::string>> qualifiers;  // sorted by key, values not empty
  std::string subpath;  // segments joined by '/'; "" when absent

  static base::Result<PackageUrl> Parse(std::string_view text,
                                        Spelling spelling = Spelling::kNormalised);
  // Canonical form. Requires: type and name not empty.
  std::string ToString() const;
  // The value of a qualifier, "" when absent.
  std::string_view Qualifier(std::string_view key) const;
  // Replaces, adds, or (with an empty value) removes one.
  void SetQualifier(std::string_view key, std::string_view value);
  // nullopt for a type without a comparator.
  std::optional<Ecosystem> ecosystem() const { return EcosystemFromType(type); }

  bool operator==(const PackageUrl&) const = default;

  static std::optional<Ecosystem> EcosystemFromType(std::string_view type);
};

// The name as a key of lookups, one for all spellings of a package: pypi by PEP 503 (lower case,
// runs of -_. become '-'), cargo lower case with '-', golang, nuget and composer lower case, the
// others unchanged.
std::string NormalizeName(Ecosystem ecosystem, std::string_view name);

}  // namespace scantling::version
