#include "program/rejudge.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "match/match.h"
#include "program/components.h"
#include "program/documents.h"
#include "program/text.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace scantling::program {
namespace {

// What the database says, as the columns of a row.
struct Row {
  int64_t component = 0;
  std::string vulnerability;
  int64_t level = 0;
  double score = -1;
  int64_t fix_state = 0;
  Millis fix_since = 0;
  std::string fixed_versions;
  std::string body;
  const model::Finding* finding = nullptr;
};

Row RowOf(const model::Finding& finding) {
  Row row;
  row.component = IdOfRef(finding.component);
  row.vulnerability = finding.id;
  row.level = static_cast<int64_t>(finding.severity.level);
  row.score = finding.severity.score;
  row.fix_state = static_cast<int64_t>(finding.fix_state);
  row.fix_since = ParseMillis(finding.fix_available).value_or(0);
  row.fixed_versions = Storable(base::Join(finding.fixed_versions, " "));
  row.finding = &finding;
  codec::JsonWriter json(&row.body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      json.Text(key, base::ToUtf8(value));
    }
  };
  text("advisory", finding.advisory);
  text("source", finding.source);
  text("range", finding.range);
  text("rule", finding.rule);
  text("fix_note", finding.fix_note);
  text("vector", finding.severity.vector);
  text("severity_source", finding.severity.source);
  json.EndObject();
  return row;
}

struct Open {
  Millis opened = 0;
  int64_t level = 0;
  double score = -1;
  int64_t fix_state = 0;
  Millis fix_since = 0;
  std::string fixed_versions;
  std::string body;
  bool Same(const Row& row) const {
    return level == row.level && score == row.score && fix_state == row.fix_state &&
           fix_since == row.fix_since && fixed_versions == row.fixed_versions && body == row.body;
  }
};

// The rows of vulnerabilities that findings name, made or brought up to date. Name -> id.
base::Result<std::unordered_map<std::string, int64_t>> StoreVulnerabilities(
    Change& change, const std::vector<model::Finding>& findings) {
  struct Facts {
    const model::Finding* finding = nullptr;
    int64_t id = 0;
    std::string row;
  };
  std::map<std::string_view, Facts> facts;
  for (const model::Finding& finding : findings) {
    Facts& fact = facts[finding.id];
    // One vulnerability has one row: the worst level that any component's source gives it.
    if (fact.finding == nullptr || finding.severity.level > fact.finding->severity.level) {
      fact.finding = &finding;
    }
  }
  std::string sql =
      "SELECT name, id, aliases, summary, level, score, epss, epss_percentile, kev_added, kev_due, "
      "exploit, published FROM vulnerabilities";
  // An image brings a few; a new database is about most of them.
  constexpr size_t kFew = 2'000;
  std::string array;
  std::vector<store::Value> wanted;
  if (facts.size() <= kFew) {
    std::vector<std::string_view> names;
    for (const auto& [name, fact] : facts) {
      names.push_back(name);
    }
    array = JsonArray(names);
    wanted.emplace_back(std::string_view(array));
    sql += " WHERE " + InJsonArray(change.connection.dialect(), "name");
  }
  SCANTLING_DO(
      change.connection.Query(sql, wanted, [&](const store::Row& row) -> base::Result<void> {
        const auto fact = facts.find(row.Text(0));
        if (fact != facts.end()) {
          fact->second.id = row.Int(1);
          std::string& text = fact->second.row;
          text.append(row.Text(2)).append("\n").append(row.Text(3));
          for (int column = 4; column < 12; ++column) {
            text += "\n" + (column >= 5 && column <= 7 ? std::to_string(row.Real(column))
                                                       : std::to_string(row.Int(column)));
          }
        }
        return {};
      }));
  std::unordered_map<std::string, int64_t> out;
  std::vector<store::Value> added;
  std::vector<store::Value> updated;
  std::vector<std::pair<std::string, std::string>> texts;
  texts.reserve(facts.size());  // whose addresses stay
  for (auto& [name, fact] : facts) {
    const model::Finding& finding = *fact.finding;
    texts.emplace_back(Storable(base::Join(finding.aliases, " ")), Storable(finding.summary));
    const int64_t level = static_cast<int64_t>(finding.severity.level);
    const double numbers[] = {finding.severity.score, finding.epss ? finding.epss->probability : -1,
                              finding.epss ? finding.epss->percentile : -1};
    const int64_t rest[] = {finding.kev ? ParseMillis(finding.kev->date_added).value_or(0) : 0,
                            finding.kev ? ParseMillis(finding.kev->due_date).value_or(0) : 0,
                            finding.exploit ? static_cast<int64_t>(finding.exploit->kind) : 0,
                            ParseMillis(finding.published).value_or(0)};
    std::string row =
        texts.back().first + "\n" + texts.back().second + "\n" + std::to_string(level);
    for (const double number : numbers) {
      row += "\n" + std::to_string(number);
    }
    for (const int64_t number : rest) {
      row += "\n" + std::to_string(number);
    }
    if (fact.id != 0 && fact.row == row) {
      out.emplace(name, fact.id);
      continue;
    }
    const bool fresh = fact.id == 0;
    if (fresh) {
      SCANTLING_TRY(fact.id, change.connection.NextIds("vulnerability"));
    }
    out.emplace(name, fact.id);
    const store::Value values[] = {fact.id,
                                   name,
                                   std::string_view(texts.back().first),
                                   std::string_view(texts.back().second),
                                   level,
                                   numbers[0],
                                   numbers[1],
                                   numbers[2],
                                   rest[0],
                                   rest[1],
                                   rest[2],
                                   rest[3],
                                   change.number};
    std::vector<store::Value>& to = fresh ? added : updated;
    to.insert(to.end(), std::begin(values), std::end(values));
  }
  if (!added.empty()) {
    SCANTLING_DO(change.connection.ExecuteMany(
        "INSERT INTO vulnerabilities (id, name, aliases, summary, level, score, epss, "
        "epss_percentile, kev_added, kev_due, exploit, published, changed) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        13, added));
  }
  if (!updated.empty()) {
    SCANTLING_DO(change.connection.ExecuteMany(
        "UPDATE vulnerabilities SET name = $2, aliases = $3, summary = $4, level = $5, score = $6, "
        "epss = $7, epss_percentile = $8, kev_added = $9, kev_due = $10, exploit = $11, "
        "published = $12, changed = $13 WHERE id = $1",
        13, updated));
  }
  return out;
}

// Brings the stored matches of the versions in `inventory` to what `matched` says.
base::Result<Judged> Apply(Change& change, const model::Inventory& inventory,
                           const std::vector<model::Finding>& findings, std::string_view open_cause,
                           bool look_for_open) {
  Judged out;
  out.versions = inventory.components.size();
  SCANTLING_TRY(const auto vulnerabilities, StoreVulnerabilities(change, findings));
  std::map<std::pair<int64_t, int64_t>, Open> open;
  std::unordered_map<int64_t, std::string> names;
  if (look_for_open) {
    std::unordered_map<int64_t, bool> judged;
    for (const model::Component& component : inventory.components) {
      judged.emplace(IdOfRef(component.ref), true);
    }
    SCANTLING_DO(change.connection.Query(
        "SELECT m.component, m.vulnerability, m.opened, m.level, m.score, m.fix_state, "
        "m.fix_since, "
        "m.fixed_versions, m.body, v.name FROM matches m JOIN vulnerabilities v "
        "ON v.id = m.vulnerability WHERE m.closed = 0",
        {}, [&](const store::Row& row) -> base::Result<void> {
          if (judged.contains(row.Int(0))) {
            Open& one = open[{row.Int(0), row.Int(1)}];
            one.opened = row.Int(2);
            one.level = row.Int(3);
            one.score = row.Real(4);
            one.fix_state = row.Int(5);
            one.fix_since = row.Int(6);
            one.fixed_versions = row.Text(7);
            one.body = row.Text(8);
            names.emplace(row.Int(1), row.Text(9));
          }
          return {};
        }));
  }
  std::vector<Row> rows;
  rows.reserve(findings.size());
  for (const model::Finding& finding : findings) {
    rows.push_back(RowOf(finding));
  }
  std::vector<store::Value> added;
  std::vector<store::Value> updated;
  // One event per vulnerability says which versions it is about.
  std::map<std::string, std::vector<int64_t>> opened_by_name;
  std::map<std::string, std::vector<int64_t>> fixable_by_name;
  std::map<std::string, std::vector<int64_t>> closed_by_name;
  for (const Row& row : rows) {
    const int64_t vulnerability = vulnerabilities.at(row.vulnerability);
    const auto found = open.find({row.component, vulnerability});
    if (found != open.end()) {
      if (!found->second.Same(row)) {
        if (found->second.fixed_versions.empty() && !row.fixed_versions.empty()) {
          fixable_by_name[row.vulnerability].push_back(row.component);
        }
        const store::Value values[] = {row.component,
                                       vulnerability,
                                       row.level,
                                       row.score,
                                       row.fix_state,
                                       row.fix_since,
                                       std::string_view(row.fixed_versions),
                                       std::string_view(row.body),
                                       change.number};
        updated.insert(updated.end(), std::begin(values), std::end(values));
        ++out.updated;
      }
      open.erase(found);
      continue;
    }
    opened_by_name[row.vulnerability].push_back(row.component);
    const store::Value values[] = {row.component,
                                   vulnerability,
                                   change.now,
                                   int64_t{0},
                                   open_cause,
                                   std::string_view(),
                                   row.level,
                                   row.score,
                                   row.fix_state,
                                   row.fix_since,
                                   std::string_view(row.fixed_versions),
                                   std::string_view(row.body),
                                   change.number};
    added.insert(added.end(), std::begin(values), std::end(values));
    ++out.opened;
  }
  if (!added.empty()) {
    // The same pair may have been closed in this very millisecond: then it is open again.
    SCANTLING_DO(change.connection.ExecuteMany(
        "INSERT INTO matches (component, vulnerability, opened, closed, open_cause, close_cause, "
        "level, score, fix_state, fix_since, fixed_versions, body, changed) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (component, vulnerability, opened) DO UPDATE SET closed = 0, "
        "close_cause = '', changed = excluded.changed",
        13, added));
  }
  if (!updated.empty()) {
    SCANTLING_DO(change.connection.ExecuteMany(
        "UPDATE matches SET level = $3, score = $4, fix_state = $5, fix_since = $6, "
        "fixed_versions = $7, body = $8, changed = $9 "
        "WHERE component = $1 AND vulnerability = $2 AND closed = 0",
        9, updated));
  }
  std::vector<store::Value> closed;
  for (const auto& [key, one] : open) {
    closed_by_name[names[key.second]].push_back(key.first);
    const store::Value values[] = {key.first, key.second, change.now,
                                   std::string_view("advisory withdrawn or changed"),
                                   change.number};
    closed.insert(closed.end(), std::begin(values), std::end(values));
    ++out.closed;
  }
  if (!closed.empty()) {
    SCANTLING_DO(change.connection.ExecuteMany(
        "UPDATE matches SET closed = $3, close_cause = $4, changed = $5 "
        "WHERE component = $1 AND vulnerability = $2 AND closed = 0",
        5, closed));
  }
  std::vector<Event> events;
  const auto tell = [&](const std::map<std::string, std::vector<int64_t>>& by_name,
                        std::string_view kind, std::string_view cause) {
    for (const auto& [name, ids] : by_name) {
      Event event;
      event.kind = kind;
      event.at = change.now;
      event.subject = name;
      event.id = std::string(kind) + ":" + name + ":" + std::to_string(change.number);
      event.body.clear();
      codec::JsonWriter json(&event.body, codec::JsonWriter::Layout::kCompact);
      json.BeginObject();
      json.Text("cause", cause);
      json.Key("components");
      json.BeginArray();
      for (const int64_t id : ids) {
        json.Int(id);
      }
      json.EndArray();
      json.EndObject();
      events.push_back(std::move(event));
    }
  };
  tell(opened_by_name, "match_opened", open_cause);
  tell(fixable_by_name, "match_fixable", "fix published");
  tell(closed_by_name, "match_closed", "advisory withdrawn or changed");
  SCANTLING_DO(TellAll(change, events));
  return out;
}

base::Result<void> StoreAdvisories(Change& change, const advisory::Database& database) {
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("digest", database.Info().digest);
  json.Bool("embedded", database.Info().embedded);
  json.Int("loaded", change.now);
  json.Key("sources");
  json.BeginArray();
  for (const model::SourceInfo& source : database.Info().sources) {
    json.BeginObject();
    json.Text("name", source.name);
    json.Text("as_of", source.as_of);
    json.Uint("records", source.records);
    json.EndObject();
  }
  json.EndArray();
  json.Key("namespaces");
  json.BeginObject();
  for (const advisory::NamespaceInfo& info : database.Namespaces()) {
    json.Int(info.name, ParseMillis(info.as_of).value_or(0));
  }
  json.EndObject();
  json.EndObject();
  SCANTLING_DO(
      WriteDocument(change, std::string(kAdvisoriesDocument) + std::to_string(change.now), body));
  return WriteDocument(change, "advisories", body);
}

}  // namespace

base::Result<Judged> JudgeVersions(Change& change, const std::vector<int64_t>& ids,
                                   const advisory::Database& database) {
  if (ids.empty()) {
    return Judged{};
  }
  SCANTLING_TRY(model::Inventory inventory, ReadVersions(change.connection, ids));
  SCANTLING_TRY(match::MatchResult matched, match::Match(inventory, database));
  // Owners that were known before were read to be asked, not to be judged.
  std::vector<int64_t> sorted = ids;
  std::sort(sorted.begin(), sorted.end());
  std::erase_if(matched.findings, [&](const model::Finding& finding) {
    return !std::binary_search(sorted.begin(), sorted.end(), IdOfRef(finding.component));
  });
  return Apply(change, inventory, matched.findings, "scanned", false);
}

base::Result<std::string> NewerAdvisories(store::Store& store, const advisory::Database& database) {
  std::string body;
  auto read = store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(body, ReadDocumentOrNothing(connection, "advisories"));
    return {};
  });
  SCANTLING_DO(std::move(read));
  if (body.empty()) {
    return std::string();
  }
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(body).With("document advisories"));
  std::string stored;  // days: the later one is the greater text
  root["sources"].ForEach([&](codec::JsonValue source) {
    stored = std::max(stored, std::string(source["as_of"].Text()));
    return true;
  });
  std::string ours;
  for (const model::SourceInfo& source : database.Info().sources) {
    ours = std::max(ours, source.as_of);
  }
  return stored > ours ? std::string(root["digest"].Text()) + ", data of " + stored : std::string();
}

base::Result<Judged> Rejudge(store::Store& store, const advisory::Database& database, Millis now,
                             unsigned jobs) {
  model::Inventory inventory;
  auto read = store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(inventory, ReadVersions(connection, {}));
    return {};
  });
  SCANTLING_DO(std::move(read));
  SCANTLING_TRY(match::MatchResult matched, match::Match(inventory, database, jobs));
  Judged out;
  auto written = WriteChange(store, now, [&](Change& change) -> base::Result<void> {
    // Versions that came meanwhile were judged by the database before.
    std::vector<int64_t> late;
    const store::Value last =
        inventory.components.empty() ? int64_t{0} : IdOfRef(inventory.components.back().ref);
    SCANTLING_DO(change.connection.Query("SELECT id FROM components WHERE id > $1 ORDER BY id",
                                         {&last, 1},
                                         [&](const store::Row& row) -> base::Result<void> {
                                           late.push_back(row.Int(0));
                                           return {};
                                         }));
    if (!late.empty()) {
      SCANTLING_TRY(model::Inventory more, ReadVersions(change.connection, late));
      SCANTLING_TRY(match::MatchResult again, match::Match(more, database, jobs));
      for (model::Finding& finding : again.findings) {
        if (IdOfRef(finding.component) > std::get<int64_t>(last)) {
          matched.findings.push_back(std::move(finding));
        }
      }
      for (model::Component& component : more.components) {
        if (IdOfRef(component.ref) > std::get<int64_t>(last)) {
          inventory.components.push_back(std::move(component));
        }
      }
    }
    Event event;
    event.kind = "advisories_loaded";
    event.subject = database.Info().digest;
    event.id = "advisories:" + database.Info().digest + ":" + std::to_string(change.number);
    event.at = now;
    SCANTLING_DO(Tell(change, event));
    SCANTLING_DO(StoreAdvisories(change, database));
    SCANTLING_TRY(out, Apply(change, inventory, matched.findings, "new advisory", true));
    return {};
  });
  SCANTLING_DO(std::move(written));
  return out;
}

}  // namespace scantling::program
