// Idempotency keys in the store.
#include "server/access/idempotency.h"

#include "base/strings.h"
#include "server/access/secrets.h"

#include <initializer_list>

namespace scantling::server::access {
namespace {

using Values = std::initializer_list<store::Value>;
constexpr int64_t kKept = int64_t{24} * 3600 * 1000;
constexpr int64_t kRunning = int64_t{60} * 1000;

std::string Fingerprint(const http::Request& request) {
  std::string text(http::ToString(request.method));
  text += '\n' + request.path + '\n';
  for (const auto& [name, value] : request.query) {
    text += std::to_string(name.size()) + ' ' + name + std::to_string(value.size()) + ' ' + value;
  }
  text += '\n';
  text += request.body;
  return HashOf(text);
}

}  // namespace

base::Result<std::optional<http::Response>> ClaimKey(store::Store& store, std::string_view subject,
                                                     const http::Request& request, int64_t now) {
  const std::string print = Fingerprint(request);
  std::optional<http::Response> out;
  const auto write = [&](store::Connection& connection) -> base::Result<void> {
    out.reset();
    // What is over makes room: kept answers after a day, abandoned claims after a minute.
    const Values old = {subject, now - kKept, now - kRunning};
    SCANTLING_DO(
        connection.Execute("DELETE FROM idempotency_keys WHERE subject = $1 AND (created <= $2 "
                           "OR (status = 0 AND created <= $3))",
                           old));
    const Values values = {subject, std::string_view(print), now};
    SCANTLING_TRY(const uint64_t claimed,
                  connection.Execute("INSERT INTO idempotency_keys (subject, request, status, "
                                     "headers, body, created) VALUES ($1, $2, 0, '', '', $3) "
                                     "ON CONFLICT (subject) DO NOTHING",
                                     values));
    if (claimed != 0) {
      return {};
    }
    const Values key = {subject};
    return connection.Query(
        "SELECT request, status, headers, body FROM idempotency_keys WHERE subject = $1", key,
        [&](const store::Row& row) -> base::Result<void> {
          if (row.Text(0) != print) {
            out = http::Problem(422, "this Idempotency-Key came with another request before",
                                "idempotency-key");
          } else if (row.Int(1) == 0) {
            out = http::Problem(409, "the first request with this Idempotency-Key still runs",
                                "idempotency-key");
            out->Add("Retry-After", "1");
          } else {
            http::Response& again = out.emplace();
            again.status = static_cast<int>(row.Int(1));
            for (const std::string_view line : base::Split(row.Text(2), '\n')) {
              if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
                again.Add(line.substr(0, colon), line.substr(colon + 1));
              }
            }
            again.body = row.Text(3);
            again.Add("Idempotency-Replayed", "true");
          }
          return {};
        });
  };
  SCANTLING_DO(store.Write(store::Order::kFree, write));
  return out;
}

base::Result<void> KeepAnswer(store::Store& store, std::string_view subject,
                              const http::Response& response) {
  const bool again = response.status >= 500 || response.status == 429 || response.stream != nullptr;
  std::string headers;
  for (const auto& [name, value] : response.headers) {
    headers += name + ':' + value + '\n';  // neither has a line break: Response::Add sees to it
  }
  return store.Write(store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
    if (again) {
      const Values key = {subject};
      SCANTLING_DO(connection.Execute("DELETE FROM idempotency_keys WHERE subject = $1", key));
      return {};
    }
    const Values values = {subject, int64_t{response.status}, std::string_view(headers),
                           std::string_view(response.body)};
    SCANTLING_DO(connection.Execute(
        "UPDATE idempotency_keys SET status = $2, headers = $3, body = $4 WHERE subject = $1",
        values));
    return {};
  });
}

}  // namespace scantling::server::access
