// The JSON of what this folder keeps, as the API and the audit log show it. Never a secret.
#pragma once

#include "codec/json_writer.h"
#include "server/access/access.h"
#include "server/access/audit.h"

#include <string>

namespace scantling::server::access {

// RFC 3339, null for 0.
void Time(codec::JsonWriter& json, std::string_view key, int64_t at);
std::string JsonOf(const User& user);
std::string JsonOf(const Session& session);
std::string JsonOf(const Token& token);
std::string JsonOf(const AuditEntry& entry);

}  // namespace scantling::server::access
