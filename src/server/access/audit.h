// The audit log: who changed what, when, from where. Append-only; written in the transaction of the
// change itself, so that neither is kept without the other.
#pragma once

#include "base/result.h"
#include "server/access/viewer.h"
#include "store/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::server::access {

struct AuditEntry {
  int64_t id = 0;
  int64_t at = 0;  // milliseconds
  int64_t user_id = 0;
  std::string user;  // the name at that time
  int64_t token_id = 0;
  std::string address;
  std::string action;   // "user.create", "token.revoke", "exception.approve"
  std::string subject;  // "user:alice", "token:12"
  std::string before;   // JSON, "" = nothing
  std::string after;    // JSON, "" = nothing
};

struct Change {
  std::string_view action;
  std::string_view subject;
  std::string_view before;
  std::string_view after;
};

// Only in a serial write.
base::Result<void> AppendAudit(store::Connection& connection, const Viewer& viewer, int64_t now,
                               const Change& change);
// Newest first; before_id 0 = from the newest. `action` and `subject` are prefixes, "" = all.
base::Result<std::vector<AuditEntry>> ListAudit(store::Connection& connection, int64_t before_id,
                                                int64_t limit, std::string_view action,
                                                std::string_view subject);

}  // namespace scantling::server::access
