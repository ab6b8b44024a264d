// The audit log in the store.
#include "server/access/audit.h"

namespace scantling::server::access {

base::Result<void> AppendAudit(store::Connection& connection, const Viewer& viewer, int64_t now,
                               const Change& change) {
  SCANTLING_TRY(const int64_t id, connection.NextIds("audit"));
  const std::initializer_list<store::Value> values = {id,
                                                      now,
                                                      viewer.user_id,
                                                      std::string_view(viewer.name),
                                                      viewer.token_id,
                                                      std::string_view(viewer.address),
                                                      change.action,
                                                      change.subject,
                                                      change.before,
                                                      change.after};
  SCANTLING_DO(connection.Execute(
      "INSERT INTO audit (id, at, user_id, user_name, token_id, address, action, subject, "
      "before_json, after_json) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      values));
  return {};
}

base::Result<std::vector<AuditEntry>> ListAudit(store::Connection& connection, int64_t before_id,
                                                int64_t limit, std::string_view action,
                                                std::string_view subject) {
  std::vector<AuditEntry> out;
  const std::initializer_list<store::Value> values = {before_id == 0 ? INT64_MAX : before_id,
                                                      action, subject, limit};
  SCANTLING_DO(connection.Query(
      "SELECT id, at, user_id, user_name, token_id, address, action, subject, before_json, "
      "after_json FROM audit WHERE id < $1 "
      "AND substr(action, 1, length(CAST($2 AS TEXT))) = CAST($2 AS TEXT) "
      "AND substr(subject, 1, length(CAST($3 AS TEXT))) = CAST($3 AS TEXT) "
      "ORDER BY id DESC LIMIT $4",
      values, [&](const store::Row& row) -> base::Result<void> {
        out.push_back({row.Int(0), row.Int(1), row.Int(2), std::string(row.Text(3)), row.Int(4),
                       std::string(row.Text(5)), std::string(row.Text(6)), std::string(row.Text(7)),
                       std::string(row.Text(8)), std::string(row.Text(9))});
        return {};
      }));
  return out;
}

}  // namespace scantling::server::access
