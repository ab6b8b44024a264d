// What a package declares as its licences, as an SPDX licence expression where it is one.
//
// Grammar: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ ; identifiers are those
// of licenses_table.cc, in any letter case. A handful of names that mean one identifier beyond
// doubt
// ("Apache License, Version 2.0", its URL) are understood; all others ("BSD", "GPLv2+") stay names.
// Not handled: DocumentRef- (there is no other document).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

// The expression in canonical form ("(MIT OR Apache-2.0) AND Zlib"; identifiers as the list writes
// them, operators in capitals), or nothing when the text is none.
std::optional<std::string> LicenseExpression(std::string_view declared);

// "Apache 2.0" -> "Apache-2.0"; an identifier in another letter case; nothing when it is neither.
std::optional<std::string_view> LicenseId(std::string_view declared);

// A component's licences as one expression in which unknown names are LicenseRefs. Several are
// joined by AND: who keeps to all of them keeps to whichever holds.
struct LicenseName {
  std::string ref;   // "LicenseRef-scantling-GPLv2--3f2a9c01"
  std::string name;  // "GPLv2+"
};
struct DeclaredLicense {
  std::string expression;               // "" nothing is declared
  std::vector<LicenseName> references;  // those in the expression, in its order
};
DeclaredLicense Declared(const std::vector<std::string>& licenses);

// The table: identifiers (exceptions) in the list's spelling, sorted by their lower-case form.
std::span<const std::string_view> LicenseIds();
std::span<const std::string_view> LicenseExceptions();

}  // namespace scantling::report
