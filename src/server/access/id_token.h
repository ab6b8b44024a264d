// ID tokens of OpenID Connect: signature and claims are judged
// (https://openid.net/specs/openid-connect-core-1_0.html 3.1.3.7, RFC 7515, RFC 7517). The
// signature is checked by libcjose, which only id_token.cc includes. Taken are RS, PS and ES of
// 256, 384 and 512 with keys of at least 2048 bits; "none" and shared secrets never are. Not
// handled: encrypted tokens, EdDSA. Thread-safe.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace scantling::server::access {

struct IdTokenWanted {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;
  int64_t now = 0;              // milliseconds since 1970
  int64_t skew_ms = 60 * 1000;  // by which the provider's clock may differ
};

struct IdToken {
  std::string subject;
  std::string claims;  // the JSON object
};

// `keys` is the provider's key set (JWKS). kNotFound: no key of the set fits, which a new set may
// better; kMismatch: a signature or a claim is wrong, with what was wanted; kInvalid: it is no
// token or no key set.
base::Result<IdToken> VerifyIdToken(std::string_view token, std::string_view keys,
                                    const IdTokenWanted& wanted);

}  // namespace scantling::server::access
