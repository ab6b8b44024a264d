// Where something stands in a JSON text, for messages: the parser (json.h) keeps no places, so they
// are looked for once there is something to say.
//
// Follows RFC 8259's grammar without judging numbers and escapes closely; for a text that the
// parser refused and this scan does not, the place is the end of the text. No recursion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::codec {

struct JsonPlace {
  uint32_t line = 0;    // from 1; 0 = not found
  uint32_t column = 0;  // from 1, in bytes
};

// The first byte that breaks the grammar (or the end, where the text stops early).
JsonPlace PlaceOfJsonError(std::string_view text);
// The value that a pointer names ("/statements/3/status", RFC 6901 with ~0 and ~1); line 0 when
// there is none. "" is the document.
JsonPlace PlaceOfJsonValue(std::string_view text, std::string_view pointer);

// "line 3, column 7"; "" for line 0.
std::string ToString(JsonPlace place);

}  // namespace scantling::codec
