// The door.
#include "server/access/guard.h"

#include "base/strings.h"
#include "server/access/idempotency.h"
#include "server/access/secrets.h"

#include <algorithm>
#include <utility>

namespace scantling::server::access {
namespace {

constexpr size_t kMaxKey = 255;

http::Response Slow(int64_t wait_ms) {
  http::Response out = http::Problem(429, "too many requests; wait a moment", "rate-limit");
  out.Add("Retry-After", std::to_string(std::max<int64_t>(1, (wait_ms + 999) / 1000)));
  return out;
}

http::Response SignInFirst(std::string_view detail) {
  http::Response out = http::Problem(401, detail, "sign-in");
  out.Add("WWW-Authenticate", "Bearer realm=\"scantling\"");
  return out;
}

// A viewer, or the answer to whoever is none.
struct Asked {
  std::optional<Viewer> viewer;
  std::optional<http::Response> refusal;
};

Asked Identify(const http::Request& request, Access& access) {
  Asked out;
  const std::string_view header = request.Header("Authorization");
  const std::string_view cookie = request.Cookie(SessionCookie(request.tls));
  if (header.empty() && cookie.empty()) {
    const int64_t wait = access.TakeRate(request.peer, false);
    out.refusal = wait > 0 ? Slow(wait) : SignInFirst("sign in, or send an API token");
    return out;
  }
  // A token goes before a cookie, so that a page cannot lend its session to a script by accident.
  const bool bearer = !header.empty();
  std::string_view secret = cookie;
  if (bearer) {
    const size_t space = header.find(' ');
    const bool scheme = base::EqualsIgnoreCase(header.substr(0, space), "bearer");
    secret = scheme && space != std::string_view::npos ? base::Trim(header.substr(space + 1))
                                                       : std::string_view();
  }
  auto found = bearer ? access.ViewerOfToken(secret, request.peer)
                      : access.ViewerOfSession(secret, request.peer);
  if (!found) {
    out.refusal = http::Problem(found.error());
    return out;
  }
  if (!*found) {
    const int64_t wait = access.TakeRate(request.peer, false);
    out.refusal = wait > 0 ? Slow(wait)
                           : SignInFirst(bearer ? "this API token is unknown, expired or revoked"
                                                : "this session is over; sign in again");
    return out;
  }
  if (const int64_t wait = access.TakeRate(bearer ? "token " + std::to_string((*found)->token_id)
                                                  : "session " + (*found)->session_id,
                                           true);
      wait > 0) {
    out.refusal = Slow(wait);
    return out;
  }
  if (!bearer && !http::IsSafe(request.method) &&
      !SameText(request.Header("X-Scantling-CSRF"), Access::CsrfOf(secret))) {
    out.refusal = http::Problem(
        403, "a change by a session needs the X-Scantling-CSRF field, whose value is in /api/v1/me",
        "csrf");
    return out;
  }
  out.viewer = *std::move(found);
  return out;
}

std::optional<http::Response> Refuse(const Needs& needs, const Viewer& viewer) {
  if (needs.session_only && viewer.token_id != 0) {
    return http::Problem(403, "this needs a person who is signed in, not an API token", "session");
  }
  if (viewer.role < needs.role) {
    return http::Problem(403, "this needs the role " + std::string(ToString(needs.role)), "role");
  }
  if (!viewer.Has(needs.scope)) {
    return http::Problem(
        403, "this needs a token with the scope " + std::string(ToString(needs.scope)), "scope");
  }
  return std::nullopt;
}

http::Response Run(const Needs& needs, const ViewerHandler& handler, Access& access,
                   const http::Request& request, const Viewer& viewer) {
  const std::string_view key = request.Header("Idempotency-Key");
  // Answers of session_only routes may hold secrets, which are not kept.
  if (key.empty() || request.method != http::Method::kPost || needs.session_only) {
    return handler(request, viewer);
  }
  if (key.size() > kMaxKey ||
      !std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; })) {
    return http::Problem(400, "an Idempotency-Key has at most 255 visible ASCII characters");
  }
  const std::string subject = (viewer.token_id != 0 ? "token " + std::to_string(viewer.token_id)
                                                    : "user " + std::to_string(viewer.user_id)) +
                              ' ' + std::string(key);
  auto claimed = ClaimKey(access.store(), subject, request, access.now());
  if (!claimed) {
    return http::Problem(claimed.error());
  }
  if (*claimed) {
    return **std::move(claimed);
  }
  http::Response response = handler(request, viewer);
  if (const auto kept = KeepAnswer(access.store(), subject, response); !kept) {
    response.log = "the answer was not kept for its Idempotency-Key: " + kept.error().Message();
  }
  return response;
}

}  // namespace

void Guard::Add(http::Method method, std::string_view pattern, Needs needs, ViewerHandler handler,
                http::RouteOptions options) {
  if (!http::IsSafe(method) && needs.scope == Scope::kRead) {
    needs.scope = Scope::kAdmin;
  }
  router_.Add(
      method, pattern,
      [&access = access_, needs, handler = std::move(handler)](const http::Request& request) {
        Asked asked = Identify(request, access);
        if (!asked.viewer) {
          return *std::move(asked.refusal);
        }
        const Viewer& viewer = *asked.viewer;
        std::optional<http::Response> refusal = Refuse(needs, viewer);
        http::Response response =
            refusal ? *std::move(refusal) : Run(needs, handler, access, request, viewer);
        response.user = viewer.name;
        if (viewer.token_id != 0) {
          response.user += " (token " + std::to_string(viewer.token_id) + ")";
        }
        return response;
      },
      options);
}

}  // namespace scantling::server::access
