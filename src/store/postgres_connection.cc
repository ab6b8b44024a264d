// One connection to PostgreSQL. Statements are prepared once for each text and types of values
// (BIGINT, DOUBLE PRECISION, BYTEA; of a text the server finds the type where it is used). Numbers
// and bytes travel in binary; rows come one at a time, so that a large answer is never whole in
// memory.
//
// Not handled: a pooler between us that gives each transaction another connection
// (PgBouncer's mode "transaction"): prepared statements do not survive there.
#include "store/postgres_connection.h"

#include "store/postgres_row.h"
#include "store/text.h"

#include <bit>
#include <cstring>
#include <utility>

namespace scantling::store {
namespace {

constexpr size_t kStatements = 256;  // kept prepared
constexpr size_t kPipelined = 1000;  // rows between two syncs

// One such lock for the order of serial writes, one for migrations; any constants do.
constexpr std::string_view kSerialBegin =
    "BEGIN; SELECT pg_advisory_xact_lock(7166756421); "
    "UPDATE counters SET value = value + 1 WHERE name = 'change' RETURNING value";
constexpr std::string_view kMigrationBegin = "BEGIN; SELECT pg_advisory_xact_lock(7166756422)";

std::string WithoutPassword(std::string text, const std::string& password) {
  if (!password.empty()) {
    for (size_t at = text.find(password); at != std::string::npos;
         at = text.find(password, at + 3)) {
      text.replace(at, password.size(), "***");
    }
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

void AppendBigEndian(std::string& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  }
}

}  // namespace

base::Result<PostgresPlace> ReadPostgresUrl(const PostgresLibrary& pq, const std::string& url,
                                            std::chrono::milliseconds busy_timeout) {
  PostgresPlace out;
  out.url = url;
  out.busy_timeout = busy_timeout;
  char* why = nullptr;
  PQconninfoOption* options = pq.conninfoParse(url.c_str(), &why);
  if (options == nullptr) {
    pq.freemem(why);  // it may repeat the password
    return base::Error(base::ErrorCode::kUsage,
                       "the address of the database cannot be read: it has the form "
                       "postgres://USER:PASSWORD@HOST:PORT/NAME, with %40 for a @ in the password");
  }
  std::string user;
  std::string host;
  std::string port;
  std::string name;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) {
      continue;
    }
    const std::string_view keyword = option->keyword;
    if (keyword == "password") {
      out.password = option->val;
    } else if (keyword == "user") {
      user = std::string(option->val) + "@";
    } else if (keyword == "host") {
      host = option->val;
    } else if (keyword == "port") {
      port = std::string(":") + option->val;
    } else if (keyword == "dbname") {
      name = std::string("/") + option->val;
    }
  }
  pq.conninfoFree(options);
  out.shown = WithoutPassword("postgres://" + user + host + port + name, out.password);
  return out;
}

base::Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(
    const PostgresLibrary& pq, const PostgresPlace& place) {
  std::unique_ptr<PostgresConnection> out(new PostgresConnection(pq, place));
  // What stands before "dbname" are defaults that the URL overrides.
  const char* const keywords[] = {
      "connect_timeout",  "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "fallback_application_name",
      "dbname",           "client_encoding",  nullptr};
  const char* const values[] = {"10",   "30",   "10", "3", "30000", "scantling", place.url.c_str(),
                                "UTF8", nullptr};
  out->handle_ = pq.connectdbParams(keywords, values, 1);
  if (out->handle_ == nullptr || pq.status(out->handle_) != CONNECTION_OK) {
    std::string why = out->handle_ == nullptr ? "out of memory" : pq.errorMessage(out->handle_);
    return base::Error(base::ErrorCode::kIo, "cannot connect to " + place.shown + ": " +
                                                 WithoutPassword(std::move(why), place.password));
  }
  pq.setNoticeProcessor(out->handle_, [](void*, const char*) {}, nullptr);
  // A statement of ours ends within minutes; whoever hangs inside a transaction lets the others go.
  const std::string setting =
      "SET statement_timeout = 300000; SET idle_in_transaction_session_timeout = 120000; SET "
      "standard_conforming_strings = on; SET lock_timeout = " +
      std::to_string(place.busy_timeout.count());
  SCANTLING_DO(out->Plain(setting.c_str()));
  return out;
}

PostgresConnection::~PostgresConnection() {
  if (handle_ != nullptr) {
    pq_.finish(handle_);
  }
}

bool PostgresConnection::lost() const { return ended_ || pq_.status(handle_) != CONNECTION_OK; }

base::Error PostgresConnection::Failure(const PGresult* maybe_result) {
  const auto field = [&](int code) -> std::string {
    const char* text = maybe_result == nullptr ? nullptr : pq_.resultErrorField(maybe_result, code);
    return text == nullptr ? std::string() : std::string(text);
  };
  const std::string state = field(PG_DIAG_SQLSTATE);
  std::string text = field(PG_DIAG_MESSAGE_PRIMARY);
  if (text.empty()) {
    text = pq_.errorMessage(handle_);
  }
  text = WithoutPassword(std::move(text), place_.password);
  const auto io = [&](std::string_view what) {
    return base::Error(base::ErrorCode::kIo, place_.shown + ": " + std::string(what));
  };
  if (lost() || state.empty() || state.starts_with("57P") || state == "25P03") {
    ended_ = true;
    return io("the connection was lost: " + text);
  }
  if (state.starts_with("23")) {
    return base::Invalid("constraint of the database: " + text);
  }
  if (state == "53100") {
    return io(
        "the disk of the database is full: make room and try again; nothing of this write "
        "was kept (" +
        text + ")");
  }
  if (state == "25006") {
    return use_ == PostgresUse::kRead
               ? base::Invalid("a statement that writes, in a read")
               : io("the database is read-only (a standby?): connect to the primary server");
  }
  if (state == "55P03") {
    return io("another write took more than " + std::to_string(place_.busy_timeout.count()) +
              " ms");
  }
  if (state == "57014") {
    return io("a statement took more than five minutes and was ended");
  }
  if (state == "42501") {
    return io(text + ": the database user needs the right to make and use tables (GRANT)");
  }
  if (state.starts_with("22") || state.starts_with("42") || state == "08P01" ||
      state.starts_with("0A")) {
    return base::Invalid("PostgreSQL: " + text);
  }
  return io(text + " (" + state + ")");
}

base::Error PostgresConnection::Keep(base::Error error) {
  if (!failed_.has_value()) {
    failed_ = error.Clone();
  }
  return error;
}

base::Result<void> PostgresConnection::Plain(const char* sql) {
  const auto result = Own(pq_.exec(handle_, sql));
  switch (pq_.resultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      return {};
    default:
      return Failure(result.get());
  }
}

base::Result<void> PostgresConnection::Bind(std::span<const Value> values) {
  Parameters& out = parameters_;
  out.values.clear();
  out.lengths.clear();
  out.formats.clear();
  out.types.clear();
  out.bytes.clear();
  size_t size = 0;
  for (const Value& value : values) {
    const auto* text = std::get_if<std::string_view>(&value);
    size += text != nullptr ? text->size() + 1 : 8;
  }
  out.bytes.reserve(size);  // pointers into it stay
  for (const Value& value : values) {
    const char* at = out.bytes.data() + out.bytes.size();
    if (const auto* number = std::get_if<int64_t>(&value)) {
      AppendBigEndian(out.bytes, static_cast<uint64_t>(*number));
      out.values.push_back(at);
      out.lengths.push_back(8);
      out.formats.push_back(1);
      out.types.push_back(20);
    } else if (const auto* real = std::get_if<double>(&value)) {
      AppendBigEndian(out.bytes, std::bit_cast<uint64_t>(*real));
      out.values.push_back(at);
      out.lengths.push_back(8);
      out.formats.push_back(1);
      out.types.push_back(701);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      if (!IsStorableText(*text)) {
        return Keep(base::Invalid("a text to be stored is no valid UTF-8, or has a zero byte"));
      }
      out.bytes.append(*text).push_back('\0');
      out.values.push_back(at);
      out.lengths.push_back(0);
      out.formats.push_back(0);
      out.types.push_back(0);
    } else if (const auto* blob = std::get_if<base::Bytes>(&value)) {
      out.values.push_back(blob->empty() ? "" : base::AsText(*blob).data());
      out.lengths.push_back(static_cast<int>(blob->size()));
      out.formats.push_back(1);
      out.types.push_back(17);
    } else {
      out.values.push_back(nullptr);
      out.lengths.push_back(0);
      out.formats.push_back(0);
      out.types.push_back(0);
    }
  }
  return {};
}

base::Result<const char*> PostgresConnection::Prepare(std::string_view sql) {
  std::string key(sql);
  key.push_back('\0');
  for (const Oid type : parameters_.types) {
    key.push_back(type == 20 ? 'i' : type == 701 ? 'r' : type == 17 ? 'b' : 't');
  }
  if (const auto found = statements_.find(key); found != statements_.end()) {
    return found->second.c_str();
  }
  if (statements_.size() >= kStatements) {
    if (auto dropped = Plain("DEALLOCATE ALL"); !dropped) {
      return Keep(std::move(dropped).error());
    }
    statements_.clear();
  }
  std::string name = "s" + std::to_string(statements_.size());
  const auto result =
      Own(pq_.prepare(handle_, name.c_str(), std::string(sql).c_str(),
                      static_cast<int>(parameters_.types.size()), parameters_.types.data()));
  if (pq_.resultStatus(result.get()) != PGRES_COMMAND_OK) {
    return Keep(Failure(result.get()).With("\"" + std::string(sql.substr(0, 200)) + "\""));
  }
  return statements_.emplace(std::move(key), std::move(name)).first->second.c_str();
}

base::Result<void> PostgresConnection::Send(const char* name) {
  if (pq_.sendQueryPrepared(handle_, name, static_cast<int>(parameters_.values.size()),
                            parameters_.values.data(), parameters_.lengths.data(),
                            parameters_.formats.data(), 1) == 0) {
    return Keep(Failure(nullptr));
  }
  return {};
}

base::Result<uint64_t> PostgresConnection::Execute(std::string_view sql,
                                                   std::span<const Value> values) {
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  SCANTLING_DO(Bind(values));
  SCANTLING_TRY(const char* name, Prepare(sql));
  SCANTLING_DO(Send(name));
  uint64_t changed = 0;
  std::optional<base::Error> error;
  while (const auto result = Own(pq_.getResult(handle_))) {
    switch (pq_.resultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        changed = base::ParseNumber<uint64_t>(pq_.cmdTuples(result.get())).value_or(0);
        break;
      default:
        error = Keep(Failure(result.get()));
    }
  }
  if (error.has_value()) {
    return *std::move(error);
  }
  return changed;
}

base::Result<void> PostgresConnection::ExecuteMany(std::string_view sql, size_t width,
                                                   std::span<const Value> values) {
  SCANTLING_ASSERT(width > 0 && values.size() % width == 0);
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  size_t at = 0;
  while (at < values.size()) {
    // Prepared before the pipeline begins, with the types of its first row; rows of other types end
    // it.
    SCANTLING_DO(Bind(values.subspan(at, width)));
    SCANTLING_TRY(const char* name, Prepare(sql));
    const std::vector<Oid> types = parameters_.types;
    if (pq_.enterPipelineMode(handle_) == 0) {
      return Keep(Failure(nullptr));
    }
    auto sent = Send(name);
    size_t rows = 1;
    at += width;
    while (sent.has_value() && at < values.size() && rows < kPipelined) {
      sent = Bind(values.subspan(at, width));
      if (!sent.has_value() || !SameTypes(types)) {
        break;
      }
      sent = Send(name);
      ++rows;
      at += width;
    }
    SCANTLING_DO(EndPipeline());
    SCANTLING_DO(std::move(sent));
  }
  return {};
}

bool PostgresConnection::SameTypes(const std::vector<Oid>& prepared) const {
  for (size_t i = 0; i < prepared.size(); ++i) {
    if (parameters_.types[i] != prepared[i] && parameters_.values[i] != nullptr) {
      return false;  // a null has any type
    }
  }
  return true;
}

base::Result<void> PostgresConnection::EndPipeline() {
  if (pq_.pipelineSync(handle_) == 0) {
    return Keep(Failure(nullptr));
  }
  // Each statement's results end with a null; the sync's has none.
  for (;;) {
    const auto result = Own(pq_.getResult(handle_));
    if (result == nullptr) {
      if (lost()) {
        return Keep(Failure(nullptr));
      }
      continue;
    }
    const ExecStatusType status = pq_.resultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) {
      break;
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
        status != PGRES_PIPELINE_ABORTED) {
      (void)Keep(Failure(result.get()));
    }
    if (lost()) {
      return failed_.has_value() ? failed_->Clone() : Keep(Failure(nullptr));
    }
  }
  if (pq_.exitPipelineMode(handle_) == 0) {
    return Keep(Failure(nullptr));
  }
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  return {};
}

base::Result<void> PostgresConnection::Query(
    std::string_view sql, std::span<const Value> values,
    const std::function<base::Result<void>(const Row&)>& visit) {
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  SCANTLING_DO(Bind(values));
  SCANTLING_TRY(const char* name, Prepare(sql));
  SCANTLING_DO(Send(name));
  if (pq_.setSingleRowMode(handle_) == 0) {
    return Keep(Failure(nullptr));
  }
  std::optional<base::Error> error;
  bool checked = false;
  while (const auto result = Own(pq_.getResult(handle_))) {
    const ExecStatusType status = pq_.resultStatus(result.get());
    if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
      error = Keep(Failure(result.get()));
      continue;
    }
    if (!checked && !error.has_value()) {
      if (auto types = PostgresRow::CheckTypes(pq_, result.get()); !types) {
        error = Keep(std::move(types).error());
      }
      checked = true;
    }
    if (status == PGRES_SINGLE_TUPLE && !error.has_value()) {
      const PostgresRow row(pq_, result.get(), 0);
      if (auto visited = visit(row); !visited) {
        error = std::move(visited).error();  // the rest is read and dropped
      }
    }
  }
  if (error.has_value()) {
    return *std::move(error);
  }
  return {};
}

base::Result<void> PostgresConnection::Script(std::string_view sql) {
  if (failed_.has_value()) {
    return failed_->Clone();
  }
  if (auto done = Plain(std::string(sql).c_str()); !done) {
    return Keep(std::move(done).error());
  }
  return {};
}

base::Result<void> PostgresConnection::Begin(PostgresUse use) {
  use_ = use;
  failed_.reset();
  change_ = 0;
  if (use == PostgresUse::kSerialWrite) {
    const auto result = Own(pq_.exec(handle_, kSerialBegin.data()));
    if (pq_.resultStatus(result.get()) != PGRES_TUPLES_OK || pq_.ntuples(result.get()) != 1) {
      return Failure(result.get());
    }
    change_ = base::ParseNumber<int64_t>(pq_.getvalue(result.get(), 0, 0)).value_or(0);
    return {};
  }
  return Plain(use == PostgresUse::kRead
                   ? "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
               : use == PostgresUse::kMigration ? kMigrationBegin.data()
                                                : "BEGIN");
}

base::Result<void> PostgresConnection::Finish(PostgresUse use, base::Result<void> result) {
  if (result.has_value() && failed_.has_value()) {
    result = failed_->Clone();
  }
  if (result.has_value()) {
    result = Plain(use == PostgresUse::kSerialWrite ? "NOTIFY scantling_change; COMMIT" : "COMMIT");
    if (!result.has_value() && lost()) {
      result =
          std::move(result).With("while the write was being kept, so that it may be there or not");
    }
  } else if (!lost()) {
    (void)Plain("ROLLBACK");  // nothing is kept either way; a lost connection is not used again
  }
  failed_.reset();
  change_ = 0;
  return result;
}

base::Result<size_t> PostgresConnection::TakeNotices() {
  if (pq_.consumeInput(handle_) == 0) {
    return Failure(nullptr);
  }
  size_t count = 0;
  while (PGnotify* notice = pq_.notifies(handle_)) {
    pq_.freemem(notice);
    ++count;
  }
  return count;
}

}  // namespace scantling::store
