// Sign-in by a provider of identities: OpenID Connect, authorization code with PKCE
// (https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636, RFC 9207).
//
// The browser goes to the provider with a state, a nonce and a challenge that are made of one
// random secret; the secret stays in a cookie of this browser, and its hash in the store, where it
// can be taken once within ten minutes. So any process may finish what another began, and neither
// another browser nor a second use gets in. The provider's description and keys are fetched when
// they are first needed and kept for ten minutes; an unknown key asks again, at most every ten
// seconds. Thread-safe.
#pragma once

#include "base/result.h"
#include "net/http_client.h"
#include "server/access/access.h"
#include "server/http/router.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::server::access {

struct OidcOptions {
  std::string issuer;  // "https://id.example.org"; "" = no single sign-on
  std::string client_id;
  std::string client_secret;  // "" = a public client
  std::string label = "single sign-on";
  std::string scopes = "openid profile email";
  std::string ca_file;     // of a private provider's certificate
  std::string role_claim;  // whose values are looked up in `roles`; "" = roles are given here
  std::vector<std::pair<std::string, Role>> roles;
  std::optional<Role> default_role;  // of who has none by the claim; nullopt = refused
  std::string owner_claim;           // whose values are the owners; "" = owners are given here
  int64_t session_ms = int64_t{12} * 3600 * 1000;  // until the provider is asked again
};

// Errors name the flag. https, or http on loopback; a role claim comes with roles.
base::Result<void> CheckOidcOptions(const OidcOptions& options);

class Oidc {
 public:
  // `access` is borrowed; `base_url` gives how people reach the server.
  Oidc(OidcOptions options, Access& access, std::function<std::string()> base_url);
  ~Oidc();
  Oidc(const Oidc&) = delete;
  Oidc& operator=(const Oidc&) = delete;

  const std::string& label() const;
  // GET /sign-in/oidc?to=PATH and /sign-in/oidc/callback. What goes wrong leads to the page with
  // ?problem=sso-...; the reason is in the log.
  http::Response Begin(const http::Request& request);
  http::Response Finish(const http::Request& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Adds both, and GET /api/v1/sign-in. `maybe_oidc` is borrowed; null = only passwords and links.
void AddSignOnRoutes(http::Router& router, Oidc* maybe_oidc);

}  // namespace scantling::server::access
