// OpenSSL's plain SHA-256 functions, and not EVP: the first EVP digest of a process looks up
// providers and names for over five million instructions, which a scan of a known image would
// spend on some kilobytes of JSON. The code of the hash itself is the same.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include "base/result.h"
#include "base/sha256_state.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <climits>

namespace scantling::base {

std::optional<Digest> Digest::Parse(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 64) {
    return std::nullopt;
  }
  text.remove_prefix(kPrefix.size());
  Digest out;
  for (size_t i = 0; i < 64; ++i) {
    const char c = text[i];
    int nibble = 0;
    if (c >= '0' && c <= '9') {
      nibble = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      nibble = c - 'a' + 10;
    } else {
      return std::nullopt;
    }
    out.bytes[i / 2] =
        static_cast<std::byte>((std::to_integer<int>(out.bytes[i / 2]) << 4) | nibble);
  }
  return out;
}

std::string Digest::Hex() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(64);
  for (const std::byte b : bytes) {
    out.push_back(kHex[std::to_integer<int>(b) >> 4]);
    out.push_back(kHex[std::to_integer<int>(b) & 15]);
  }
  return out;
}

Sha256::Sha256() : state_(std::make_unique<State>()) {
  SCANTLING_ASSERT(SHA256_Init(&state_->context) == 1);
}

Sha256::~Sha256() = default;

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

void Sha256::Update(Bytes data) {
  SCANTLING_ASSERT(SHA256_Update(&state_->context, data.data(), data.size()) == 1);
}

Digest Sha256::Finish() {
  Digest out;
  static_assert(sizeof(out.bytes) == SHA256_DIGEST_LENGTH);
  SCANTLING_ASSERT(
      SHA256_Final(reinterpret_cast<unsigned char*>(out.bytes.data()), &state_->context) == 1);
  return out;
}

Digest Sha256Of(Bytes data) {
  Sha256 hash;
  hash.Update(data);
  return hash.Finish();
}

Digest HmacSha256(std::string_view key, Bytes data) {
  Digest out;
  SCANTLING_ASSERT(key.size() <= INT_MAX);
  SCANTLING_ASSERT(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                        reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                        reinterpret_cast<unsigned char*>(out.bytes.data()), nullptr) != nullptr);
  return out;
}

}  // namespace scantling::base
