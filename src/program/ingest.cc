#include "program/ingest.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/compress.h"
#include "codec/json_writer.h"
#include "program/claims.h"
#include "program/components.h"
#include "program/fleet.h"
#include "program/rejudge.h"
#include "program/text.h"
#include "rank/rank.h"
#include "report/report.h"
#include "report/sbom_in.h"

#include <algorithm>

namespace scantling::program {
namespace {

constexpr uint64_t kMaxDocument = uint64_t{256} << 20;
constexpr size_t kMaxLabels = 256;
constexpr size_t kMaxLabelText = 512;

bool IsDigest(std::string_view text) { return base::Digest::Parse(text).has_value(); }

// The image's labels, and over them the annotations of its manifest.
std::string LabelsOf(const model::Image& image) {
  std::map<std::string, std::string> labels = image.annotations;
  if (image.config) {
    labels.insert(image.config->labels.begin(), image.config->labels.end());
  }
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  size_t count = 0;
  for (const auto& [key, value] : labels) {
    if (key.size() <= kMaxLabelText && value.size() <= kMaxLabelText && count++ < kMaxLabels) {
      json.Text(Storable(key), Storable(value));
    }
  }
  json.EndObject();
  return out;
}

// What the components of one content are: once each, with the bottommost layer that brought it.
std::vector<StoredUse> UsesOf(const model::Inventory& inventory, const std::vector<int64_t>& ids,
                              int32_t base_layers) {
  std::vector<StoredUse> uses;
  uses.reserve(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    const int32_t layer = inventory.components[i].layer;
    uses.push_back({ids[i], layer, layer >= 0 && layer < base_layers});
  }
  std::sort(uses.begin(), uses.end(), [](const StoredUse& a, const StoredUse& b) {
    return std::pair(a.component, a.layer) < std::pair(b.component, b.layer);
  });
  uses.erase(std::unique(
                 uses.begin(), uses.end(),
                 [](const StoredUse& a, const StoredUse& b) { return a.component == b.component; }),
             uses.end());
  return uses;
}

// `alias` is another digest of `content`. A row that was made for it when it was first heard of
// gives way.
base::Result<void> AliasContent(Change& change, std::string_view alias, int64_t content) {
  SCANTLING_DO(MoveClaims(change, alias, content));
  const store::Value values[] = {alias, content, change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO digests (digest, content, changed) VALUES ($1, $2, $3) "
                   "ON CONFLICT (digest) DO UPDATE SET content = excluded.content, "
                   "changed = excluded.changed WHERE digests.content <> excluded.content",
                   values));
  SCANTLING_DO(Run(change,
                   "UPDATE names SET content = $2, changed = $3 WHERE content = (SELECT id FROM "
                   "contents WHERE digest = $1 AND id <> $2 AND scanned = 0)",
                   values));
  SCANTLING_DO(Run(change,
                   "UPDATE contents SET state = 'alias', changed = $3 "
                   "WHERE digest = $1 AND id <> $2 AND scanned = 0",
                   values));
  return {};
}

base::Result<int64_t> FindContent(store::Connection& connection, std::string_view digest) {
  int64_t id = 0;
  const store::Value value = digest;
  const auto take = [&](const store::Row& row) -> base::Result<void> {
    id = row.Int(0);
    return {};
  };
  SCANTLING_DO(
      connection.Query("SELECT content FROM digests WHERE digest = $1", {&value, 1}, take));
  if (id == 0) {
    SCANTLING_DO(connection.Query("SELECT id FROM contents WHERE digest = $1", {&value, 1}, take));
  }
  return id;
}

}  // namespace

std::string PackUses(const std::vector<StoredUse>& uses) {
  std::string out;
  const auto put = [&](uint64_t value) {
    while (value >= 128) {
      out += static_cast<char>(value | 128);
      value >>= 7;
    }
    out += static_cast<char>(value);
  };
  int64_t last = 0;
  for (const StoredUse& use : uses) {
    put(static_cast<uint64_t>(use.component - last));
    put(static_cast<uint64_t>(std::clamp(use.layer, -1, 30'000) + 1) * 2 + (use.base ? 1 : 0));
    last = use.component;
  }
  return out;
}

base::Result<std::vector<StoredUse>> UnpackUses(base::Bytes packed) {
  std::vector<StoredUse> out;
  size_t at = 0;
  const auto get = [&](uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 63 && at < packed.size(); shift += 7) {
      const auto byte = static_cast<uint64_t>(packed[at++]);
      value |= (byte & 127) << shift;
      if (byte < 128) {
        return true;
      }
    }
    return false;
  };
  int64_t last = 0;
  while (at < packed.size()) {
    uint64_t step = 0;
    uint64_t place = 0;
    if (!get(step) || !get(place) || step > (uint64_t{1} << 40) || place / 2 > 30'001) {
      return base::Invalid("the stored components of an image are damaged");
    }
    last += static_cast<int64_t>(step);
    out.push_back({last, static_cast<int32_t>(place / 2) - 1, place % 2 == 1});
  }
  return out;
}

bool SplitReference(std::string_view reference, std::string& repository, std::string& tag) {
  reference = reference.substr(0, reference.find('@'));
  const size_t slash = reference.rfind('/');
  const size_t colon = reference.rfind(':');
  const bool tagged =
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  repository = reference.substr(0, tagged ? colon : reference.size());
  tag = tagged ? reference.substr(colon + 1) : std::string_view();
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '/' || c == ':' || c == '[' || c == ']';
  };
  return !repository.empty() && repository.size() <= 512 && tag.size() <= 128 &&
         std::all_of(repository.begin(), repository.end(), plain) &&
         std::all_of(tag.begin(), tag.end(), plain);
}

base::Result<model::Report> ReadInventoryDocument(std::string_view text, const std::string& name) {
  if (report::LooksLikeSbom(text)) {
    model::Report out;
    SCANTLING_TRY(out.inventory, report::ReadSbom(text, name));
    return out;
  }
  return report::FromJson(text).With(name);
}

base::Result<int64_t> ContentOf(Change& change, std::string_view digest) {
  if (!IsDigest(digest)) {
    return 0;
  }
  SCANTLING_TRY(int64_t id, FindContent(change.connection, digest));
  if (id != 0) {
    return id;
  }
  SCANTLING_TRY(id, change.connection.NextIds("content"));
  const store::Value values[] = {id, digest, change.now, change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO contents (id, digest, state, detail, state_since, scanned, "
                   "first_seen, created, platform, distro, size_bytes, layers, base_layers, "
                   "base_name, base_digest, labels, skipped, components, changed) "
                   "VALUES ($1, $2, 'never', '', $3, 0, $3, 0, '', '', 0, 0, -1, '', '', '{}', 0, "
                   "NULL, $4)",
                   values));
  return id;
}

base::Result<void> JoinDigests(Change& change, std::string_view digest, std::string_view other) {
  if (!IsDigest(digest) || !IsDigest(other) || digest == other) {
    return {};
  }
  SCANTLING_TRY(const int64_t here, ContentOf(change, digest));
  SCANTLING_TRY(const int64_t there, FindContent(change.connection, other));
  if (there == here) {
    return {};
  }
  bool scanned = false;
  const store::Value value = here;
  SCANTLING_DO(change.connection.Query("SELECT scanned FROM contents WHERE id = $1", {&value, 1},
                                       [&](const store::Row& row) -> base::Result<void> {
                                         scanned = row.Int(0) != 0;
                                         return {};
                                       }));
  // The one that was scanned stays.
  return scanned || there == 0 ? AliasContent(change, other, here)
                               : AliasContent(change, digest, there);
}

base::Result<bool> NameContent(Change& change, std::string_view reference, int64_t content,
                               Millis at) {
  std::string repository;
  std::string tag;
  if (!SplitReference(reference, repository, tag)) {
    return false;
  }
  SCANTLING_DO(NoteRepository(change, content, repository));
  // The edges of this name around `at`.
  Millis before_since = 0;
  int64_t before = 0;
  Millis next_since = 0;
  const store::Value name[] = {std::string_view(repository), std::string_view(tag)};
  SCANTLING_DO(change.connection.Query(
      "SELECT since, content FROM names WHERE repository = $1 AND tag = $2 ORDER BY since", name,
      [&](const store::Row& row) -> base::Result<void> {
        if (row.Int(0) <= at) {
          before_since = row.Int(0);
          before = row.Int(1);
        } else if (next_since == 0) {
          next_since = row.Int(0);
        }
        return {};
      }));
  if (before == content) {
    return true;
  }
  if (before != 0) {
    const store::Value end[] = {std::string_view(repository), std::string_view(tag), before_since,
                                at, change.number};
    SCANTLING_DO(Run(change,
                     "UPDATE names SET until = $4, changed = $5 WHERE "
                     "repository = $1 AND tag = $2 AND since = $3",
                     end));
  }
  const store::Value edge[] = {
      std::string_view(repository), std::string_view(tag), content, at, next_since, change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO names (repository, tag, content, since, until, changed) "
                   "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (repository, tag, since) "
                   "DO UPDATE SET content = excluded.content, until = excluded.until, "
                   "changed = excluded.changed",
                   edge));
  return true;
}

base::Result<Stored> StoreInventory(Change& change, const Submission& submission,
                                    const advisory::Database& database) {
  const model::Image& image = submission.report.inventory.image;
  Stored out;
  out.components = submission.report.inventory.components.size();
  out.digest = submission.digest;
  if (out.digest.empty()) {
    out.digest = !image.digest.empty() ? image.digest : image.config_digest;
  }
  if (!submission.digest.empty() && !IsDigest(submission.digest)) {
    return base::Invalid("\"digest\" must be the image's, sha256: and 64 hex digits");
  }
  if (!IsDigest(out.digest)) {
    return base::Invalid(
        "nothing says which image this is an inventory of: the document has no digest of a "
        "manifest or configuration; give it as \"digest\" (sha256:...)");
  }
  if (!submission.digest.empty() && !image.digest.empty() && image.digest != submission.digest) {
    return base::Invalid("the document is about " + image.digest + ", and \"digest\" says " +
                         submission.digest);
  }
  const Millis at = NotAhead(submission.at, change.now);
  SCANTLING_DO(CheckTeller(change, {out.digest, image.digest, image.config_digest}));
  SCANTLING_TRY(out.content, ContentOf(change, out.digest));
  SCANTLING_DO(NoteTold(change, out.content));
  const store::Value earlier[] = {out.content, at, change.number};
  SCANTLING_DO(Run(change,
                   "UPDATE contents SET first_seen = $2, changed = $3 "
                   "WHERE id = $1 AND first_seen > $2",
                   earlier));
  for (const std::string& other : {image.digest, image.config_digest}) {
    if (!other.empty() && other != out.digest && IsDigest(other)) {
      SCANTLING_DO(AliasContent(change, other, out.content));
    }
  }
  std::vector<std::string> names = submission.names;
  if (!image.reference.empty()) {
    names.push_back(image.reference);
  }
  for (const std::string& name : names) {
    SCANTLING_TRY(const bool named, NameContent(change, name, out.content, at));
    if (!named && name != image.reference) {
      return base::Invalid("\"" + name + "\" is no image name");
    }
  }
  Event event;
  event.kind = "image_scanned";
  event.id = "scan:" + out.digest + ":" + submission.document;
  event.at = at;
  event.subject = out.digest;
  event.body.clear();
  codec::JsonWriter json(&event.body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("via", submission.via);
  json.Texts("names", names);
  json.Uint("components", out.components);
  json.Uint("skipped", submission.report.inventory.coverage.skipped.size());
  json.EndObject();
  SCANTLING_TRY(out.fresh, Append(change, event));
  if (!out.fresh) {
    return out;
  }
  // An inventory that was scanned later is known already.
  Millis scanned = 0;
  std::string labels_before;
  const store::Value id = out.content;
  SCANTLING_DO(change.connection.Query("SELECT scanned, labels FROM contents WHERE id = $1",
                                       {&id, 1}, [&](const store::Row& row) -> base::Result<void> {
                                         scanned = row.Int(0);
                                         labels_before = row.Text(1);
                                         return {};
                                       }));
  if (scanned > at) {
    return out;
  }
  model::Report kept;
  kept.inventory = submission.report.inventory;
  kept.base_layers = submission.report.base_layers;
  kept.base_name = submission.report.base_name;
  kept.base_known_by = submission.report.base_known_by;
  if (kept.base_layers < 0 && !kept.inventory.image.layers.empty()) {
    SCANTLING_DO(rank::RankFindings(kept, {}));
  }
  SCANTLING_TRY(const VersionIds versions, StoreVersions(change, kept.inventory));
  out.new_components = versions.fresh.size();
  SCANTLING_TRY(const Judged judged, JudgeVersions(change, versions.fresh, database));
  out.new_matches = judged.opened;
  const std::string packed =
      PackUses(UsesOf(kept.inventory, versions.ids, std::max(kept.base_layers, 0)));
  const std::string labels = LabelsOf(image);
  SCANTLING_DO(NoteLabels(change, out.content, labels != labels_before));
  int64_t size = 0;
  for (const model::Layer& layer : image.layers) {
    size += static_cast<int64_t>(layer.size_bytes);
  }
  const std::string platform = Storable(image.platform);
  const std::string base_name = Storable(kept.base_name);
  const std::string distro = image.distro.id.empty()
                                 ? std::string()
                                 : Storable(image.distro.id + ":" + image.distro.version_id);
  const auto annotation = image.annotations.find("org.opencontainers.image.base.digest");
  const std::string base_digest =
      annotation == image.annotations.end() ? std::string() : Storable(annotation->second);
  const bool empty = kept.inventory.components.empty();
  const store::Value values[] = {out.content,
                                 std::string_view(empty ? kStateUnsupported : kStateOk),
                                 std::string_view(empty ? "no package was found in it" : ""),
                                 change.now,
                                 at,
                                 ParseMillis(image.created).value_or(0),
                                 std::string_view(platform),
                                 std::string_view(distro),
                                 size,
                                 static_cast<int64_t>(image.layers.size()),
                                 static_cast<int64_t>(kept.base_layers),
                                 std::string_view(base_name),
                                 std::string_view(base_digest),
                                 std::string_view(labels),
                                 static_cast<int64_t>(kept.inventory.coverage.skipped.size()),
                                 base::AsBytes(packed),
                                 change.number};
  SCANTLING_TRY(const uint64_t rows,
                change.connection.Execute(
                    "UPDATE contents SET state = $2, detail = $3, state_since = $4, scanned = $5, "
                    "created = $6, platform = $7, distro = $8, size_bytes = $9, layers = $10, "
                    "base_layers = $11, base_name = $12, "
                    "base_digest = CASE WHEN $13 = '' THEN base_digest ELSE $13 END, labels = $14, "
                    "skipped = $15, components = $16, changed = $17 WHERE id = $1",
                    values));
  SCANTLING_ASSERT(rows == 1);
  const std::string document =
      codec::Compress(codec::Compression::kZstd, base::AsBytes(report::ToJson(kept)), 3);
  const store::Value whole[] = {out.content, base::AsBytes(document)};
  SCANTLING_DO(Run(change,
                   "INSERT INTO inventories (content, document) VALUES ($1, $2) "
                   "ON CONFLICT (content) DO UPDATE SET document = excluded.document",
                   whole));
  return out;
}

base::Result<model::Report> ReadInventory(store::Connection& connection, int64_t content) {
  std::string document;
  bool found = false;
  const store::Value value = content;
  SCANTLING_DO(connection.Query("SELECT document FROM inventories WHERE content = $1", {&value, 1},
                                [&](const store::Row& row) -> base::Result<void> {
                                  SCANTLING_TRY(document,
                                                codec::Decompress(codec::Compression::kZstd,
                                                                  row.Blob(0), kMaxDocument));
                                  found = true;
                                  return {};
                                }));
  if (!found) {
    return base::NotFound("there is no inventory of this image: it was never scanned");
  }
  return report::FromJson(document);
}

}  // namespace scantling::program
