#include "program/decisions.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "policy/exceptions/exceptions.h"
#include "program/text.h"

#include <span>

namespace scantling::program {
namespace {

constexpr size_t kMaxText = 4096;
constexpr Millis kLongest = 366 * kMillisPerDay;

// How names are compared: "@Ann  Lee " is "ann lee".
std::string PlainName(std::string_view name) {
  std::string out;
  for (const char c : base::Lower(name)) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) {
    out.pop_back();
  }
  return out.starts_with('@') ? out.substr(1) : out;
}

}  // namespace

base::Result<Decision> ParseDecision(std::string_view text, Millis now) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 16));
  Decision out;
  std::string kind;
  std::string until;
  SCANTLING_DO(ReadTexts(root, "",
                         {{"kind", &kind},
                          {"vulnerability", &out.vulnerability},
                          {"component", &out.component},
                          {"repository", &out.repository},
                          {"owner", &out.owner},
                          {"reason", &out.reason},
                          {"words", &out.words},
                          {"until", &until}},
                         kMaxText, {"approver"}));
  if (!root["approver"].IsMissing()) {
    return base::Invalid("approver is not told: it is who makes the acceptance; leave it out");
  }
  if (out.vulnerability.empty()) {
    return base::Invalid("vulnerability is missing");
  }
  if (!until.empty()) {
    const auto end = ParseMillis(until);
    if (!end) {
      return base::Invalid("until is no date: \"" + until + "\"");
    }
    out.until = *end;
    if (out.until <= now) {
      return base::Invalid("until lies in the past: " + until);
    }
  }
  out.at = now;
  if (kind == "acknowledged") {
    out.kind = DecisionKind::kAcknowledged;
  } else if (kind == "assigned") {
    out.kind = DecisionKind::kAssigned;
    if (out.owner.empty()) {
      return base::Invalid("owner is missing: to whom is it assigned?");
    }
  } else if (kind == "accepted") {
    out.kind = DecisionKind::kAccepted;
    if (out.until == 0) {
      return base::Invalid("until is missing: an acceptance ends on a date");
    }
    if (out.until - now > kLongest) {
      return base::Invalid("until is more than a year away");
    }
    if (PlainName(out.owner).empty()) {
      return base::Invalid("owner is missing: who asks for it, and has the risk?");
    }
    // An acceptance is affected: what a report got wrong is said by a VEX statement.
    std::string words;
    bool known = false;
    for (const policy::ReasonInfo& reason : policy::ReasonTable()) {
      if (reason.name != "false_positive") {
        words.append(words.empty() ? "" : ", ").append(reason.name);
        known = known || reason.name == out.reason;
      }
    }
    if (!known) {
      return base::Invalid("reason must be one of " + words);
    }
  } else {
    return base::Invalid("kind must be acknowledged, assigned or accepted");
  }
  return out;
}

base::Result<void> SetAuthor(Decision& decision, std::string_view name,
                             std::string_view display_name) {
  decision.author = name;
  if (decision.kind != DecisionKind::kAccepted) {
    return {};
  }
  const std::string owner = PlainName(decision.owner);
  if (owner == PlainName(name) || owner == PlainName(display_name)) {
    return base::Invalid("owner must be somebody else than who accepts the risk (" +
                         base::ToUtf8(name) + "): the team or person who asks for it");
  }
  decision.approver = name;
  return {};
}

base::Result<int64_t> StoreDecision(Change& change, const Decision& decision) {
  if (decision.kind == DecisionKind::kAccepted && decision.approver.empty()) {
    return base::Invalid("nobody approves of the acceptance");
  }
  SCANTLING_TRY(const int64_t id, change.connection.NextIds("decision"));
  const store::Value values[] = {id,
                                 ToString(decision.kind),
                                 std::string_view(decision.vulnerability),
                                 std::string_view(decision.component),
                                 std::string_view(decision.repository),
                                 std::string_view(decision.owner),
                                 std::string_view(decision.author),
                                 std::string_view(decision.approver),
                                 std::string_view(decision.reason),
                                 std::string_view(decision.words),
                                 decision.at,
                                 decision.until,
                                 change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO decisions (id, kind, vulnerability, component, repository, owner, "
                   "author, approver, reason, words, at, until, ended, changed) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13)",
                   values));
  Event event;
  event.kind = "decision";
  event.id = "decision:" + std::to_string(id);
  event.at = decision.at;
  event.subject = decision.vulnerability;
  event.body.clear();
  codec::JsonWriter json(&event.body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("decision", id);
  json.Text("kind", ToString(decision.kind));
  json.Text("component", decision.component);
  json.Text("repository", decision.repository);
  json.Text("owner", decision.owner);
  json.Text("author", decision.author);
  json.Text("approver", decision.approver);
  json.Text("reason", decision.reason);
  json.Text("words", decision.words);
  json.Int("until", decision.until);
  json.EndObject();
  SCANTLING_DO(Tell(change, event));
  return id;
}

base::Result<void> EndDecision(Change& change, int64_t id, std::string_view author) {
  const store::Value values[] = {id, change.now, change.number};
  SCANTLING_TRY(
      const uint64_t rows,
      change.connection.Execute(
          "UPDATE decisions SET ended = $2, changed = $3 WHERE id = $1 AND ended = 0", values));
  if (rows == 0) {
    return base::NotFound("there is no decision " + std::to_string(id) + " in force");
  }
  std::string vulnerability;
  SCANTLING_DO(change.connection.Query("SELECT vulnerability FROM decisions WHERE id = $1",
                                       std::span(values).first(1),
                                       [&](const store::Row& row) -> base::Result<void> {
                                         vulnerability = row.Text(0);
                                         return {};
                                       }));
  Event event;
  event.kind = "decision";
  event.id = "decision:" + std::to_string(id) + ":end";
  event.at = change.now;
  event.subject = vulnerability;
  event.body.clear();
  codec::JsonWriter json(&event.body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("decision", id);
  json.Text("kind", "ended");
  json.Text("author", author);
  json.EndObject();
  SCANTLING_DO(Tell(change, event));
  return {};
}

}  // namespace scantling::program
