// Users, sessions, sign-in links, API tokens and what protects them, over the store.
//
// Secrets (session cookies, links, tokens) are random and kept as SHA-256 only; passwords as
// argon2id of libsodium. A wrong password costs time that doubles per user and address. Time and
// random bytes come from the caller. Thread-safe.
#pragma once

#include "base/result.h"
#include "server/access/audit.h"
#include "server/access/secrets.h"
#include "server/access/viewer.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::server::access {

struct AccessOptions {
  std::function<int64_t()> now;                      // milliseconds since 1970
  std::function<void(std::span<std::byte>)> random;  // cryptographic
  PasswordCost cost = PasswordCost::kModerate;
  int64_t session_idle_ms = int64_t{12} * 3600 * 1000;
  int64_t session_ms = int64_t{7} * 24 * 3600 * 1000;
  // Of who came by a provider of identities: then it is asked again whether it still knows them.
  int64_t provider_session_ms = int64_t{12} * 3600 * 1000;
  int64_t link_ms = int64_t{15} * 60 * 1000;
  // Requests a second, and how many at once, of each token or session, and of each address without
  // one (and of wrong ones).
  double rate = 50;
  double burst = 200;
  double anonymous_rate = 5;
  double anonymous_burst = 50;
};

struct User {
  int64_t id = 0;
  std::string name;
  std::string display_name;
  Role role = Role::kViewer;
  std::vector<std::string> owners;  // sorted
  bool disabled = false;
  bool has_password = false;
  std::string subject;  // of single sign-on (Identity), "" = none
  int64_t created = 0;
};

struct UserChange {
  std::optional<std::string> display_name;
  std::optional<Role> role;
  std::optional<std::vector<std::string>> owners;
  std::optional<bool> disabled;
  std::optional<std::string> password;
  std::optional<std::string> subject;  // of single sign-on, "" = none
};

// Whom a provider of identities has named.
struct Identity {
  std::string subject;           // the provider and its name for the person: never another person's
  std::string name;              // wished for; a new user's name is made of it
  std::string display_name;      // "" = as the name
  std::optional<Role> role;      // nullopt: it stays; a new user gets `new_role`
  std::optional<Role> new_role;  // nullopt: unknown people are refused
  std::optional<std::vector<std::string>> owners;  // nullopt: they stay
};
// What a user's name may hold of what the provider says; "" when that is nothing.
std::string UserNameOf(std::string_view wished);

struct Session {
  std::string id;  // public, no secret
  int64_t user_id = 0;
  int64_t created = 0;
  int64_t seen = 0;
  int64_t expires = 0;
  std::string address;
  std::string agent;
};

// What a session began with. The id of one that a provider let in begins with "sso-".
enum class SignedInBy : uint8_t { kOurselves, kProvider };
bool SignedInByProvider(std::string_view session_id);

struct NewSession {
  std::string secret;  // for the cookie
  std::string csrf;    // for X-Scantling-CSRF
  Session session;
};

struct Token {
  int64_t id = 0;
  std::string name;
  int64_t user_id = 0;
  std::string user;
  uint8_t scopes = 0;
  std::string owner;  // limits what it sees; "" = as its maker
  int64_t created = 0;
  int64_t expires = 0;
  int64_t last_used = 0;  // 0 = never
  std::string last_address;
  int64_t revoked = 0;  // 0 = not
};

struct NewToken {
  std::string secret;  // "sct_...", shown once
  Token token;
};

class Access {
 public:
  static base::Result<std::unique_ptr<Access>> Open(store::Store& store, AccessOptions options);
  ~Access();
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  store::Store& store();
  int64_t now() const;
  std::string RandomText(size_t bytes) const;  // base64url

  // Users. `by` is for the audit log.
  base::Result<std::vector<User>> Users();
  base::Result<std::optional<User>> FindUser(std::string_view name);
  base::Result<User> CreateUser(const Viewer& by, std::string_view name, const UserChange& user);
  base::Result<User> ChangeUser(const Viewer& by, int64_t id, const UserChange& change);
  base::Result<void> DeleteUser(const Viewer& by, int64_t id);
  // The administrator of an empty store; nothing when there are users already.
  base::Result<std::optional<User>> EnsureFirstUser(std::string_view name);

  // Sign-in.
  struct SignIn {
    std::optional<NewSession> session;
    int64_t wait_ms = 0;  // > 0: too many wrong attempts, not even tried
  };
  base::Result<SignIn> SignInWithPassword(std::string_view name, std::string_view password,
                                          std::string_view address, std::string_view agent);
  // One's own password. How long to wait instead, after too many wrong ones. Wants the present one;
  // who has none must have signed in within the last 15 minutes. kMismatch: neither; kUsage:
  // somebody of single sign-on, who has no password. Other sessions end.
  base::Result<int64_t> ChangeOwnPassword(const Viewer& by, std::string_view present,
                                          std::string_view password);
  // The secret of a link "/sign-in/link/SECRET".
  base::Result<std::string> CreateLink(const Viewer& by, int64_t user_id);
  base::Result<std::optional<NewSession>> SignInWithLink(std::string_view secret,
                                                         std::string_view address,
                                                         std::string_view agent);
  // A sign-in that goes on elsewhere and comes back with this secret: kept for ten minutes, and
  // taken once. False: it was taken, is too old, or never began.
  base::Result<void> BeginElsewhere(std::string_view secret);
  base::Result<bool> ComeBack(std::string_view secret);
  // The user with the identity's subject, made when it is new, with role and owners as the identity
  // has them. kUsage with what to do: nobody is to be made of it, the name is another user's, the
  // user is disabled.
  base::Result<User> UserOfIdentity(const Identity& identity);
  base::Result<NewSession> StartSession(int64_t user_id, std::string_view address,
                                        std::string_view agent,
                                        SignedInBy by = SignedInBy::kOurselves);
  base::Result<std::vector<Session>> Sessions(int64_t user_id);
  // user_id 0 = whoever's; false = there was none.
  base::Result<bool> EndSession(const Viewer& by, std::string_view id, int64_t user_id);

  // API tokens.
  base::Result<NewToken> CreateToken(const Viewer& by, std::string_view name, uint8_t scopes,
                                     std::string_view owner, int64_t expires);
  base::Result<std::vector<Token>> Tokens(int64_t user_id);  // 0 = all
  base::Result<bool> RevokeToken(const Viewer& by, int64_t id, int64_t user_id);

  // Who holds this secret; nullopt = nobody (unknown, expired, revoked, disabled user).
  base::Result<std::optional<Viewer>> ViewerOfSession(std::string_view secret,
                                                      std::string_view address);
  base::Result<std::optional<Viewer>> ViewerOfToken(std::string_view secret,
                                                    std::string_view address);
  static std::string CsrfOf(std::string_view session_secret);

  // Milliseconds to wait, 0 = go on. `key` names a token, session or address.
  int64_t TakeRate(std::string_view key, bool known);

  // Deletes what is over: sessions, links, idempotency keys, back-offs.
  base::Result<void> Prune();

 private:
  struct State;
  struct Attempt {
    int64_t user_id = 0;  // 0: wrong
    int64_t wait_ms = 0;
  };
  base::Result<Attempt> TryPassword(std::string_view name, std::string_view password,
                                    std::string_view address);
  explicit Access(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The cookie's name: "__Host-scantling" under TLS, "scantling" without.
std::string_view SessionCookie(bool tls);

}  // namespace scantling::server::access
