#include "program/components.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "match/target.h"
#include "program/text.h"

#include <algorithm>
#include <span>
#include <unordered_map>

namespace scantling::program {
namespace {

using model::Component;

// What a verdict depends on, beside the owner. Written to the row, read back for matching.
std::string BodyOf(const Component& component) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      json.Text(key, base::ToUtf8(value));
    }
  };
  json.Int("t", static_cast<int64_t>(component.type));
  text("n", component.name);
  text("v", component.version);
  text("p", component.purl);
  text("sn", component.source_name);
  text("sv", component.source_version);
  text("a", component.architecture);
  text("d", component.distro);
  text("m", component.module);
  text("ve", component.vendor);
  text("mm", component.main_module);
  json.Int("e", static_cast<int64_t>(component.evidence));
  json.EndObject();
  return out;
}

base::Result<Component> FromBody(codec::Json& parser, std::string_view body) {
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(body));
  Component out;
  const int64_t type = root["t"].Int().value_or(-1);
  if (type < 0 || type >= static_cast<int64_t>(version::kAllEcosystems.size())) {
    return base::Invalid(
        "a component of a type that this program does not know; it is too old for the store");
  }
  out.type = static_cast<version::Ecosystem>(type);
  out.name = root["n"].Text();
  out.version = root["v"].Text();
  out.purl = root["p"].Text();
  out.source_name = root["sn"].Text();
  out.source_version = root["sv"].Text();
  out.architecture = root["a"].Text();
  out.distro = root["d"].Text();
  out.module = root["m"].Text();
  out.vendor = root["ve"].Text();
  out.main_module = root["mm"].Text();
  out.evidence = static_cast<model::Evidence>(std::clamp<int64_t>(
      root["e"].Int().value_or(0), 0, static_cast<int64_t>(model::Evidence::kGoBuildInfo)));
  return out;
}

std::string KeyOf(std::string_view body, std::string_view owner_key) {
  base::Sha256 hash;
  hash.Update(base::AsBytes(body));
  hash.Update(base::AsBytes(owner_key));
  return hash.Finish().Hex().substr(0, 32);
}

}  // namespace

base::Result<VersionIds> StoreVersions(Change& change, const model::Inventory& inventory) {
  const auto& components = inventory.components;
  std::vector<std::string> bodies(components.size());
  std::vector<std::string> keys(components.size());
  std::unordered_map<std::string_view, size_t> by_ref;
  for (size_t i = 0; i < components.size(); ++i) {
    by_ref.emplace(components[i].ref, i);
    bodies[i] = BodyOf(components[i]);
    if (components[i].owner.empty()) {
      keys[i] = KeyOf(bodies[i], {});
    }
  }
  for (size_t i = 0; i < components.size(); ++i) {
    if (keys[i].empty()) {  // owners are OS packages, which have no owner themselves
      const auto owner = by_ref.find(components[i].owner);
      const bool known = owner != by_ref.end() && components[owner->second].owner.empty();
      keys[i] =
          KeyOf(bodies[i], known ? std::string_view(keys[owner->second]) : std::string_view());
    }
  }
  std::unordered_map<std::string_view, int64_t> ids;
  std::vector<std::string_view> wanted;
  for (const std::string& key : keys) {
    if (ids.emplace(key, 0).second) {
      wanted.push_back(key);
    }
  }
  const std::string array = JsonArray(wanted);
  const store::Value value = std::string_view(array);
  const std::string sql =
      "SELECT key, id FROM components WHERE " + InJsonArray(change.connection.dialect(), "key");
  SCANTLING_DO(
      change.connection.Query(sql, {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
        ids[row.Text(0)] = row.Int(1);
        return {};
      }));
  VersionIds out;
  std::vector<size_t> missing;  // owners first, then in the order of the inventory
  for (const bool owned : {false, true}) {
    for (size_t i = 0; i < components.size(); ++i) {
      if (components[i].owner.empty() != owned && ids[keys[i]] == 0) {
        ids[keys[i]] = -1;  // once
        missing.push_back(i);
      }
    }
  }
  if (!missing.empty()) {
    SCANTLING_TRY(int64_t next,
                  change.connection.NextIds("component", static_cast<int64_t>(missing.size())));
    std::vector<store::Value> values;
    std::vector<std::string> purls(missing.size());
    std::vector<std::string> texts(missing.size() * 3);
    for (size_t at = 0; at < missing.size(); ++at) {
      const Component& component = components[missing[at]];
      ids[keys[missing[at]]] = next;
      out.fresh.push_back(next);
      int64_t owner = 0;
      if (!component.owner.empty()) {
        const auto found = by_ref.find(component.owner);
        if (found != by_ref.end() && components[found->second].owner.empty()) {
          owner = ids[keys[found->second]];
        }
      }
      texts[at * 3] = Storable(component.name);
      texts[at * 3 + 1] = Storable(component.version);
      texts[at * 3 + 2] = Storable(component.purl);
      const match::Target target = match::TargetOf(component);
      const store::Value row[] = {
          next++,
          std::string_view(keys[missing[at]]),
          owner,
          version::PurlType(component.type),
          std::string_view(texts[at * 3]),
          std::string_view(texts[at * 3 + 1]),
          std::string_view(texts[at * 3 + 2]),
          target.skip == match::Skip::kNone ? target.name_space : std::string_view(),
          std::string_view(bodies[missing[at]]),
          change.number};
      values.insert(values.end(), std::begin(row), std::end(row));
    }
    SCANTLING_DO(change.connection.ExecuteMany(
        "INSERT INTO components (id, key, owner, type, name, version, purl, name_space, body, "
        "changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        10, values));
  }
  out.ids.reserve(components.size());
  for (const std::string& key : keys) {
    out.ids.push_back(ids[key]);
  }
  return out;
}

base::Result<model::Inventory> ReadVersions(store::Connection& connection,
                                            const std::vector<int64_t>& ids) {
  model::Inventory out;
  std::vector<int64_t> owners;
  codec::Json parser;
  const auto add = [&](const store::Row& row) -> base::Result<void> {
    SCANTLING_TRY(Component component, FromBody(parser, row.Text(2)));
    component.ref = "c" + std::to_string(row.Int(0));
    if (row.Int(1) != 0) {
      component.owner = "c" + std::to_string(row.Int(1));
      owners.push_back(row.Int(1));
    }
    out.components.push_back(std::move(component));
    return {};
  };
  if (ids.empty()) {
    SCANTLING_DO(connection.Query("SELECT id, owner, body FROM components ORDER BY id", {}, add));
    return out;
  }
  const auto read = [&](int64_t id) {
    const store::Value value = id;
    return connection.Query("SELECT id, owner, body FROM components WHERE id = $1", {&value, 1},
                            add);
  };
  for (const int64_t id : ids) {
    SCANTLING_DO(read(id));
  }
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  std::vector<int64_t> sorted = ids;
  std::sort(sorted.begin(), sorted.end());
  for (const int64_t owner : std::vector<int64_t>(owners)) {
    if (!std::binary_search(sorted.begin(), sorted.end(), owner)) {
      SCANTLING_DO(read(owner));
    }
  }
  return out;
}

int64_t IdOfRef(std::string_view ref) {
  return ref.starts_with("c") ? base::ParseNumber<int64_t>(ref.substr(1)).value_or(0) : 0;
}

}  // namespace scantling::program
