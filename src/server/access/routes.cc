// Handlers of sign-in, users, sessions, tokens and the audit log.
#include "server/access/routes.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/text.h"
#include "server/access/audit.h"
#include "server/access/json_of.h"

#include <algorithm>

namespace scantling::server::access {
namespace {

using codec::Json;
using codec::JsonValue;
using codec::JsonWriter;
using http::Method;
using http::Problem;
using http::Request;
using http::Response;

constexpr http::RouteOptions kSmall = {.body_bytes = 64 * 1024};

// A body that must be a JSON object.
struct Body {
  Json json;
  JsonValue root;
};
base::Result<Body> ReadBody(const Request& request) {
  const std::string_view type = request.Header("Content-Type");
  if (!base::EqualsIgnoreCase(base::Trim(type.substr(0, type.find(';'))), "application/json")) {
    return base::Unsupported("the body must be application/json");
  }
  Body out;
  SCANTLING_TRY(out.root, out.json.Parse(request.body));
  if (!out.root.IsObject()) {
    return base::Invalid("the body must be a JSON object");
  }
  return out;
}

std::optional<int64_t> IdOf(const Request& request) {
  const auto id = base::ParseNumber<int64_t>(request.Parameter("id"));
  return id && *id > 0 ? id : std::nullopt;
}

// "__Host-" cookies must be Secure, for "/" and without a domain (RFC 6265bis 4.1.3.2).
std::string CookieText(const Request& request, std::string_view secret, int64_t seconds) {
  std::string out(SessionCookie(request.tls));
  out += '=';
  out += secret;
  out += "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
  if (request.tls) {
    out += "; Secure";
  }
  return out;
}

Response TooMany(int64_t wait_ms, std::string_view detail) {
  Response out = Problem(429, detail, "rate-limit");
  out.Add("Retry-After", std::to_string(std::max<int64_t>(1, (wait_ms + 999) / 1000)));
  return out;
}

Response SignIn(Access& access, const Request& request) {
  if (const int64_t wait = access.TakeRate(request.peer, false); wait > 0) {
    return TooMany(wait, "too many requests; wait a moment");
  }
  auto body = ReadBody(request);
  if (!body) {
    return Problem(body.error());
  }
  const std::string_view name = body->root["name"].Text();
  auto result = access.SignInWithPassword(name, body->root["password"].Text(), request.peer,
                                          request.Header("User-Agent"));
  if (!result) {
    return Problem(result.error());
  }
  if (result->wait_ms > 0) {
    return TooMany(result->wait_ms, "too many attempts to sign in; wait before the next one");
  }
  if (!result->session) {
    return Problem(401, "name and password do not match", "sign-in");
  }
  std::string text;
  JsonWriter json(&text, JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("csrf", result->session->csrf);
  json.EndObject();
  Response out = Response::Json(std::move(text));
  out.user = name;
  SetSession(request, *result->session, out);
  return out;
}

Response FollowLink(Access& access, const Request& request) {
  if (request.method == Method::kHead) {  // a look at the link does not use it up
    return Response::NoContent();
  }
  if (const int64_t wait = access.TakeRate(request.peer, false); wait > 0) {
    return TooMany(wait, "too many requests; wait a moment");
  }
  auto session =
      access.SignInWithLink(request.Parameter("token"), request.peer, request.Header("User-Agent"));
  if (!session) {
    return Problem(session.error());
  }
  if (!*session) {
    return Response::Redirect("/sign-in?problem=link");  // the page says that it was used or is old
  }
  Response out = Response::Redirect("/");
  SetSession(request, **session, out);
  return out;
}

Response SignOut(Access& access, const Request& request, const Viewer& viewer) {
  const auto ended = access.EndSession(viewer, viewer.session_id, viewer.user_id);
  if (!ended) {
    return Problem(ended.error());
  }
  Response out = Response::NoContent();
  out.Add("Set-Cookie", CookieText(request, "", 0));
  return out;
}

Response Me(Access& access, const Request& request, const Viewer& viewer) {
  const auto user = access.FindUser(viewer.name);
  if (!user) {
    return Problem(user.error());
  }
  std::string text;
  JsonWriter json(&text, JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("id", viewer.user_id);
  json.Text("name", viewer.name);
  json.Text("display_name", base::ToUtf8(viewer.display_name));
  json.Text("role", ToString(viewer.role));
  json.Texts("owners", viewer.owners);
  json.Bool("sees_all", viewer.sees_all);
  json.Bool("has_password", *user && (*user)->has_password);
  json.Bool("single_sign_on", *user && !(*user)->subject.empty());
  if (viewer.token_id != 0) {
    json.Int("token", viewer.token_id);
  } else {
    json.Text("csrf", Access::CsrfOf(request.Cookie(SessionCookie(request.tls))));
    json.Bool("signed_in_by_provider", SignedInByProvider(viewer.session_id));
    Time(json, "session_ends", viewer.session_ends);
  }
  json.EndObject();
  Response out = Response::Json(std::move(text));
  out.Set("Cache-Control", "no-store");
  return out;
}

Response ChangeOwnPassword(Access& access, const Request& request, const Viewer& viewer) {
  auto body = ReadBody(request);
  if (!body) {
    return Problem(body.error());
  }
  const auto password = body->root["password"].MaybeText();
  if (!password) {
    return Problem(400, "password must be the new one; present_password is the one in force");
  }
  const auto wait =
      access.ChangeOwnPassword(viewer, body->root["present_password"].Text(), *password);
  if (!wait) {
    return wait.error().code() == base::ErrorCode::kMismatch
               ? Problem(403, wait.error().Message(), "password")
               : Problem(wait.error());
  }
  return *wait > 0 ? TooMany(*wait, "too many wrong passwords; wait before the next one")
                   : Response::NoContent();
}

// {"items": [...], "next": ...}
template <typename Items>
std::string ListOf(const Items& items, std::string_view next = "") {
  std::string out = "{\"items\":[";
  for (size_t i = 0; i < items.size(); ++i) {
    out += i == 0 ? "" : ",";
    out += JsonOf(items[i]);
  }
  out += "],\"next\":";
  out += next.empty() ? "null" : "\"" + std::string(next) + "\"";
  return out + "}";
}

base::Result<std::optional<std::string>> TextMember(JsonValue root, std::string_view key) {
  const JsonValue value = root[key];
  if (value.IsMissing()) {
    return std::optional<std::string>();
  }
  const auto text = value.MaybeText();
  if (!text) {
    return base::Invalid(std::string(key) + " must be a text");
  }
  return std::optional<std::string>(*text);
}

base::Result<UserChange> ReadUserChange(JsonValue root) {
  UserChange out;
  SCANTLING_TRY(out.display_name, TextMember(root, "display_name"));
  SCANTLING_TRY(out.password, TextMember(root, "password"));
  SCANTLING_TRY(out.subject, TextMember(root, "subject"));
  SCANTLING_TRY(const auto role, TextMember(root, "role"));
  if (role) {
    out.role = ParseRole(*role);
    if (!out.role) {
      return base::Invalid("role must be viewer, owner, security or admin");
    }
  }
  if (const JsonValue disabled = root["disabled"]; !disabled.IsMissing()) {
    out.disabled = disabled.Bool();
    if (!out.disabled) {
      return base::Invalid("disabled must be true or false");
    }
  }
  if (const JsonValue owners = root["owners"]; !owners.IsMissing()) {
    bool good = owners.IsArray();
    std::vector<std::string>& names = out.owners.emplace();
    owners.ForEach([&](JsonValue owner) {
      const auto text = owner.MaybeText();
      good = good && text && names.size() < 1000;
      if (good) {
        names.emplace_back(*text);
      }
      return good;
    });
    if (!good) {
      return base::Invalid("owners must be a list of at most 1000 texts");
    }
  }
  return out;
}

Response CreateUser(Access& access, const Request& request, const Viewer& viewer) {
  auto body = ReadBody(request);
  if (!body) {
    return Problem(body.error());
  }
  const auto change = ReadUserChange(body->root);
  if (!change) {
    return Problem(change.error());
  }
  const auto user = access.CreateUser(viewer, body->root["name"].Text(), *change);
  if (!user) {
    return Problem(user.error());
  }
  Response out = Response::Json(JsonOf(*user), 201);
  out.Add("Location", "/api/v1/users/" + std::to_string(user->id));
  return out;
}

Response ChangeUser(Access& access, const Request& request, const Viewer& viewer) {
  auto body = ReadBody(request);
  if (!body) {
    return Problem(body.error());
  }
  const auto change = ReadUserChange(body->root);
  if (!change) {
    return Problem(change.error());
  }
  const auto user = access.ChangeUser(viewer, IdOf(request).value_or(0), *change);
  return user ? Response::Json(JsonOf(*user)) : Problem(user.error());
}

Response CreateLink(Access& access, const Request& request, const Viewer& viewer) {
  const auto secret = access.CreateLink(viewer, IdOf(request).value_or(0));
  if (!secret) {
    return Problem(secret.error());
  }
  std::string text;
  JsonWriter json(&text, JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("path", "/sign-in/link/" + *secret);
  json.EndObject();
  Response out = Response::Json(std::move(text), 201);
  out.Set("Cache-Control", "no-store");
  return out;
}

Response CreateToken(Access& access, const Request& request, const Viewer& viewer) {
  auto body = ReadBody(request);
  if (!body) {
    return Problem(body.error());
  }
  uint8_t scopes = 0;
  bool good = true;
  body->root["scopes"].ForEach([&](JsonValue value) {
    const auto scope = ParseScope(value.Text());
    good = scope.has_value();
    scopes = static_cast<uint8_t>(scopes | (scope ? static_cast<uint8_t>(*scope) : 0));
    return good;
  });
  if (!good) {
    return Problem(400, "scopes are read, submit, admin");
  }
  // Milliseconds are taken as well, as the first version had them.
  const JsonValue when = body->root["expires"];
  const auto expires = when.MaybeText() ? program::ParseMillis(when.Text()) : when.Int();
  if (!expires) {
    return Problem(400, "expires is when the token ends: 2027-01-31T00:00:00Z");
  }
  const auto token = access.CreateToken(viewer, body->root["name"].Text(), scopes,
                                        body->root["owner"].Text(), *expires);
  if (!token) {
    return Problem(token.error());
  }
  std::string text = JsonOf(token->token);
  text.pop_back();
  text += ",\"secret\":\"" + token->secret + "\"}";
  Response out = Response::Json(std::move(text), 201);
  out.Set("Cache-Control", "no-store");
  return out;
}

Response Audit(Access& access, const Request& request) {
  constexpr int64_t kMost = 1000;
  const std::string_view limit_text = request.Query("limit");
  const std::string_view cursor_text = request.Query("cursor");
  const auto limit = limit_text.empty() ? 100 : base::ParseNumber<int64_t>(limit_text);
  const auto cursor = cursor_text.empty() ? 0 : base::ParseNumber<int64_t>(cursor_text);
  if (!limit || *limit < 1 || *limit > kMost || !cursor || *cursor < 0) {
    return Problem(400, "limit is 1 to 1000, cursor what the last answer gave as next");
  }
  std::vector<AuditEntry> entries;
  const auto read = access.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(entries, ListAudit(connection, *cursor, *limit, request.Query("action"),
                                     request.Query("subject")));
    return {};
  });
  if (!read) {
    return Problem(read.error());
  }
  const bool more = static_cast<int64_t>(entries.size()) == *limit;
  return Response::Json(ListOf(entries, more ? std::to_string(entries.back().id) : ""));
}

// The user whose things are listed or ended: oneself, or with ?user_id= another one
// (administrators).
base::Result<int64_t> WhoseThings(const Request& request, const Viewer& viewer) {
  if (!request.HasQuery("user_id")) {
    return viewer.user_id;
  }
  const auto id = base::ParseNumber<int64_t>(request.Query("user_id"));
  if (!id || *id < 0) {
    return base::Invalid("user_id is a number; 0 = everybody");
  }
  if (*id != viewer.user_id && viewer.role != Role::kAdmin) {
    return base::NotFound("there is no such user");  // for you
  }
  return *id;
}

void AddSessionRoutes(Guard& guard, Access& access) {
  guard.Add(Method::kGet, "/api/v1/sessions", {.session_only = true},
            [&access](const Request& request, const Viewer& viewer) {
              const auto whose = WhoseThings(request, viewer);
              if (!whose) {
                return Problem(whose.error());
              }
              const auto sessions = access.Sessions(*whose);
              return sessions ? Response::Json(ListOf(*sessions)) : Problem(sessions.error());
            });
  guard.Add(Method::kDelete, "/api/v1/sessions/{id}", {.session_only = true},
            [&access](const Request& request, const Viewer& viewer) {
              const auto ended =
                  access.EndSession(viewer, request.Parameter("id"),
                                    viewer.role == Role::kAdmin ? 0 : viewer.user_id);
              if (!ended) {
                return Problem(ended.error());
              }
              return *ended ? Response::NoContent() : Problem(404, "there is no such session");
            });
}

void AddTokenRoutes(Guard& guard, Access& access) {
  guard.Add(Method::kGet, "/api/v1/tokens", {.session_only = true},
            [&access](const Request& request, const Viewer& viewer) {
              const auto whose = WhoseThings(request, viewer);
              if (!whose) {
                return Problem(whose.error());
              }
              const auto tokens = access.Tokens(*whose);
              return tokens ? Response::Json(ListOf(*tokens)) : Problem(tokens.error());
            });
  guard.Add(
      Method::kPost, "/api/v1/tokens", {.session_only = true},
      [&access](const Request& request, const Viewer& viewer) {
        return CreateToken(access, request, viewer);
      },
      kSmall);
  guard.Add(Method::kDelete, "/api/v1/tokens/{id}", {.session_only = true},
            [&access](const Request& request, const Viewer& viewer) {
              const auto revoked =
                  access.RevokeToken(viewer, IdOf(request).value_or(0),
                                     viewer.role == Role::kAdmin ? 0 : viewer.user_id);
              if (!revoked) {
                return Problem(revoked.error());
              }
              return *revoked ? Response::NoContent() : Problem(404, "there is no such token");
            });
}

void AddUserRoutes(Guard& guard, Access& access) {
  constexpr Needs kAdministrator = {.role = Role::kAdmin, .scope = Scope::kAdmin};
  guard.Add(Method::kGet, "/api/v1/users", kAdministrator,
            [&access](const Request&, const Viewer&) {
              const auto users = access.Users();
              return users ? Response::Json(ListOf(*users)) : Problem(users.error());
            });
  guard.Add(
      Method::kPost, "/api/v1/users", kAdministrator,
      [&access](const Request& request, const Viewer& viewer) {
        return CreateUser(access, request, viewer);
      },
      kSmall);
  guard.Add(
      Method::kPatch, "/api/v1/users/{id}", kAdministrator,
      [&access](const Request& request, const Viewer& viewer) {
        return ChangeUser(access, request, viewer);
      },
      kSmall);
  guard.Add(Method::kDelete, "/api/v1/users/{id}", kAdministrator,
            [&access](const Request& request, const Viewer& viewer) {
              const auto deleted = access.DeleteUser(viewer, IdOf(request).value_or(0));
              return deleted ? Response::NoContent() : Problem(deleted.error());
            });
  guard.Add(Method::kPost, "/api/v1/users/{id}/link",
            {.role = Role::kAdmin, .scope = Scope::kAdmin, .session_only = true},
            [&access](const Request& request, const Viewer& viewer) {
              return CreateLink(access, request, viewer);
            });
}

}  // namespace

void SetSession(const Request& request, const NewSession& session, Response& response) {
  response.Add("Set-Cookie",
               CookieText(request, session.secret,
                          (session.session.expires - session.session.created) / 1000));
  response.Set("Cache-Control", "no-store");
}

void AddRoutes(http::Router& router, Guard& guard, Access& access) {
  router.Add(
      Method::kPost, "/api/v1/sign-in",
      [&access](const Request& request) { return SignIn(access, request); }, kSmall);
  router.Add(Method::kGet, "/sign-in/link/{token}",
             [&access](const Request& request) { return FollowLink(access, request); },
             {.secret_path = true});
  guard.Add(Method::kPost, "/api/v1/sign-out", {.session_only = true},
            [&access](const Request& request, const Viewer& viewer) {
              return SignOut(access, request, viewer);
            });
  guard.Add(Method::kGet, "/api/v1/me", {},
            [&access](const Request& request, const Viewer& viewer) {
              return Me(access, request, viewer);
            });
  guard.Add(
      Method::kPatch, "/api/v1/me", {.session_only = true},
      [&access](const Request& request, const Viewer& viewer) {
        return ChangeOwnPassword(access, request, viewer);
      },
      kSmall);
  guard.Add(Method::kGet, "/api/v1/audit", {.role = Role::kSecurity},
            [&access](const Request& request, const Viewer&) { return Audit(access, request); });
  AddUserRoutes(guard, access);
  AddSessionRoutes(guard, access);
  AddTokenRoutes(guard, access);
}

}  // namespace scantling::server::access
