// Secrets as they are kept and compared, and the hash of passwords (argon2id, RFC 9106, by
// libsodium, which only secrets.cc includes). Thread-safe.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::server::access {

std::string HashOf(std::string_view secret);            // hex SHA-256
bool SameText(std::string_view a, std::string_view b);  // takes the same time for the same lengths
std::string Base64Url(std::string_view bytes);          // RFC 4648 5, without padding

// kInteractive takes 64 MB and some 0.1 s, kModerate 256 MB and some 0.7 s.
enum class PasswordCost : uint8_t { kInteractive, kModerate };
base::Result<std::string> HashPassword(std::string_view password, PasswordCost cost);
// False for an empty one.
bool VerifyPassword(std::string_view hash, std::string_view password);

}  // namespace scantling::server::access
