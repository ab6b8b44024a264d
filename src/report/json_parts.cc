#include "report/json_parts.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace scantling::report {
namespace {

// Pairs and not members: a name comes from the image, and two may become one when they are made
// valid UTF-8.
void PutPairs(codec::JsonWriter& out, std::string_view key,
              const std::map<std::string, std::string>& pairs) {
  out.Key(key);
  out.BeginArray();
  for (const auto& [name, value] : pairs) {
    out.BeginObject();
    PutText(out, "name", name);
    PutText(out, "value", value);
    out.EndObject();
  }
  out.EndArray();
}

void PutLayer(codec::JsonWriter& out, const model::Layer& layer) {
  out.BeginObject();
  out.Int("index", layer.index);
  PutText(out, "digest", layer.digest);
  PutText(out, "diff_id", layer.diff_id);
  PutSize(out, "size_bytes", layer.size_bytes);
  PutText(out, "created_by", layer.created_by);
  PutText(out, "created", layer.created);
  out.Int("line", layer.line);
  out.EndObject();
}

void PutComponent(codec::JsonWriter& out, const model::Component& component) {
  out.BeginObject();
  PutText(out, "ref", component.ref);
  PutText(out, "purl", component.purl);
  PutText(out, "name", component.name);
  PutText(out, "version", component.version);
  PutText(out, "type", version::PurlType(component.type));
  out.Key("source");
  out.BeginObject();
  PutText(out, "name", component.source_name);
  PutText(out, "version", component.source_version);
  out.EndObject();
  PutText(out, "architecture", component.architecture);
  PutText(out, "distro", component.distro);
  PutText(out, "module", component.module);
  PutText(out, "vendor", component.vendor);
  out.Key("locations");
  out.BeginArray();
  for (const model::Location& location : component.locations) {
    out.BeginObject();
    PutText(out, "path", location.path);
    out.Int("layer", location.layer);
    out.EndObject();
  }
  out.EndArray();
  out.Int("layer", component.layer);
  out.Int("last_layer", component.last_layer);
  PutText(out, "owner", component.owner);
  PutText(out, "evidence", model::ToString(component.evidence));
  PutText(out, "role", model::ToString(component.role));
  out.Bool("essential", component.essential);
  PutTexts(out, "depends", component.depends);
  PutTexts(out, "via", component.via);
  PutText(out, "container", component.container);
  PutTexts(out, "licenses", component.licenses);
  PutText(out, "main_module", component.main_module);
  out.EndObject();
}

void PutConfig(codec::JsonWriter& out, const model::ImageConfig& config) {
  out.BeginObject();
  PutText(out, "user", config.user);
  PutTexts(out, "environment", config.environment);
  PutTexts(out, "ports", config.ports);
  PutTexts(out, "entrypoint", config.entrypoint);
  PutTexts(out, "command", config.command);
  PutText(out, "working_folder", config.working_folder);
  PutTexts(out, "volumes", config.volumes);
  PutPairs(out, "labels", config.labels);
  PutText(out, "stop_signal", config.stop_signal);
  PutTexts(out, "healthcheck", config.healthcheck);
  out.EndObject();
}

}  // namespace

void PutText(codec::JsonWriter& out, std::string_view key, std::string_view value) {
  out.AnyText(key, value);
}

void PutTexts(codec::JsonWriter& out, std::string_view key,
              const std::vector<std::string>& values) {
  out.Key(key);
  out.BeginArray();
  for (const std::string& value : values) {
    out.AnyText(value);
  }
  out.EndArray();
}

void PutSize(codec::JsonWriter& out, std::string_view key, uint64_t value) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  out.Uint(key, std::min(value, kMost));
}

std::string_view ToString(model::Severity severity) {
  static constexpr std::array<std::string_view, 3> kNames = {"note", "warning", "error"};
  const auto at = static_cast<size_t>(std::to_underlying(severity));
  return at < kNames.size() ? kNames[at] : kNames[1];
}

std::string_view ToString(model::ExploitKind kind) {
  static constexpr std::array<std::string_view, 3> kNames = {"none", "poc", "weaponised"};
  const auto at = static_cast<size_t>(std::to_underlying(kind));
  return at < kNames.size() ? kNames[at] : kNames[0];
}

void PutImage(codec::JsonWriter& out, const model::Image& image,
              const std::string* maybe_end_of_life) {
  PutText(out, "source", image.source);
  PutText(out, "reference", image.reference);
  PutText(out, "digest", image.digest);
  PutText(out, "config_digest", image.config_digest);
  PutText(out, "platform", image.platform);
  PutText(out, "created", image.created);
  PutText(out, "dockerfile", image.dockerfile);
  out.Key("layers");
  out.BeginArray();
  for (const model::Layer& layer : image.layers) {
    PutLayer(out, layer);
  }
  out.EndArray();
  out.Key("distro");
  out.BeginObject();
  PutText(out, "id", image.distro.id);
  PutText(out, "version_id", image.distro.version_id);
  PutText(out, "codename", image.distro.codename);
  PutText(out, "pretty_name", image.distro.pretty_name);
  PutText(out, "like", image.distro.like);
  if (maybe_end_of_life != nullptr) {
    PutText(out, "end_of_life", *maybe_end_of_life);
  }
  out.EndObject();
  out.Key("history");
  out.BeginArray();
  for (const model::HistoryEntry& entry : image.history) {
    out.BeginObject();
    PutText(out, "created", entry.created);
    PutText(out, "created_by", entry.created_by);
    PutText(out, "comment", entry.comment);
    out.Bool("empty_layer", entry.empty_layer);
    out.EndObject();
  }
  out.EndArray();
  PutPairs(out, "annotations", image.annotations);
  out.Key("config");
  if (image.config) {
    PutConfig(out, *image.config);
  } else {
    out.Null();
  }
}

void PutComponents(codec::JsonWriter& out, const std::vector<model::Component>& components,
                   unsigned jobs) {
  PutList(out, "components", components, jobs, PutComponent);
}

void PutCoverage(codec::JsonWriter& out, const model::Coverage& coverage) {
  PutSize(out, "claimed", coverage.claimed);
  PutSize(out, "read", coverage.read);
  out.Key("skipped");
  out.BeginArray();
  for (const model::Skipped& skipped : coverage.skipped) {
    out.BeginObject();
    PutText(out, "path", skipped.path);
    out.Int("layer", skipped.layer);
    PutText(out, "reason", skipped.reason);
    out.EndObject();
  }
  out.EndArray();
}

void PutDiagnostics(codec::JsonWriter& out, const std::vector<model::Diagnostic>& diagnostics) {
  out.Key("diagnostics");
  out.BeginArray();
  for (const model::Diagnostic& diagnostic : diagnostics) {
    out.BeginObject();
    PutText(out, "code", diagnostic.code);
    PutText(out, "severity", ToString(diagnostic.severity));
    PutText(out, "path", diagnostic.path);
    out.Int("layer", diagnostic.layer);
    PutText(out, "message", diagnostic.message);
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace scantling::report
