// Secrets and passwords.
#include "server/access/secrets.h"

#include "base/bytes.h"
#include "base/digest.h"

#include <sodium.h>

#include <array>

namespace scantling::server::access {

std::string HashOf(std::string_view secret) { return base::Sha256Of(base::AsBytes(secret)).Hex(); }

bool SameText(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string Base64Url(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                  '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // its NUL
  return out;
}

base::Result<std::string> HashPassword(std::string_view password, PasswordCost cost) {
  if (sodium_init() < 0) {
    return base::Error(base::ErrorCode::kIo, "libsodium finds no source of random bytes");
  }
  const bool moderate = cost == PasswordCost::kModerate;
  // An empty view may point nowhere, which the library does not take.
  const char* const text = password.empty() ? "" : password.data();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(
          out.data(), text, password.size(),
          moderate ? crypto_pwhash_OPSLIMIT_MODERATE : crypto_pwhash_OPSLIMIT_INTERACTIVE,
          moderate ? crypto_pwhash_MEMLIMIT_MODERATE : crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    return base::Error(base::ErrorCode::kIo, "not enough memory to hash a password");
  }
  return std::string(out.data());
}

bool VerifyPassword(std::string_view hash, std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (sodium_init() < 0 || hash.size() >= text.size()) {
    return false;
  }
  if (hash.empty() || password.empty()) {
    return false;
  }
  hash.copy(text.data(), hash.size());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

}  // namespace scantling::server::access
