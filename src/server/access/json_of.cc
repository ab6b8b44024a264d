// JSON of users, sessions, tokens and audit entries.
#include "server/access/json_of.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "program/text.h"

namespace scantling::server::access {
// RFC 3339, null = never.
void Time(codec::JsonWriter& json, std::string_view key, int64_t at) {
  json.Key(key);
  at == 0 ? json.Null() : json.Text(program::FormatMillis(at));
}

std::string JsonOf(const User& user) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("id", user.id);
  json.Text("name", user.name);
  json.Text("display_name", base::ToUtf8(user.display_name));
  json.Text("role", ToString(user.role));
  json.Texts("owners", user.owners);
  json.Bool("disabled", user.disabled);
  json.Bool("has_password", user.has_password);
  json.Bool("single_sign_on", !user.subject.empty());
  json.Text("subject", base::ToUtf8(user.subject));
  Time(json, "created", user.created);
  json.EndObject();
  return out;
}

std::string JsonOf(const Token& token) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("id", token.id);
  json.Text("name", base::ToUtf8(token.name));
  json.Text("user", token.user);
  json.Key("scopes");
  json.BeginArray();
  for (const Scope scope : {Scope::kRead, Scope::kSubmit, Scope::kAdmin}) {
    if ((token.scopes & static_cast<uint8_t>(scope)) != 0) {
      json.Text(ToString(scope));
    }
  }
  json.EndArray();
  json.Text("owner", base::ToUtf8(token.owner));
  Time(json, "created", token.created);
  Time(json, "expires", token.expires);
  Time(json, "last_used", token.last_used);
  json.Text("last_address", token.last_address);
  Time(json, "revoked", token.revoked);
  json.EndObject();
  return out;
}

std::string JsonOf(const Session& session) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("id", session.id);
  json.Int("user_id", session.user_id);
  Time(json, "created", session.created);
  Time(json, "seen", session.seen);
  Time(json, "expires", session.expires);
  json.Text("address", session.address);
  json.Text("agent", base::ToUtf8(session.agent));
  json.EndObject();
  return out;
}

std::string JsonOf(const AuditEntry& entry) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("id", entry.id);
  Time(json, "at", entry.at);
  json.Int("user_id", entry.user_id);
  json.Text("user", entry.user);
  json.Int("token_id", entry.token_id);
  json.Text("address", entry.address);
  json.Text("action", entry.action);
  json.Text("subject", base::ToUtf8(entry.subject));
  json.EndObject();
  // What was written as JSON stays JSON.
  out.pop_back();
  out += ",\"before\":" + (entry.before.empty() ? std::string("null") : entry.before);
  out += ",\"after\":" + (entry.after.empty() ? std::string("null") : entry.after) + "}";
  return out;
}

}  // namespace scantling::server::access
