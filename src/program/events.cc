#include "program/events.h"

#include "base/strings.h"
#include "codec/json_writer.h"

#include <unordered_set>

namespace scantling::program {

Millis NotAhead(Millis told, Millis now) {
  constexpr Millis kAhead = 300'000;
  return told == 0 || told > now + kAhead ? now : told;
}

base::Result<void> WriteChange(store::Store& store, Millis now,
                               const std::function<base::Result<void>(Change&)>& work) {
  return store.Write(store::Order::kSerial,
                     [&](store::Connection& connection) -> base::Result<void> {
                       SCANTLING_TRY(const int64_t number, connection.NextIds("fold"));
                       Change change{connection, number, now, {}};
                       return work(change);
                     });
}

base::Result<bool> Append(Change& change, const Event& event) {
  const store::Value id = std::string_view(event.id);
  bool known = false;
  SCANTLING_DO(change.connection.Query("SELECT 1 FROM events WHERE id = $1", {&id, 1},
                                       [&](const store::Row&) -> base::Result<void> {
                                         known = true;
                                         return {};
                                       }));
  if (known) {
    return false;
  }
  SCANTLING_TRY(const int64_t seq, change.connection.NextIds("event"));
  const store::Value values[] = {
      seq,        std::string_view(event.id),      std::string_view(event.kind), event.at,
      change.now, std::string_view(event.subject), std::string_view(event.body)};
  SCANTLING_TRY(
      const uint64_t rows,
      change.connection.Execute("INSERT INTO events (seq, id, kind, at, recorded, subject, body) "
                                "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                                values));
  return rows == 1;
}

base::Result<void> Tell(Change& change, const Event& event) {
  auto fresh = Append(change, event);
  return fresh ? base::Result<void>() : base::Result<void>(std::move(fresh).error());
}

base::Result<void> TellAll(Change& change, const std::vector<Event>& events) {
  if (events.empty()) {
    return {};
  }
  std::vector<std::string_view> ids;
  ids.reserve(events.size());
  for (const Event& event : events) {
    ids.emplace_back(event.id);
  }
  const std::string array = JsonArray(ids);
  const store::Value value = std::string_view(array);
  std::unordered_set<std::string, base::StringHash, std::equal_to<>> known;
  SCANTLING_DO(change.connection.Query(
      "SELECT id FROM events WHERE " + InJsonArray(change.connection.dialect(), "id"), {&value, 1},
      [&](const store::Row& row) -> base::Result<void> {
        known.emplace(row.Text(0));
        return {};
      }));
  std::vector<const Event*> fresh;
  for (const Event& event : events) {
    if (known.emplace(event.id).second) {
      fresh.push_back(&event);
    }
  }
  if (fresh.empty()) {
    return {};
  }
  SCANTLING_TRY(int64_t seq,
                change.connection.NextIds("event", static_cast<int64_t>(fresh.size())));
  std::vector<store::Value> values;
  values.reserve(fresh.size() * 7);
  for (const Event* event : fresh) {
    const store::Value row[] = {
        seq++,      std::string_view(event->id),      std::string_view(event->kind), event->at,
        change.now, std::string_view(event->subject), std::string_view(event->body)};
    values.insert(values.end(), std::begin(row), std::end(row));
  }
  return change.connection.ExecuteMany(
      "INSERT INTO events (seq, id, kind, at, recorded, subject, body) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      7, values);
}

base::Result<void> Run(Change& change, std::string_view sql, std::span<const store::Value> values) {
  auto rows = change.connection.Execute(sql, values);
  return rows ? base::Result<void>() : base::Result<void>(std::move(rows).error());
}

base::Result<void> ReadEvents(store::Connection& connection, const EventQuery& query,
                              const std::function<base::Result<void>(const Event&)>& visit) {
  std::string sql = "SELECT seq, id, kind, at, recorded, subject, body FROM events WHERE seq < $1";
  constexpr int64_t kEnd = int64_t{1} << 62;
  std::vector<store::Value> values = {query.before == 0 ? kEnd : query.before};
  const auto add = [&](std::string_view condition, store::Value value) {
    values.push_back(value);
    sql += " AND ";
    sql += condition;
    sql += " $" + std::to_string(values.size());
  };
  if (!query.subject.empty()) {
    add("subject =", std::string_view(query.subject));
  }
  if (!query.kind.empty()) {
    add("kind =", std::string_view(query.kind));
  }
  if (query.since != 0) {
    add("at >=", query.since);
  }
  if (query.until != 0) {
    add("at <", query.until);
  }
  values.emplace_back(query.limit);
  sql += " ORDER BY seq DESC LIMIT $" + std::to_string(values.size());
  return connection.Query(sql, values, [&](const store::Row& row) -> base::Result<void> {
    Event event;
    event.seq = row.Int(0);
    event.id = row.Text(1);
    event.kind = row.Text(2);
    event.at = row.Int(3);
    event.recorded = row.Int(4);
    event.subject = row.Text(5);
    event.body = row.Text(6);
    return visit(event);
  });
}

std::string InJsonArray(store::Dialect dialect, std::string_view column) {
  return std::string(column) + (dialect == store::Dialect::kSqlite
                                    ? " IN (SELECT value FROM json_each($1))"
                                    : " IN (SELECT json_array_elements_text(CAST($1 AS json)))");
}

std::string JsonArray(const std::vector<std::string_view>& texts) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginArray();
  for (const std::string_view text : texts) {
    json.Text(text);
  }
  json.EndArray();
  return out;
}

}  // namespace scantling::program
