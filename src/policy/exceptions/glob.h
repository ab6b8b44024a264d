// Patterns of scopes: '*' is any text without '/', '**' any text, '?' one byte without '/'. Linear
// memory, at most pattern x text steps, no recursion.
#pragma once

#include <string_view>

namespace scantling::policy {

bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace scantling::policy
