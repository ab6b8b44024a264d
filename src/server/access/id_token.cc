#include "server/access/id_token.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"

#include <cjose/cjose.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

namespace scantling::server::access {
namespace {

using codec::Json;
using codec::JsonValue;

constexpr size_t kMaxTokenBytes = 64 * 1024;
constexpr uint64_t kMaxKeysBytes = 256 * 1024;
constexpr size_t kMaxKeys = 100;
constexpr size_t kMaxTried = 8;
constexpr size_t kMinModulusText = 341;  // 2048 bits as base64url
constexpr size_t kMaxSubject = 255;      // OpenID Connect Core 2

struct Algorithm {
  std::string_view name;
  std::string_view key_type;
  std::string_view curve;
};
constexpr std::array kAlgorithms = {
    Algorithm{"RS256", "RSA", ""},     Algorithm{"RS384", "RSA", ""},
    Algorithm{"RS512", "RSA", ""},     Algorithm{"PS256", "RSA", ""},
    Algorithm{"PS384", "RSA", ""},     Algorithm{"PS512", "RSA", ""},
    Algorithm{"ES256", "EC", "P-256"}, Algorithm{"ES384", "EC", "P-384"},
    Algorithm{"ES512", "EC", "P-521"},
};

using Signed = std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)>;
struct KeyEnd {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
using Key = std::unique_ptr<cjose_jwk_t, KeyEnd>;

base::Error Wrong(std::string text) { return {base::ErrorCode::kMismatch, std::move(text)}; }

std::string_view HeaderOf(cjose_header_t* header, const char* name) {
  cjose_err error{};
  const char* const text = cjose_header_get(header, name, &error);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// Its public part alone goes to the library.
Key ImportKey(JsonValue key) {
  std::string text;
  codec::JsonWriter json(&text, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  for (const std::string_view name : {"kty", "crv", "n", "e", "x", "y"}) {
    if (const auto value = key[name].MaybeText()) {
      json.Text(name, *value);
    }
  }
  json.EndObject();
  cjose_err error{};
  return Key(cjose_jwk_import(text.data(), text.size(), &error));
}

bool Fits(JsonValue key, const Algorithm& algorithm, std::string_view id) {
  const std::string_view use = key["use"].Text();
  const std::string_view named = key["alg"].Text();
  return key["kty"].Text() == algorithm.key_type && (use.empty() || use == "sig") &&
         (named.empty() || named == algorithm.name) && (id.empty() || key["kid"].Text() == id) &&
         (algorithm.key_type == "RSA" ? key["n"].Text().size() >= kMinModulusText
                                      : key["crv"].Text() == algorithm.curve);
}

base::Result<void> CheckSignature(cjose_jws_t* token, std::string_view keys) {
  cjose_header_t* const header = cjose_jws_get_protected(token);
  const std::string_view name = HeaderOf(header, CJOSE_HDR_ALG);
  const auto* const algorithm =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                   [&](const Algorithm& one) { return one.name == name; });
  if (algorithm == kAlgorithms.end()) {
    return Wrong("the ID token is signed by \"" + base::ToUtf8(name.substr(0, 20)) +
                 "\"; RS, PS and ES of 256, 384 and 512 are taken");
  }
  const std::string_view id = HeaderOf(header, CJOSE_HDR_KID);
  Json parser;
  SCANTLING_TRY(const JsonValue root, parser.Parse(keys, kMaxKeysBytes));
  if (!root["keys"].IsArray()) {
    return base::Invalid("the key set has no list \"keys\"");
  }
  size_t seen = 0;
  size_t tried = 0;
  bool right = false;
  root["keys"].ForEach([&](JsonValue value) {
    if (Fits(value, *algorithm, id)) {
      ++tried;
      const Key key = ImportKey(value);
      cjose_err error{};
      right = key != nullptr && cjose_jws_verify(token, key.get(), &error);
    }
    return !right && ++seen < kMaxKeys && tried < kMaxTried;
  });
  if (tried == 0) {
    return base::NotFound("the provider has no key that fits the ID token's (" + std::string(name) +
                          ")");
  }
  if (!right && id.empty()) {
    // Its key may be one that the provider has since.
    return base::NotFound("the ID token names no key, and its signature is by none of the known");
  }
  return right ? base::Result<void>() : Wrong("the ID token's signature is wrong");
}

// "aud" is a text or a list of them (RFC 7519 4.1.3).
std::vector<std::string_view> AudiencesOf(JsonValue claims) {
  std::vector<std::string_view> out;
  if (const auto one = claims["aud"].MaybeText()) {
    out.push_back(*one);
  }
  claims["aud"].ForEach([&](JsonValue value) {
    out.push_back(value.Text());
    return out.size() < 100;
  });
  return out;
}

base::Result<void> CheckClaims(JsonValue claims, const IdTokenWanted& wanted) {
  if (claims["iss"].Text() != wanted.issuer) {
    return Wrong("the ID token is of another issuer than " + std::string(wanted.issuer));
  }
  const auto audiences = AudiencesOf(claims);
  const std::string_view party = claims["azp"].Text();
  if (std::find(audiences.begin(), audiences.end(), wanted.client_id) == audiences.end() ||
      (!party.empty() && party != wanted.client_id) || (audiences.size() > 1 && party.empty())) {
    return Wrong("the ID token is for another client than " + std::string(wanted.client_id));
  }
  // Times may have a fraction (RFC 7519 2).
  const auto moment = [&](std::string_view name) { return claims[name].Double(); };
  const double now = static_cast<double>(wanted.now) / 1000;
  const double skew = static_cast<double>(wanted.skew_ms) / 1000;
  const auto ends = moment("exp");
  if (!ends || *ends + skew <= now) {
    return Wrong("the ID token has expired, or one of the two clocks is wrong");
  }
  const auto made = moment("iat");
  const auto begins = moment("nbf");
  if (!made || *made - skew > now || (begins && *begins - skew > now)) {
    return Wrong("the ID token is of the future: one of the two clocks is wrong");
  }
  if (wanted.nonce.empty() || claims["nonce"].Text() != wanted.nonce) {
    return Wrong("the ID token is not of this sign-in (nonce)");
  }
  const std::string_view subject = claims["sub"].Text();
  if (subject.empty() || subject.size() > kMaxSubject) {
    return Wrong("the ID token names no subject");
  }
  return {};
}

}  // namespace

base::Result<IdToken> VerifyIdToken(std::string_view token, std::string_view keys,
                                    const IdTokenWanted& wanted) {
  if (token.size() > kMaxTokenBytes) {
    return base::LimitMet("an ID token of more than " + std::to_string(kMaxTokenBytes) + " bytes");
  }
  const size_t dots = static_cast<size_t>(std::count(token.begin(), token.end(), '.'));
  cjose_err error{};
  const Signed parsed(dots == 2 ? cjose_jws_import(token.data(), token.size(), &error) : nullptr,
                      cjose_jws_release);
  if (parsed == nullptr) {
    return base::Invalid("the ID token is no signed token (JWS)");
  }
  // An extension that must be understood is none of ours (RFC 7515 4.1.11).
  const std::unique_ptr<char, decltype(&std::free)> extension(
      cjose_header_get_raw(cjose_jws_get_protected(parsed.get()), "crit", &error), std::free);
  if (extension != nullptr) {
    return Wrong("the ID token wants an extension (crit)");
  }
  SCANTLING_DO(CheckSignature(parsed.get(), keys));
  uint8_t* bytes = nullptr;
  size_t size = 0;
  if (!cjose_jws_get_plaintext(parsed.get(), &bytes, &size, &error)) {
    return base::Invalid("the ID token has no content");
  }
  IdToken out;
  out.claims.assign(reinterpret_cast<const char*>(bytes), size);
  Json parser;
  SCANTLING_TRY(const JsonValue claims, parser.Parse(out.claims, kMaxTokenBytes));
  SCANTLING_DO(CheckClaims(claims, wanted));
  out.subject = claims["sub"].Text();
  return out;
}

}  // namespace scantling::server::access
