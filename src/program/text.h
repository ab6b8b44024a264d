// Inside of the room: texts in and out: moments, and the members of small JSON objects.
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "program/types.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace scantling::program {

// What both databases take as a text: valid UTF-8 without zero bytes; U+FFFD in place of what is
// not.
std::string Storable(std::string_view text);

// RFC 3339 with milliseconds, UTC; "" for 0.
std::string FormatMillis(Millis at);
// A date or an RFC 3339 time, with fractions; nullopt for anything else.
std::optional<Millis> ParseMillis(std::string_view text);

using TextMembers = std::initializer_list<std::pair<std::string_view, std::string*>>;

// The members of an object that are texts of at most `max_bytes`, made storable. Any other member
// is an error, but for those in `others`, which the caller reads. Errors name the member and begin
// with `place` ("rules[3]."; "" at the top).
base::Result<void> ReadTexts(codec::JsonValue object, std::string_view place,
                             const TextMembers& texts, size_t max_bytes,
                             std::initializer_list<std::string_view> others = {});

}  // namespace scantling::program
