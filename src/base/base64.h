// Base64 with the standard alphabet (RFC 4648 section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace scantling::base {

std::string EncodeBase64(std::string_view bytes);
// Padding may be missing. nullopt for anything else.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace scantling::base
