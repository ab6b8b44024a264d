#include "program/builds.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/claims.h"
#include "program/documents.h"
#include "program/ingest.h"
#include "program/owners.h"
#include "program/text.h"

#include <algorithm>

namespace scantling::program {
namespace {

constexpr size_t kMaxText = 2048;
constexpr size_t kMaxNames = 32;
// Of the Dockerfile's path, which every pattern of a CODEOWNERS is held against.
constexpr size_t kMaxPath = 512;
constexpr size_t kMaxSegments = 64;
constexpr uint64_t kMaxRecord = uint64_t{8} << 20;

// Whose the path of the Dockerfile is.
base::Result<void> ReadCodeOwners(codec::JsonValue root, const std::string& file,
                                  BuildRecord& out) {
  const codec::JsonValue text = root["codeowners"];
  if (text.IsMissing()) {
    return {};
  }
  if (!text.MaybeText()) {
    return base::Invalid("codeowners must be the text of the file");
  }
  if (out.dockerfile.empty()) {
    out.dockerfile = "Dockerfile";
  }
  while (out.dockerfile.starts_with("./")) {
    out.dockerfile.erase(0, 2);
  }
  const auto parts = base::Split(out.dockerfile, '/');
  if (out.dockerfile.starts_with('/') ||
      std::find(parts.begin(), parts.end(), "..") != parts.end()) {
    return base::Invalid("dockerfile must be a path within the repository");
  }
  if (out.dockerfile.size() > kMaxPath || parts.size() > kMaxSegments) {
    return base::Invalid("dockerfile must have at most " + std::to_string(kMaxPath) +
                         " bytes and " + std::to_string(kMaxSegments) + " segments");
  }
  SCANTLING_TRY(CodeOwners owners, ParseCodeOwners(text.Text(), file).With("codeowners"));
  out.has_codeowners = true;
  out.code_owners = owners.OwnersOf(out.dockerfile);
  out.codeowners_problems = std::move(owners.problems);
  return {};
}

// What is kept for the image's digest, by role. A CODEOWNERS speaks of every role, also when it
// names nobody; `owner` of the application alone. The latest counts, whatever the order of arrival.
base::Result<void> KeepOwners(Change& change, const BuildRecord& record, Millis at) {
  CodeOwnedRoles roles;
  if (record.has_codeowners) {
    for (const std::string_view role : {"application", "image", "platform", "security"}) {
      roles[std::string(role)].at = at;
    }
  }
  for (const CodeOwner& one : record.code_owners) {
    roles[one.role] = {one.owners.front(),
                       "CODEOWNERS line " + std::to_string(one.line) +
                           (one.section.empty() ? "" : ", section " + one.section) + ", for " +
                           record.dockerfile,
                       at, false};
  }
  if (!record.owner.empty()) {
    roles["application"] = {record.owner, "the record of the build", at, false};
  }
  if (roles.empty()) {
    return {};
  }
  const std::string name = std::string(kCodeOwnersDocument) + record.digest;
  SCANTLING_TRY(const std::string was, ReadDocumentOrNothing(change.connection, name));
  CodeOwnedRoles kept;
  if (!was.empty()) {
    SCANTLING_TRY(kept, ParseCodeOwned(was));
  }
  for (auto& [role, is] : roles) {
    // Who says again what was known claims nothing.
    const auto before = kept.find(role);
    is.claimed = !change.teller.trusted && (before == kept.end() || before->second.claimed ||
                                            before->second.owner != is.owner);
  }
  MergeCodeOwned(roles, kept);
  const std::string is = CodeOwnedJson(roles);
  return is == was ? base::Result<void>() : WriteDocument(change, name, is);
}

}  // namespace

base::Result<BuildRecord> ParseBuildRecord(std::string_view text, bool deployment, Millis now) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(text, kMaxRecord));
  BuildRecord out;
  out.deployment = deployment;
  out.at = now;
  std::string at;
  std::string committed;
  std::string file;
  SCANTLING_DO(ReadTexts(root, "",
                         {{"id", &out.id},
                          {"digest", &out.digest},
                          {"source", &out.source},
                          {"commit", &out.commit},
                          {"base_digest", &out.base_digest},
                          {"owner", &out.owner},
                          {"dockerfile", &out.dockerfile},
                          {"codeowners_file", &file},
                          {"environment", &out.environment},
                          {"workload", &out.workload},
                          {"url", &out.url},
                          {"at", &at},
                          {"committed", &committed}},
                         kMaxText, {"names", "codeowners"}));
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
  SCANTLING_DO(ReadCodeOwners(root, file, out));
  return out;
}

base::Result<bool> StoreBuildRecord(Change& change, const BuildRecord& record) {
  SCANTLING_DO(CheckTeller(change, {record.digest}));
  Event event;
  event.kind = record.deployment ? "image_deployed" : "image_built";
  const Millis at = NotAhead(record.at, change.now);
  SCANTLING_TRY(const int64_t content, ContentOf(change, record.digest, at));
  SCANTLING_DO(NoteTold(change, content));
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
  text("dockerfile", record.dockerfile);
  for (const CodeOwner& one : record.code_owners) {
    json.Text(one.role + "_owner", one.owners.front());
  }
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
    SCANTLING_TRY(const bool named, NameContent(change, name, content, record.digest, at));
    if (!named) {
      return base::Invalid("\"" + name + "\" is no image name");
    }
  }
  SCANTLING_DO(KeepOwners(change, record, at));
  if (!record.base_digest.empty()) {
    SCANTLING_DO(SetBase(change, content, record.base_digest, BaseBy::kBuild, at));
  }
  return true;
}

}  // namespace scantling::program
