// InventoryToCycloneDx: a CycloneDX 1.6 JSON document (https://cyclonedx.org/docs/1.6/json/) of
// what is installed.
//
// Deterministic: no serial number and no timestamp but the image's own date of creation. Evidence,
// owner, layers and paths are properties "scantling:*". "dependencies" holds what OS package
// databases and node's chains say; a component that is not listed there has dependencies that
// nobody knows. Not written: hashes, licences, vulnerabilities.
#include "base/strings.h"
#include "base/time.h"
#include "report/json_parts.h"
#include "report/report.h"

#include <map>
#include <set>

namespace scantling::report {
namespace {

using codec::JsonWriter;

void PutProperty(JsonWriter& out, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    out.BeginObject();
    PutText(out, "name", "scantling:" + std::string(name));
    PutText(out, "value", value);
    out.EndObject();
  }
}

std::string RootRef(const model::Image& image) {
  for (const std::string* text : {&image.digest, &image.config_digest, &image.reference}) {
    if (!text->empty()) {
      return "image:" + *text;
    }
  }
  return "image";
}

void PutMetadata(JsonWriter& out, const model::Inventory& inventory) {
  const model::Image& image = inventory.image;
  out.Key("metadata");
  out.BeginObject();
  if (const auto created = base::ParseTime(image.created)) {
    PutText(out, "timestamp", base::FormatTime(*created));
  }
  out.Key("tools");
  out.BeginObject();
  out.Key("components");
  out.BeginArray();
  out.BeginObject();
  PutText(out, "type", "application");
  PutText(out, "name", "scantling");
  PutText(out, "version", SCANTLING_VERSION);
  out.EndObject();
  out.EndArray();
  out.EndObject();
  out.Key("component");
  out.BeginObject();
  PutText(out, "type", "container");
  PutText(out, "bom-ref", RootRef(image));
  PutText(out, "name", image.reference.empty() ? image.source : image.reference);
  if (!image.digest.empty()) {
    PutText(out, "version", image.digest);
  }
  out.Key("properties");
  out.BeginArray();
  PutProperty(out, "image:source", image.source);
  PutProperty(out, "image:config_digest", image.config_digest);
  PutProperty(out, "image:platform", image.platform);
  for (const model::Layer& layer : image.layers) {
    const std::string name = "image:layer:" + std::to_string(layer.index);
    PutProperty(out, name + ":digest", layer.digest);
    PutProperty(out, name + ":diff_id", layer.diff_id);
  }
  out.EndArray();
  out.EndObject();
  out.EndObject();
}

// CycloneDX has the namespace of a name apart: "group".
void PutName(JsonWriter& out, const model::Component& component) {
  const std::string& name = component.name;
  size_t at = std::string::npos;
  if (component.type == version::Ecosystem::kMaven) {
    at = name.find(':');
  } else if (component.type == version::Ecosystem::kNpm && name.starts_with("@")) {
    at = name.find('/');
  }
  if (at != std::string::npos && at != 0) {
    PutText(out, "group", std::string_view(name).substr(0, at));
    PutText(out, "name", std::string_view(name).substr(at + 1));
  } else {
    PutText(out, "name", name);
  }
}

void PutComponent(JsonWriter& out, const model::Component& component) {
  out.BeginObject();
  PutText(out, "type", "library");
  PutText(out, "bom-ref", component.ref);
  PutName(out, component);
  if (!component.version.empty()) {
    PutText(out, "version", component.version);
  }
  if (!component.purl.empty()) {
    PutText(out, "purl", component.purl);
  }
  out.Key("properties");
  out.BeginArray();
  PutProperty(out, "evidence", model::ToString(component.evidence));
  PutProperty(out, "role", model::ToString(component.role));
  PutProperty(out, "distro", component.distro);
  PutProperty(out, "source:name", component.source_name);
  PutProperty(out, "source:version", component.source_version);
  PutProperty(out, "owner", component.owner);
  PutProperty(out, "layer", component.layer < 0 ? "" : std::to_string(component.layer));
  for (size_t i = 0; i < component.locations.size(); ++i) {
    const model::Location& location = component.locations[i];
    const std::string name = "location:" + std::to_string(i);
    PutProperty(out, name + ":path", location.path);
    PutProperty(out, name + ":layer", location.layer < 0 ? "" : std::to_string(location.layer));
  }
  out.EndArray();
  out.EndObject();
}

bool IsOsPackage(version::Ecosystem type) {
  return type == version::Ecosystem::kDeb || type == version::Ecosystem::kApk ||
         type == version::Ecosystem::kRpm;
}

// Who needs whom, by ref: OS packages by the names that they depend on, node's packages by the last
// link of their chain.
std::map<std::string_view, std::set<std::string_view>> Dependencies(
    const model::Inventory& inventory) {
  std::map<std::pair<version::Ecosystem, std::string_view>, std::string_view> by_name;
  std::map<std::pair<version::Ecosystem, std::string>, std::string_view> by_version;
  for (const model::Component& component : inventory.components) {
    by_name.emplace(std::pair(component.type, std::string_view(component.name)), component.ref);
    by_version.emplace(std::pair(component.type, component.name + "@" + component.version),
                       component.ref);
  }
  std::map<std::string_view, std::set<std::string_view>> out;
  for (const model::Component& component : inventory.components) {
    if (IsOsPackage(component.type)) {
      auto& needs = out[component.ref];
      for (const std::string& name : component.depends) {
        const auto found = by_name.find(std::pair(component.type, std::string_view(name)));
        if (found != by_name.end() && found->second != component.ref) {
          needs.insert(found->second);
        }
      }
    } else if (!component.via.empty()) {
      const auto found = by_version.find(std::pair(component.type, component.via.back()));
      if (found != by_version.end() && found->second != component.ref) {
        out[found->second].insert(component.ref);
      }
    }
  }
  return out;
}

}  // namespace

std::string InventoryToCycloneDx(const model::Inventory& inventory) {
  std::string text;
  text.reserve(4096 + inventory.components.size() * 1000);
  JsonWriter out(&text);
  out.BeginObject();
  PutText(out, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
  PutText(out, "bomFormat", "CycloneDX");
  PutText(out, "specVersion", "1.6");
  out.Int("version", 1);
  PutMetadata(out, inventory);
  out.Key("components");
  out.BeginArray();
  if (!inventory.image.distro.id.empty()) {
    const model::Distro& distro = inventory.image.distro;
    out.BeginObject();
    PutText(out, "type", "operating-system");
    PutText(out, "bom-ref", "os:" + distro.id + "@" + distro.version_id);
    PutText(out, "name", distro.id);
    if (!distro.version_id.empty()) {
      PutText(out, "version", distro.version_id);
    }
    if (!distro.pretty_name.empty()) {
      PutText(out, "description", distro.pretty_name);
    }
    out.EndObject();
  }
  for (const model::Component& component : inventory.components) {
    PutComponent(out, component);
  }
  out.EndArray();
  out.Key("dependencies");
  out.BeginArray();
  for (const auto& [ref, needs] : Dependencies(inventory)) {
    out.BeginObject();
    PutText(out, "ref", ref);
    out.Key("dependsOn");
    out.BeginArray();
    for (const std::string_view need : needs) {
      out.Text(base::ToUtf8(need));
    }
    out.EndArray();
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  return text;
}

}  // namespace scantling::report
