// The door before every handler of the API: rate limit, who asks (session cookie or bearer token),
// CSRF, role and scope, idempotency. Endpoints are added through it:
//
//   guard.Add(Method::kGet, "/api/v1/images", {}, [&](const Request& request, const Viewer& viewer)
//   {...}); guard.Add(Method::kPost, "/api/v1/scans", {.scope = Scope::kSubmit}, ...);
//   guard.Add(Method::kPost, "/api/v1/exceptions", {.role = Role::kSecurity}, ...);
//
// What is open to everybody is added to the Router directly. Single thread while routes are added.
#pragma once

#include "server/access/access.h"
#include "server/access/viewer.h"
#include "server/http/router.h"

#include <functional>
#include <string_view>

namespace scantling::server::access {

struct Needs {
  // At least this role, in the order of the enumeration.
  Role role = Role::kViewer;
  // What a token must have; a session needs the role only. kRead of a method that changes something
  // is kAdmin: a token that may only read changes nothing.
  Scope scope = Scope::kRead;
  // Tokens are refused whatever their scope: what manages sign-in itself.
  bool session_only = false;
};

using ViewerHandler = std::function<http::Response(const http::Request&, const Viewer&)>;

class Guard {
 public:
  // Both are borrowed and outlive the router's handlers.
  Guard(http::Router& router, Access& access) : router_(router), access_(access) {}
  // POST handlers honour Idempotency-Key: the same key and body within 24 hours get the first
  // answer again, another body 422.
  void Add(http::Method method, std::string_view pattern, Needs needs, ViewerHandler handler,
           http::RouteOptions options = {});

 private:
  http::Router& router_;
  Access& access_;
};

}  // namespace scantling::server::access
