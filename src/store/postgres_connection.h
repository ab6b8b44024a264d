// One connection to PostgreSQL: prepared statements, values, errors. Inside the room only.
// Single thread.
#pragma once

#include "base/result.h"
#include "base/strings.h"
#include "store/postgres_library.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::store {

// Where the database is. The URL may hold a password: it goes to libpq and into no message.
struct PostgresPlace {
  std::string url;
  std::string shown;     // "postgres://user@host:port/name"
  std::string password;  // "" when there is none; cut out of libpq's messages
  std::chrono::milliseconds busy_timeout{0};
};
base::Result<PostgresPlace> ReadPostgresUrl(const PostgresLibrary& pq, const std::string& url,
                                            std::chrono::milliseconds busy_timeout);

enum class PostgresUse : uint8_t { kRead, kSerialWrite, kFreeWrite, kMigration };

struct ClearPostgresResult {
  const PostgresLibrary* pq = nullptr;
  void operator()(PGresult* result) const { pq->clear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearPostgresResult>;

class PostgresConnection final : public Connection {
 public:
  static base::Result<std::unique_ptr<PostgresConnection>> Open(const PostgresLibrary& pq,
                                                                const PostgresPlace& place);
  ~PostgresConnection() override;
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  Dialect dialect() const override { return Dialect::kPostgres; }
  base::Result<uint64_t> Execute(std::string_view sql, std::span<const Value> values) override;
  base::Result<void> ExecuteMany(std::string_view sql, size_t width,
                                 std::span<const Value> values) override;
  base::Result<void> Query(std::string_view sql, std::span<const Value> values,
                           const std::function<base::Result<void>(const Row&)>& visit) override;
  base::Result<void> Script(std::string_view sql) override;

  // Begin, then work and Commit, or Rollback. A Begin that fails on a connection that was lost
  // (lost()) has done nothing.
  base::Result<void> Begin(PostgresUse use);
  base::Result<void> Finish(PostgresUse use, base::Result<void> result);
  // Not to be used again.
  bool lost() const;

  // For WaitForChange: the socket to poll, and what has come in: how many notices.
  int socket() const { return pq_.socket(handle_); }
  base::Result<size_t> TakeNotices();

 private:
  // The parameters of one call, in the form that libpq takes.
  struct Parameters {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::vector<Oid> types;
    std::string bytes;  // numbers and terminated texts
  };

  PostgresConnection(const PostgresLibrary& pq, const PostgresPlace& place)
      : pq_(pq), place_(place) {}
  PostgresResult Own(PGresult* result) const { return PostgresResult(result, {&pq_}); }
  base::Error Failure(const PGresult* maybe_result);
  base::Error Keep(base::Error error);
  base::Result<void> Plain(const char* sql);
  base::Result<void> Bind(std::span<const Value> values);
  base::Result<const char*> Prepare(std::string_view sql);
  base::Result<void> Send(const char* name);
  bool SameTypes(const std::vector<Oid>& prepared) const;
  base::Result<void> EndPipeline();

  const PostgresLibrary& pq_;
  const PostgresPlace& place_;
  PGconn* handle_ = nullptr;
  PostgresUse use_ = PostgresUse::kRead;
  bool ended_ = false;  // the server said goodbye, which libpq's status does not tell yet
  Parameters parameters_;
  // By text and types of the values; the names of the statements at the server.
  std::unordered_map<std::string, std::string, base::StringHash, std::equal_to<>> statements_;
  std::optional<base::Error> failed_;  // of this transaction
};

}  // namespace scantling::store
