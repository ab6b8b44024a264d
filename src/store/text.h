// What both databases accept as text. Inside the room only.
#pragma once

#include <string_view>

namespace scantling::store {

// Valid UTF-8 (RFC 3629) without U+0000: PostgreSQL takes nothing else, so that SQLite may not
// either.
bool IsStorableText(std::string_view text);

}  // namespace scantling::store
