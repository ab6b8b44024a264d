#include "program/builds.h"

#include "base/digest.h"
#include "base/strings.h"
#include "base/time.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/ingest.h"

namespace scantling::program {
namespace {

constexpr size_t kMaxText = 2048;
constexpr size_t kMaxNames = 32;

}  // namespace

base::Result<BuildRecord> ParseBuildRecord(std::string_view text, bool deployment, Millis now) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, 1 << 20));
  if (!root.IsObject()) {
    return base::Invalid("an object is wanted");
  }
  BuildRecord out;
  out.deployment = deployment;
  out.at = now;
  std::string at;
  std::string committed;
  std::string wrong;
  root.ForEachMember([&](std::string_view key, codec::JsonValue member) {
    if (key == "names" && member.IsArray()) {
      member.ForEach([&](codec::JsonValue name) {
        out.names.emplace_back(name.Text());
        return out.names.size() < kMaxNames;
      });
      return true;
    }
    std::string* to = key == "id"            ? &out.id
                      : key == "digest"      ? &out.digest
                      : key == "source"      ? &out.source
                      : key == "commit"      ? &out.commit
                      : key == "base_digest" ? &out.base_digest
                      : key == "owner"       ? &out.owner
                      : key == "environment" ? &out.environment
                      : key == "workload"    ? &out.workload
                      : key == "url"         ? &out.url
                      : key == "at"          ? &at
                      : key == "committed"   ? &committed
                                             : nullptr;
    if (to == nullptr) {
      wrong = "unknown member \"" + std::string(key) + "\"";
    } else if (!member.MaybeText() || member.Text().size() > kMaxText) {
      wrong = std::string(key) + " must be a text of at most 2048 bytes";
    } else {
      *to = Storable(member.Text());
    }
    return wrong.empty();
  });
  if (!wrong.empty()) {
    return base::Invalid(std::move(wrong));
  }
  if (!base::Digest::Parse(out.digest)) {
    return base::Invalid("digest must be the image's, sha256: and 64 hex digits");
  }
  if (!out.base_digest.empty() && !base::Digest::Parse(out.base_digest)) {
    return base::Invalid("base_digest must be sha256: and 64 hex digits");
  }
  for (const auto& [from, to] : {std::pair<std::string*, Millis*>(&at, &out.at),
                                 std::pair<std::string*, Millis*>(&committed, &out.committed)}) {
    if (!from->empty()) {
      const auto seconds = base::ParseTime(*from);
      if (!seconds) {
        return base::Invalid("\"" + *from + "\" is no RFC 3339 time");
      }
      *to = *seconds * 1000;
    }
  }
  return out;
}

base::Result<bool> StoreBuildRecord(Change& change, const BuildRecord& record) {
  SCANTLING_TRY(const int64_t content, ContentOf(change, record.digest));
  Event event;
  event.kind = record.deployment ? "image_deployed" : "image_built";
  event.at = record.at;
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
    SCANTLING_TRY(const bool named, NameContent(change, name, content, record.at));
    if (!named) {
      return base::Invalid("\"" + name + "\" is no image name");
    }
  }
  if (!record.base_digest.empty()) {
    const store::Value values[] = {content, std::string_view(record.base_digest), change.number};
    SCANTLING_TRY(const uint64_t rows,
                  change.connection.Execute(
                      "UPDATE contents SET base_digest = $2, changed = $3 WHERE id = $1", values));
    static_cast<void>(rows);
  }
  return true;
}

}  // namespace scantling::program
