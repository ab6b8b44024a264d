// The endpoints of sign-in, users, sessions, tokens and the audit log (api/openapi.yaml).
#pragma once

#include "server/access/guard.h"

namespace scantling::server::access {

// The cookie of a session that has just begun.
void SetSession(const http::Request& request, const NewSession& session, http::Response& response);

void AddRoutes(http::Router& router, Guard& guard, Access& access);

}  // namespace scantling::server::access
