// See documents.h.
#include "program/documents.h"

namespace scantling::program {

base::Result<std::string> ReadDocument(store::Connection& connection, std::string_view name) {
  std::string body;
  bool found = false;
  const store::Value value = name;
  SCANTLING_DO(connection.Query("SELECT body FROM documents WHERE name = $1", {&value, 1},
                                [&](const store::Row& row) -> base::Result<void> {
                                  body = row.Text(0);
                                  found = true;
                                  return {};
                                }));
  if (!found) {
    return base::NotFound("there is no \"" + std::string(name) + "\" yet");
  }
  return body;
}

base::Result<std::string> ReadDocumentOrNothing(store::Connection& connection,
                                                std::string_view name) {
  auto body = ReadDocument(connection, name);
  if (!body && body.error().code() == base::ErrorCode::kNotFound) {
    return std::string();
  }
  return body;
}

base::Result<void> WriteDocument(Change& change, std::string_view name, std::string_view body) {
  const store::Value values[] = {name, body, change.now, change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO documents (name, body, at, changed) VALUES ($1, $2, $3, $4) "
                   "ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at, "
                   "changed = excluded.changed",
                   values));
  return {};
}

}  // namespace scantling::program
