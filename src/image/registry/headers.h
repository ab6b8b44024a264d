// Two header fields of a registry's answers: what it wants to know of the caller, and where the
// next page is. https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1,
// https://distribution.github.io/distribution/spec/auth/token/, RFC 8288.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::image::registry {

struct Challenge {
  std::string scheme;                                           // lower case: "basic", "bearer"
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case
  std::string_view Text(std::string_view name) const;           // "" = none
};

// One WWW-Authenticate field may hold several. What does not follow the grammar ends the list.
std::vector<Challenge> ParseChallenges(std::string_view field);

// The target of rel="next" in a Link field.
std::optional<std::string> NextLink(std::string_view field);

}  // namespace scantling::image::registry
