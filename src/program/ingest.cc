#include "program/ingest.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/compress.h"
#include "codec/json.h"
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
#include <tuple>

namespace scantling::program {
namespace {

constexpr uint64_t kMaxDocument = uint64_t{256} << 20;
constexpr size_t kMaxLabels = 256;
constexpr size_t kMaxDetail = 2000;
constexpr size_t kKeySize = 16;
constexpr int64_t kMaxOwnScans = 300;  // states that are kept of an image
constexpr std::string_view kInventoryTold = "image_scanned";
constexpr size_t kMaxTold = 50;
constexpr Millis kFuture = 300'000;
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

// The id of the event that tells of an inventory, and what sets two of one moment apart.
std::string IdOf(std::string_view digest, std::string_view document) {
  return "scan:" + std::string(digest) + ":" + std::string(document);
}
std::string InventoryKey(std::string_view document) {
  return base::Sha256Of(base::AsBytes(document)).Hex().substr(0, kKeySize);
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

// The state now, out of all that were told.
base::Result<void> LastState(Change& change, int64_t content) {
  ToldState last;
  std::array<std::string, 3> texts;
  bool told = false;
  const store::Value value = content;
  SCANTLING_DO(change.connection.Query(
      "SELECT at, key, state, detail FROM scan_states WHERE content = $1 "
      "ORDER BY at DESC, key DESC LIMIT 1",
      {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
        texts = {std::string(row.Text(1)), std::string(row.Text(2)), std::string(row.Text(3))};
        last = {texts[1], texts[2], row.Int(0), texts[0]};
        told = true;
        return {};
      }));
  return told ? TellScanState(change, content, last) : base::Result<void>();
}

struct Sighting {
  std::string_view digest;
  DigestBy by = DigestBy::kTold;
  Millis at = 0;
};
base::Result<void> SeenAs(Change& change, int64_t content, const Sighting& sighting) {
  const store::Value values[] = {content, sighting.digest, static_cast<int64_t>(sighting.by),
                                 sighting.at, change.number};
  const std::string better = "(shown_by < $3 OR (shown_by = $3 AND shown < $2))";
  return Run(change,
             "UPDATE contents SET first_seen = CASE WHEN first_seen > $4 THEN $4 ELSE first_seen "
             "END, shown = CASE WHEN " +
                 better + " THEN $2 ELSE shown END, shown_by = CASE WHEN " + better +
                 " THEN $3 ELSE shown_by END, changed = $5 WHERE id = $1 AND (first_seen > $4 OR " +
                 better + ")",
             values);
}

// The later of two inventories of one image; `old` has none afterwards.
base::Result<void> MoveInventory(Change& change, int64_t old, int64_t content) {
  const std::string none = PackUses({});  // what is folded already has to hear of it
  const store::Value values[] = {old, content, change.number, base::AsBytes(none)};
  const std::span<const store::Value> all(values);
  SCANTLING_TRY(
      const uint64_t later,
      change.connection.Execute(
          "UPDATE contents SET (scanned, inventory_key, created, platform, distro, size_bytes, "
          "layers, base_layers, base_name, labels, skipped, components) = (SELECT scanned, "
          "inventory_key, created, platform, distro, size_bytes, layers, base_layers, base_name, "
          "labels, skipped, components FROM contents WHERE id = $1), changed = $3 WHERE id = $2 "
          "AND EXISTS (SELECT 1 FROM contents AS was WHERE was.id = $1 AND (was.scanned > "
          "contents.scanned OR (was.scanned = contents.scanned AND was.inventory_key > "
          "contents.inventory_key)))",
          all.first(3)));
  if (later > 0) {
    SCANTLING_DO(Run(change,
                     "INSERT INTO inventories (content, document) SELECT $2, document FROM "
                     "inventories WHERE content = $1 "
                     "ON CONFLICT (content) DO UPDATE SET document = excluded.document",
                     all.first(2)));
  }
  SCANTLING_DO(Run(change, "DELETE FROM inventories WHERE content = $1", all.first(1)));
  const store::Value empty[] = {old, change.number, base::AsBytes(none)};
  return Run(change, "UPDATE contents SET scanned = 0, components = $3, changed = $2 WHERE id = $1",
             empty);
}

// Both are rows of one image: what was told of `old` was told of `content`.
base::Result<void> GiveWay(Change& change, int64_t old, int64_t content) {
  std::string base;
  BaseBy by = BaseBy::kBuild;
  Millis base_at = 0;
  std::string shown;
  Sighting seen;
  bool scanned = false;
  const store::Value values[] = {old, content, change.number};
  SCANTLING_DO(change.connection.Query(
      "SELECT base_digest, base_by, base_at, first_seen, shown, shown_by, scanned FROM contents "
      "WHERE id = $1",
      {values, 1}, [&](const store::Row& row) -> base::Result<void> {
        base = row.Text(0);
        by = static_cast<BaseBy>(row.Int(1));
        base_at = row.Int(2);
        shown = row.Text(4);
        seen = {shown, static_cast<DigestBy>(row.Int(5)), row.Int(3)};
        scanned = row.Int(6) != 0;
        return {};
      }));
  for (const std::string_view sql :
       {"UPDATE names SET content = $2, changed = $3 WHERE content = $1",
        "UPDATE digests SET content = $2, changed = $3 WHERE content = $1",
        "INSERT INTO digests (digest, content, changed) SELECT digest, $2, $3 FROM contents "
        "WHERE id = $1 ON CONFLICT (digest) DO NOTHING",
        "INSERT INTO scan_states (content, at, key, state, detail, changed) "
        "SELECT $2, at, key, state, detail, $3 FROM scan_states WHERE content = $1 "
        "ON CONFLICT (content, at, key) DO NOTHING"}) {
    SCANTLING_DO(Run(change, sql, values));
  }
  if (scanned) {
    SCANTLING_DO(MoveInventory(change, old, content));
  }
  SCANTLING_DO(SeenAs(change, content, seen));
  const store::Value gone[] = {old, change.number};
  SCANTLING_DO(
      Run(change, "UPDATE contents SET state = 'alias', changed = $2 WHERE id = $1", gone));
  if (!base.empty()) {
    SCANTLING_DO(SetBase(change, content, base, by, base_at));
  }
  return LastState(change, content);
}

// `alias` is another digest of `content`. What stood for it gives way: a row that was made when it
// was first heard of, and, of a `configuration`, one with the inventory that was told under it. Of
// two images that have it the one with the greater digest is meant.
enum class Alias : uint8_t { kConfiguration, kOther };
base::Result<void> AliasContent(Change& change, std::string_view alias, int64_t content,
                                Alias kind) {
  int64_t old = 0;
  bool gives_way = false;
  SCANTLING_TRY(old, FindContent(change.connection, alias));
  const store::Value which = old;
  SCANTLING_DO(change.connection.Query(
      "SELECT scanned, digest FROM contents WHERE id = $1", {&which, 1},
      [&](const store::Row& row) -> base::Result<void> {
        gives_way = row.Int(0) == 0 || (kind == Alias::kConfiguration && row.Text(1) == alias);
        return {};
      }));
  if (old != 0 && old != content && gives_way) {
    SCANTLING_DO(MoveClaims(change, old, content));
    SCANTLING_DO(GiveWay(change, old, content));
  }
  const store::Value values[] = {alias, content, change.number};
  return Run(change,
             "INSERT INTO digests (digest, content, changed) VALUES ($1, $2, $3) "
             "ON CONFLICT (digest) DO UPDATE SET content = excluded.content, "
             "changed = excluded.changed WHERE digests.content <> excluded.content AND "
             "(SELECT shown FROM contents WHERE id = digests.content) < "
             "(SELECT shown FROM contents WHERE id = excluded.content)",
             values);
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

base::Result<int64_t> ContentOf(Change& change, std::string_view digest, Millis at, DigestBy by) {
  if (!IsDigest(digest)) {
    return 0;
  }
  SCANTLING_TRY(int64_t id, FindContent(change.connection, digest));
  if (id != 0) {
    SCANTLING_DO(SeenAs(change, id, {digest, by, at}));
    return id;
  }
  SCANTLING_TRY(id, change.connection.NextIds("content"));
  const store::Value values[] = {id, digest, at, static_cast<int64_t>(by), change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO contents (id, digest, state, detail, state_since, scanned, "
                   "first_seen, created, platform, distro, size_bytes, layers, base_layers, "
                   "base_name, base_digest, labels, skipped, components, shown, shown_by, changed) "
                   "VALUES ($1, $2, 'never', '', 0, 0, $3, 0, '', '', 0, 0, -1, '', '', '{}', 0, "
                   "NULL, $2, $4, $5)",
                   values));
  return id;
}

base::Result<void> TellScanState(Change& change, int64_t content, const ToldState& told) {
  const std::string detail = Storable(told.detail.substr(0, kMaxDetail));
  const store::Value row[] = {content,      told.at, told.key, told.state, std::string_view(detail),
                              change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO scan_states (content, at, key, state, detail, changed) "
                   "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (content, at, key) DO UPDATE SET "
                   "state = excluded.state, detail = excluded.detail, changed = excluded.changed",
                   row));
  if (told.key == kOwnScan) {  // what fails every day has no end of them
    const store::Value old[] = {content, told.key, kMaxOwnScans};
    SCANTLING_DO(Run(change,
                     "DELETE FROM scan_states WHERE content = $1 AND key = $2 AND at < (SELECT at "
                     "FROM scan_states WHERE content = $1 AND key = $2 ORDER BY at DESC LIMIT 1 "
                     "OFFSET $3)",
                     old));
  }
  const store::Value last[] = {content,
                               told.at,
                               told.key,
                               told.state,
                               std::string_view(detail),
                               change.number,
                               change.now + kFuture};
  // A state of the future was told by a clock that was wrong, and gives way.
  return Run(change,
             "UPDATE contents SET state_since = $2, state_key = $3, state = $4, detail = $5, "
             "changed = $6 WHERE id = $1 AND state <> 'alias' AND (state_since < $2 OR "
             "(state_since = $2 AND state_key <= $3) OR state_since > $7)",
             last);
}

base::Result<void> SetBase(Change& change, int64_t content, std::string_view base_digest, BaseBy by,
                           Millis at) {
  const store::Value values[] = {content, base_digest, static_cast<int64_t>(by), at, change.number};
  return Run(change,
             "UPDATE contents SET base_digest = $2, base_by = $3, base_at = $4, changed = $5 "
             "WHERE id = $1 AND (base_by < $3 OR (base_by = $3 AND (base_at < $4 OR "
             "(base_at = $4 AND base_digest < $2))))",
             values);
}

base::Result<void> JoinDigests(Change& change, std::string_view digest, std::string_view other,
                               Millis at) {
  if (!IsDigest(digest) || !IsDigest(other) || digest == other) {
    return {};
  }
  SCANTLING_TRY(const int64_t here, ContentOf(change, digest, at));
  SCANTLING_TRY(const int64_t there, FindContent(change.connection, other));
  if (there == here) {
    return {};
  }
  bool scanned = false;
  bool known = false;  // an inventory of the other
  const store::Value values[] = {here, there};
  SCANTLING_DO(
      change.connection.Query("SELECT id FROM contents WHERE (id = $1 OR id = $2) AND scanned <> 0",
                              values, [&](const store::Row& row) -> base::Result<void> {
                                (row.Int(0) == here ? scanned : known) = true;
                                return {};
                              }));
  // The one that was scanned stays.
  return scanned || !known ? AliasContent(change, other, here, Alias::kOther)
                           : AliasContent(change, digest, there, Alias::kOther);
}

bool NamesImage(std::string_view reference) {
  return reference.find_first_of(":/") != std::string_view::npos;
}

base::Result<bool> NameContent(Change& change, std::string_view reference, int64_t content,
                               std::string_view digest, Millis at) {
  std::string repository;
  std::string tag;
  if (!SplitReference(reference, repository, tag)) {
    return false;
  }
  if (content != 0) {
    SCANTLING_DO(NoteRepository(change, content, repository));
  }
  const store::Value place[] = {std::string_view(repository), std::string_view(tag), at};
  // What was told last before, and from that what is told next.
  Millis before = -1;
  Millis next = 0;
  bool known = false;
  SCANTLING_DO(change.connection.Query(
      "SELECT since, until, digest FROM names WHERE repository = $1 AND tag = $2 AND since <= $3 "
      "ORDER BY since DESC LIMIT 1",
      place, [&](const store::Row& row) -> base::Result<void> {
        before = row.Int(0);
        next = row.Int(1);
        known = before == at && row.Text(2) >= digest;
        return {};
      }));
  if (known) {
    return true;
  }
  if (before < 0) {
    SCANTLING_DO(change.connection.Query(
        "SELECT since FROM names WHERE repository = $1 AND tag = $2 AND since > $3 "
        "ORDER BY since LIMIT 1",
        place, [&](const store::Row& row) -> base::Result<void> {
          next = row.Int(0);
          return {};
        }));
  } else if (before < at) {
    const store::Value end[] = {std::string_view(repository), std::string_view(tag), before, at,
                                change.number};
    SCANTLING_DO(Run(change,
                     "UPDATE names SET until = $4, changed = $5 WHERE "
                     "repository = $1 AND tag = $2 AND since = $3",
                     end));
  }
  const store::Value told[] = {std::string_view(repository),
                               std::string_view(tag),
                               content,
                               at,
                               next,
                               digest,
                               change.number};
  SCANTLING_DO(Run(change,
                   "INSERT INTO names (repository, tag, content, since, until, digest, changed) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (repository, tag, since) "
                   "DO UPDATE SET content = excluded.content, digest = excluded.digest, "
                   "changed = excluded.changed",
                   told));
  return true;
}

base::Result<bool> EndName(Change& change, std::string_view reference, Millis at) {
  return NameContent(change, reference, 0, "", at);
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
  SCANTLING_TRY(out.content, ContentOf(change, out.digest, at,
                                       out.digest == image.config_digest ? DigestBy::kConfiguration
                                                                         : DigestBy::kManifest));
  SCANTLING_DO(NoteTold(change, out.content));
  for (const std::string& other : {image.digest, image.config_digest}) {
    if (!other.empty() && other != out.digest && IsDigest(other)) {
      SCANTLING_DO(
          AliasContent(change, other, out.content,
                       other == image.config_digest ? Alias::kConfiguration : Alias::kOther));
    }
  }
  std::vector<std::string> names = submission.names;
  if (NamesImage(image.reference) &&
      std::find(names.begin(), names.end(), image.reference) == names.end()) {
    names.push_back(image.reference);
  }
  for (const std::string& name : names) {
    SCANTLING_TRY(const bool named, NameContent(change, name, out.content, out.digest, at));
    if (!named && name != image.reference) {
      return base::Invalid("\"" + name + "\" is no image name");
    }
  }
  Event event;
  event.kind = kInventoryTold;
  event.id = IdOf(out.digest, submission.document);
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
  const auto annotation = image.annotations.find("org.opencontainers.image.base.digest");
  if (annotation != image.annotations.end() && IsDigest(annotation->second)) {
    SCANTLING_DO(SetBase(change, out.content, annotation->second, BaseBy::kImage, at));
  }
  const bool empty = submission.report.inventory.components.empty();
  const std::string key = InventoryKey(submission.document);
  SCANTLING_DO(TellScanState(
      change, out.content,
      {empty ? kStateUnsupported : kStateOk, empty ? "no package was found in it" : "", at, key}));
  // An inventory that was scanned later is known already.
  bool older = false;
  std::string labels_before;
  const store::Value id = out.content;
  SCANTLING_DO(change.connection.Query(
      "SELECT scanned, inventory_key, labels FROM contents WHERE id = $1", {&id, 1},
      [&](const store::Row& row) -> base::Result<void> {
        older = std::pair(row.Int(0), row.Text(1)) > std::pair(at, std::string_view(key));
        labels_before = row.Text(2);
        return {};
      }));
  if (older) {
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
  const store::Value values[] = {out.content,
                                 at,
                                 ParseMillis(image.created).value_or(0),
                                 std::string_view(platform),
                                 std::string_view(distro),
                                 size,
                                 static_cast<int64_t>(image.layers.size()),
                                 static_cast<int64_t>(kept.base_layers),
                                 std::string_view(base_name),
                                 std::string_view(key),
                                 std::string_view(labels),
                                 static_cast<int64_t>(kept.inventory.coverage.skipped.size()),
                                 base::AsBytes(packed),
                                 change.number};
  SCANTLING_TRY(const uint64_t rows,
                change.connection.Execute(
                    "UPDATE contents SET scanned = $2, created = $3, platform = $4, distro = $5, "
                    "size_bytes = $6, layers = $7, base_layers = $8, base_name = $9, "
                    "inventory_key = $10, labels = $11, skipped = $12, components = $13, "
                    "changed = $14 WHERE id = $1",
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

base::Result<ToldOfImage> ToldOf(store::Connection& connection, int64_t content, Millis as_of) {
  struct Told {
    ToldInventory inventory;
    std::string key;
  };
  std::vector<Told> told;
  ToldOfImage out;
  const store::Value values[] = {content, as_of};
  // By subject: there are few events of one image, and no end of those of one kind.
  SCANTLING_DO(connection.Query(
      "SELECT kind, at, subject, body, id FROM events WHERE at <= $2 AND subject IN (SELECT digest "
      "FROM contents WHERE id = $1 UNION SELECT digest FROM digests WHERE content = $1)",
      values, [&](const store::Row& row) -> base::Result<void> {
        const std::string_view kind = row.Text(0);
        codec::Json parser;
        if (kind == kInventoryTold) {
          SCANTLING_TRY(const codec::JsonValue body, parser.Parse(row.Text(3)));
          const std::string_view id = row.Text(4);
          const size_t head = IdOf(row.Text(2), "").size();
          told.push_back({{row.Int(1), std::string(row.Text(2)), std::string(body["via"].Text()),
                           static_cast<uint64_t>(body["components"].Int().value_or(0))},
                          InventoryKey(id.substr(std::min(id.size(), head)))});
        } else if (kind == "image_built" || kind == "image_deployed") {
          SCANTLING_TRY(const codec::JsonValue body, parser.Parse(row.Text(3)));
          out.records.push_back(
              {row.Int(1), kind == "image_deployed", std::string(body["source"].Text()),
               std::string(body["commit"].Text()), std::string(body["environment"].Text()),
               std::string(body["workload"].Text()), std::string(body["url"].Text())});
        }
        return {};
      }));
  const auto newest = [](auto& all) {
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), kMaxTold)));
  };
  std::sort(out.records.begin(), out.records.end(), [](const ToldRecord& a, const ToldRecord& b) {
    return std::tie(a.at, a.deployment, a.commit, a.environment, a.workload, a.url, a.source) <
           std::tie(b.at, b.deployment, b.commit, b.environment, b.workload, b.url, b.source);
  });
  newest(out.records);
  // As StoreInventory has it: what was scanned earlier does not take the place of what is known.
  std::sort(told.begin(), told.end(), [](const Told& a, const Told& b) {
    return std::tie(a.inventory.at, a.key, a.inventory.digest) <
           std::tie(b.inventory.at, b.key, b.inventory.digest);
  });
  newest(told);
  for (Told& one : told) {
    out.inventories.push_back(std::move(one.inventory));
  }
  if (!out.inventories.empty()) {
    out.inventories.back().known = true;
  }
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
