#include "program/builds.h"

#include "base/digest.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/ingest.h"
#include "program/text.h"

namespace scantling::program {
namespace {

constexpr size_t kMaxText = 2048;
constexpr size_t kMaxNames = 32;

}  // namespace

base::Result<BuildRecord> ParseBuildRecord(std::string_view text, bool deployment, Millis now) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 20));
  BuildRecord out;
  out.deployment = deployment;
  out.at = now;
  std::string at;
  std::string committed;
  SCANTLING_DO(ReadTexts(root, "",
                         {{"id", &out.id},
                          {"digest", &out.digest},
                          {"source", &out.source},
                          {"commit", &out.commit},
                          {"base_digest", &out.base_digest},
                          {"owner", &out.owner},
                          {"environment", &out.environment},
                          {"workload", &out.workload},
                          {"url", &out.url},
                          {"at", &at},
                          {"committed", &committed}},
                         kMaxText, {"names"}));
  root["names"].ForEach([&](codec::JsonValue name) {
    out.names.emplace_back(name.Text());
    return out.names.size() < kMaxNames;
  });
  if (!base::Digest::Parse(out.digest)) {
    return base::Invalid("digest must be the image's, sha256: and 64 hex digits");
  }
  if (!out.base_digest.empty() && !base::Digest::Parse(out.base_digest)) {
    return base::Invalid("base_digest must be sha256: and 64 hex digits");
  }
  for (const auto& [from, to] : {std::pair<std::string*, Millis*>(&at, &out.at),
                                 std::pair<std::string*, Millis*>(&committed, &out.committed)}) {
    if (!from->empty()) {
      const auto moment = ParseMillis(*from);
      if (!moment) {
        return base::Invalid("\"" + *from + "\" is no RFC 3339 time");
      }
      *to = *moment;
    }
  }
  return out;
}

base::Result<bool> StoreBuildRecord(Change& change, const BuildRecord& record) {
  SCANTLING_TRY(const int64_t content, ContentOf(change, record.digest));
  Event event;
  event.kind = record.deployment ? "image_deployed" : "image_built";
  const Millis at = NotAhead(record.at, change.now);
  event.at = at;
  event.subject = record.digest;
  event.body.clear();
  codec::JsonWriter json(&event.body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Texts("names", record.names);
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      json.Text(key, value);
    }
  };
  text("source", record.source);
  text("commit", record.commit);
  text("base_digest", record.base_digest);
  text("owner", record.owner);
  text("environment", record.environment);
  text("workload", record.workload);
  text("url", record.url);
  if (record.committed != 0) {
    json.Int("committed", record.committed);
  }
  json.EndObject();
  event.id = event.kind + ":" +
             (record.id.empty() ? base::Sha256Of(base::AsBytes(record.digest + event.body)).Hex()
                                : record.id);
  SCANTLING_TRY(const bool fresh, Append(change, event));
  if (!fresh || record.deployment) {
    return fresh;
  }
  for (const std::string& name : record.names) {
    SCANTLING_TRY(const bool named, NameContent(change, name, content, at));
    if (!named) {
      return base::Invalid("\"" + name + "\" is no image name");
    }
  }
  if (!record.base_digest.empty()) {
    const store::Value values[] = {content, std::string_view(record.base_digest), change.number};
    // What the image itself says goes before.
    SCANTLING_DO(Run(change,
                     "UPDATE contents SET base_digest = $2, changed = $3 "
                     "WHERE id = $1 AND base_digest = ''",
                     values));
  }
  return true;
}

}  // namespace scantling::program
