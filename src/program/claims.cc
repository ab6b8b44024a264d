#include "program/claims.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/documents.h"
#include "program/owners.h"

#include <algorithm>
#include <optional>

namespace scantling::program {
namespace {

base::Result<std::string> OneText(store::Connection& connection, std::string_view sql,
                                  const store::Value& value) {
  std::string out;
  SCANTLING_DO(connection.Query(sql, {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
    out = row.Text(0);
    return {};
  }));
  return out;
}

base::Result<std::string> DigestOf(store::Connection& connection, int64_t content) {
  return OneText(connection, "SELECT digest FROM contents WHERE id = $1", content);
}

// What is claimed of the content; nothing when only those have told of it who see everything.
base::Result<std::optional<Claims>> ReadClaims(store::Connection& connection, int64_t content) {
  SCANTLING_TRY(const std::string body, OneText(connection,
                                                "SELECT d.body FROM contents c JOIN documents d "
                                                "ON d.name = 'claims/' || c.digest WHERE c.id = $1",
                                                content));
  if (body.empty()) {
    return std::optional<Claims>();
  }
  SCANTLING_TRY(Claims claims, ParseClaims(body));
  return std::optional<Claims>(std::move(claims));
}

base::Result<void> WriteClaims(Change& change, int64_t content, const Claims& claims) {
  SCANTLING_TRY(const std::string digest, DigestOf(change.connection, content));
  return WriteDocument(change, std::string(kClaimsDocument) + digest, ClaimsJson(claims));
}

// Whether anybody has told of the image but by running it.
base::Result<bool> Told(store::Connection& connection, int64_t content) {
  bool out = false;
  const store::Value value = content;
  SCANTLING_DO(connection.Query(
      "SELECT 1 FROM contents WHERE id = $1 AND (scanned <> 0 OR state <> 'never') "
      "UNION ALL SELECT 1 FROM names WHERE content = $1 "
      "UNION ALL SELECT 1 FROM contents c JOIN documents d ON d.name = 'codeowners/' || c.digest "
      "WHERE c.id = $1 "
      "UNION ALL SELECT 1 FROM digests g JOIN documents d ON d.name = 'codeowners/' || g.digest "
      "WHERE g.content = $1",
      {&value, 1}, [&](const store::Row&) -> base::Result<void> {
        out = true;
        return {};
      }));
  return out;
}

}  // namespace

std::string ClaimsJson(const Claims& claims) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Texts("by", claims.by);
  json.Texts("repositories", {claims.repositories.begin(), claims.repositories.end()});
  json.Bool("labels", claims.labels);
  json.Bool("shared", claims.shared);
  json.EndObject();
  return out;
}

base::Result<Claims> ParseClaims(std::string_view text) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 24));
  Claims out;
  root["by"].ForEach([&](codec::JsonValue owner) {
    out.by.emplace_back(owner.Text());
    return true;
  });
  root["repositories"].ForEach([&](codec::JsonValue name) {
    out.repositories.emplace(name.Text());
    return true;
  });
  out.labels = root["labels"].Bool().value_or(false);
  out.shared = root["shared"].Bool().value_or(true);
  return out;
}

bool SameTeam(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return (a.empty() && b.empty()) || std::any_of(a.begin(), a.end(), [&](const std::string& one) {
           return std::find(b.begin(), b.end(), one) != b.end();
         });
}

base::Result<void> CheckTeller(Change& change, const std::vector<std::string_view>& digests) {
  if (change.teller.trusted) {
    return {};
  }
  for (const std::string_view digest : digests) {
    if (!base::Digest::Parse(digest) || change.teller.theirs.contains(digest)) {
      continue;
    }
    int64_t content = 0;
    const store::Value value = digest;
    const auto take = [&](const store::Row& row) -> base::Result<void> {
      content = row.Int(0);
      return {};
    };
    SCANTLING_DO(
        change.connection.Query("SELECT id FROM contents WHERE digest = $1", {&value, 1}, take));
    SCANTLING_DO(change.connection.Query("SELECT content FROM digests WHERE digest = $1",
                                         {&value, 1}, take));
    if (content == 0) {
      continue;
    }
    SCANTLING_TRY(const auto claims, ReadClaims(change.connection, content));
    if (claims && !claims->shared && SameTeam(claims->by, change.teller.owners)) {
      continue;
    }
    SCANTLING_TRY(const bool told, Told(change.connection, content));
    if (claims || told) {
      return base::Error(
          base::ErrorCode::kUsage,
          "others have told of the image " + std::string(digest) +
              ", and no rule of ownership gives it to you: a token that sees everything may tell "
              "of it, or a rule makes it yours");
    }
  }
  return {};
}

base::Result<void> CheckReporter(Change& change, std::string_view reporter, bool known) {
  const std::string name = std::string(kReporterDocument) + std::string(reporter);
  SCANTLING_TRY(const std::string body, ReadDocumentOrNothing(change.connection, name));
  Claims is;
  is.shared = change.teller.trusted;
  if (change.teller.trusted) {
    if (body.empty()) {
      return {};
    }
  } else {
    is.by = change.teller.owners;
    if (!body.empty()) {
      SCANTLING_TRY(const Claims was, ParseClaims(body));
      known = was.shared || !SameTeam(was.by, is.by);
      is.by = was.by;
    }
    if (known) {
      return base::Error(base::ErrorCode::kUsage,
                         "the reporter \"" + base::ToUtf8(reporter) +
                             "\" is another's: give yours a name of its own, or use a token that "
                             "sees everything");
    }
  }
  const std::string text = ClaimsJson(is);
  return text == body ? base::Result<void>() : WriteDocument(change, name, text);
}

base::Result<void> NoteTold(Change& change, int64_t content) {
  SCANTLING_TRY(auto claims, ReadClaims(change.connection, content));
  if (change.teller.trusted) {
    if (!claims || claims->shared) {
      return {};
    }
    claims->shared = true;
    return WriteClaims(change, content, *claims);
  }
  if (claims) {
    return {};
  }
  claims.emplace();
  claims->by = change.teller.owners;
  SCANTLING_TRY(claims->shared, Told(change.connection, content));
  return WriteClaims(change, content, *claims);
}

base::Result<void> NoteRepository(Change& change, int64_t content, std::string_view repository) {
  SCANTLING_TRY(auto claims, ReadClaims(change.connection, content));
  if (change.teller.trusted) {
    if (!claims) {
      return {};
    }
    const bool claimed = claims->repositories.erase(std::string(repository)) != 0;
    if (!claimed && claims->shared) {
      return {};
    }
    claims->shared = true;
    return WriteClaims(change, content, *claims);
  }
  if (!claims || claims->repositories.contains(repository)) {
    return {};
  }
  bool known = false;
  const store::Value values[] = {content, repository};
  SCANTLING_DO(
      change.connection.Query("SELECT 1 FROM names WHERE content = $1 AND repository = $2 LIMIT 1",
                              values, [&](const store::Row&) -> base::Result<void> {
                                known = true;
                                return {};
                              }));
  if (known) {
    return {};
  }
  claims->repositories.emplace(repository);
  return WriteClaims(change, content, *claims);
}

base::Result<void> NoteLabels(Change& change, int64_t content, bool differ) {
  SCANTLING_TRY(auto claims, ReadClaims(change.connection, content));
  const bool theirs = !change.teller.trusted && claims && (claims->labels || differ);
  if (!claims || claims->labels == theirs) {
    return {};
  }
  claims->labels = theirs;
  return WriteClaims(change, content, *claims);
}

base::Result<void> MoveClaims(Change& change, int64_t from, int64_t to) {
  SCANTLING_TRY(const auto moved, ReadClaims(change.connection, from));
  SCANTLING_TRY(auto claims, ReadClaims(change.connection, to));
  if (!moved) {
    if (!claims || claims->shared) {
      return {};
    }
    SCANTLING_TRY(claims->shared, Told(change.connection, from));
    return claims->shared ? WriteClaims(change, to, *claims) : base::Result<void>();
  }
  if (!claims) {
    SCANTLING_TRY(const bool told, Told(change.connection, to));
    claims = moved;
    claims->labels = false;
    claims->shared = moved->shared || told;
  } else {
    claims->repositories.insert(moved->repositories.begin(), moved->repositories.end());
    claims->shared = claims->shared || moved->shared || !SameTeam(claims->by, moved->by);
  }
  return WriteClaims(change, to, *claims);
}

}  // namespace scantling::program
