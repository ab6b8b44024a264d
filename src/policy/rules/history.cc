// Writing lines, and the folder. Members that are empty or usual are left out. The other way:
// history_in.cc.
#include "policy/rules/history.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "policy/rules/evaluate.h"
#include "policy/vex/image_name.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

namespace scantling::policy {
namespace {

using codec::JsonWriter;

constexpr std::string_view kStart = R"({"schema":"scantling.history/1","date":")";
constexpr size_t kDateBytes = 20;  // 2026-01-31T10:00:00Z

void Put(JsonWriter& out, std::string_view key, std::string_view value) {
  if (!value.empty()) {
    out.Text(key, base::ToUtf8(value));
  }
}
void Put(JsonWriter& out, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) {
    return;
  }
  out.Key(key);
  out.BeginArray();
  for (const std::string& value : values) {
    out.Text(base::ToUtf8(value));
  }
  out.EndArray();
}
void PutIf(JsonWriter& out, std::string_view key, bool value) {
  if (value) {
    out.Bool(key, true);
  }
}
// -1 is left out.
void PutFrom0(JsonWriter& out, std::string_view key, int64_t value) {
  if (value >= 0) {
    out.Int(key, value);
  }
}
void PutFrom0(JsonWriter& out, std::string_view key, double value) {
  if (value >= 0) {
    out.Double(key, value);
  }
}

void PutConfig(JsonWriter& out, const model::ImageConfig& config) {
  out.Key("config");
  out.BeginObject();
  Put(out, "user", config.user);
  Put(out, "env", config.environment);
  Put(out, "ports", config.ports);
  Put(out, "entrypoint", config.entrypoint);
  Put(out, "cmd", config.command);
  Put(out, "working_dir", config.working_folder);
  Put(out, "volumes", config.volumes);
  std::vector<std::string> labels;
  for (const auto& [name, value] : config.labels) {
    labels.push_back(name + "=" + value);
  }
  Put(out, "labels", labels);
  Put(out, "stop_signal", config.stop_signal);
  Put(out, "healthcheck", config.healthcheck);
  out.EndObject();
}

void PutImage(JsonWriter& out, const model::Report& report, const RunFacts& facts) {
  const model::Image& image = report.inventory.image;
  out.Key("image");
  out.BeginObject();
  Put(out, "source", image.source);
  Put(out, "reference", image.reference);
  Put(out, "digest", image.digest);
  Put(out, "config_digest", image.config_digest);
  Put(out, "platform", image.platform);
  Put(out, "created", image.created);
  Put(out, "distro", image.distro.id);
  Put(out, "distro_version", image.distro.version_id);
  Put(out, "end_of_life", report.distro_end_of_life);
  out.Int("components", facts.components >= 0
                            ? facts.components
                            : static_cast<int64_t>(report.inventory.components.size()));
  out.Int("skipped", facts.skipped >= 0
                         ? facts.skipped
                         : static_cast<int64_t>(report.inventory.coverage.skipped.size()));
  out.Key("layers");
  out.BeginArray();
  for (const model::Layer& layer : image.layers) {
    out.BeginObject();
    Put(out, "digest", layer.digest);
    Put(out, "created_by", layer.created_by);
    out.Uint("bytes", layer.size_bytes);
    if (layer.line > 0) {
      out.Int("line", layer.line);
    }
    out.EndObject();
  }
  out.EndArray();
  if (image.config) {
    PutConfig(out, *image.config);
  }
  out.EndObject();
  if (report.base_layers >= 0) {
    out.Key("base");
    out.BeginObject();
    out.Int("layers", report.base_layers);
    Put(out, "name", report.base_name);
    Put(out, "known_by", report.base_known_by);
    out.EndObject();
  }
}

void PutData(JsonWriter& out, const model::Report& report) {
  out.Key("data");
  out.BeginObject();
  Put(out, "digest", report.database.digest);
  PutIf(out, "starter_set", report.database.embedded);
  out.Key("ecosystems");
  out.BeginArray();
  for (const model::EcosystemCoverage& row : report.ecosystems) {
    out.BeginObject();
    Put(out, "name", row.name);
    out.Uint("components", row.components);
    Put(out, "as_of", row.data_as_of);
    out.Text("state", model::ToString(row.state));
    if (row.skipped != 0) {
      out.Uint("skipped", row.skipped);
    }
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  if (report.comparison) {
    out.Text("against", base::ToUtf8(report.comparison->against));
  }
}

void PutComponent(JsonWriter& out, const model::Component& component) {
  out.BeginObject();
  Put(out, "purl", component.purl);
  if (component.ref != component.purl) {
    Put(out, "ref", component.ref);
  }
  Put(out, "name", component.name);
  Put(out, "version", component.version);
  Put(out, "type", version::PurlType(component.type));
  Put(out, "source_name", component.source_name);
  Put(out, "architecture", component.architecture);
  PutIf(out, "owned", !component.owner.empty());
  PutIf(out, "indirect", !component.via.empty());
  if (component.role != model::Role::kRuntime) {
    out.Text("role", model::ToString(component.role));
  }
  PutIf(out, "essential", component.essential);
  Put(out, "licenses", component.licenses);
  if (!component.locations.empty()) {
    out.Key("paths");
    out.BeginArray();
    for (const model::Location& location : component.locations) {
      out.Text(base::ToUtf8(location.path));
    }
    out.EndArray();
  }
  PutFrom0(out, "layer", int64_t{component.layer});
  out.EndObject();
}

void PutEvidence(JsonWriter& out, const model::Finding& finding) {
  if (finding.kev) {
    out.Key("kev");
    out.BeginObject();
    Put(out, "due", finding.kev->due_date);
    PutIf(out, "ransomware", finding.kev->ransomware);
    out.EndObject();
  }
  if (finding.epss) {
    out.Double("epss", finding.epss->probability);
    PutFrom0(out, "epss_percentile", finding.epss->percentile);
  }
  if (finding.exploit && finding.exploit->kind != model::ExploitKind::kNone) {
    out.Text("exploit",
             finding.exploit->kind == model::ExploitKind::kWeaponised ? "weaponised" : "poc");
  }
  if (finding.treatment) {
    out.Key("treatment");
    out.BeginObject();
    out.Text("kind", model::ToString(finding.treatment->kind));
    Put(out, "id", finding.treatment->id);
    Put(out, "until", finding.treatment->until);
    out.EndObject();
  }
}

void PutFinding(JsonWriter& out, const model::Finding& finding, int64_t component,
                std::string_view first_seen) {
  out.BeginObject();
  out.Text("id", base::ToUtf8(finding.id));
  PutFrom0(out, "component", component);
  Put(out, "aliases", finding.aliases);
  Put(out, "summary", finding.summary);
  out.Text("severity", model::ToString(finding.severity.level));
  PutFrom0(out, "score", finding.severity.score);
  out.Text("fix_state", model::ToString(finding.fix_state));
  Put(out, "fixed_versions", finding.fixed_versions);
  PutEvidence(out, finding);
  Put(out, "published", finding.published);
  Put(out, "fix_available", finding.fix_available);
  Put(out, "first_seen", first_seen);
  Put(out, "priority", finding.priority.level);
  Put(out, "due", finding.priority.due);
  out.Double("risk", finding.priority.risk);
  if (finding.origin != model::Origin::kUnknown) {
    out.Text("origin", model::ToString(finding.origin));
  }
  if (finding.change != model::Change::kUnknown) {
    out.Text("change", model::ToString(finding.change));
  }
  PutFrom0(out, "layer", int64_t{finding.layer});
  Put(out, "source", finding.source);
  Put(out, "advisory", finding.advisory);
  out.EndObject();
}

using Places = std::unordered_map<std::string, int64_t, base::StringHash, std::equal_to<>>;

void PutPlaces(JsonWriter& out, std::string_view key, const std::vector<std::string>& keys,
               const Places& places) {
  if (keys.empty()) {
    return;
  }
  out.Key(key);
  out.BeginArray();
  for (const std::string& finding : keys) {
    if (const auto found = places.find(finding); found != places.end()) {
      out.Int(found->second);
    }
  }
  out.EndArray();
}

void PutVerdict(JsonWriter& out, const model::Verdict& verdict, const Places& places) {
  out.Key("verdict");
  out.BeginObject();
  Put(out, "policy", verdict.policy);
  Put(out, "digest", verdict.policy_digest);
  out.Bool("stopped", verdict.stopped);
  out.Bool("warned", verdict.warned);
  out.Key("rules");
  out.BeginArray();
  for (const model::RuleOutcome& rule : verdict.rules) {
    out.BeginObject();
    Put(out, "rule", rule.rule);
    out.Text("stage", model::ToString(rule.stage));
    if (rule.asked != rule.stage) {
      out.Text("asked", model::ToString(rule.asked));
    }
    PutPlaces(out, "findings", rule.findings, places);
    PutPlaces(out, "in_grace", rule.in_grace, places);
    PutPlaces(out, "routed", rule.routed, places);
    PutPlaces(out, "excepted", rule.excepted, places);
    // Of a rule about the image: not a finding's place.
    PutIf(out, "image_excepted",
          std::find(rule.excepted.begin(), rule.excepted.end(), kImageExcepted) !=
              rule.excepted.end());
    PutPlaces(out, "unknown", rule.unknown, places);
    Put(out, "matched", rule.matched);
    out.EndObject();
  }
  out.EndArray();
  Put(out, "notes", verdict.notes);
  out.EndObject();
}

std::string RepositoryOf(const model::Image& image) {
  std::string name = ParseImageName(image.reference).repository;
  return name.empty() ? image.source : name;
}

}  // namespace

std::string HistoryLine(const model::Report& report, const RunFacts& facts) {
  std::string line;
  JsonWriter out(&line, JsonWriter::Layout::kCompact);
  out.BeginObject();
  out.Text("schema", kHistorySchema);
  out.Text("date", base::FormatTime(facts.now));
  Put(out, "repository", RepositoryOf(report.inventory.image));
  Put(out, "environment", facts.environment);
  Put(out, "team", facts.team);
  if (facts.exposed != "unknown") {
    Put(out, "exposed", facts.exposed);
  }
  PutImage(out, report, facts);
  PutData(out, report);
  std::unordered_map<std::string_view, int64_t> component_places;
  for (const model::Finding& finding : report.findings) {
    component_places.emplace(finding.component, -1);
  }
  std::vector<const model::Component*> components;
  for (const model::Component& component : report.inventory.components) {
    const auto found = component_places.find(component.ref);
    if (found != component_places.end() && found->second < 0) {
      found->second = static_cast<int64_t>(components.size());
      components.push_back(&component);
    }
  }
  out.Key("components");
  out.BeginArray();
  for (const model::Component* component : components) {
    PutComponent(out, *component);
  }
  out.EndArray();
  out.Key("findings");
  out.BeginArray();
  Places places;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    const model::Finding& finding = report.findings[i];
    const int64_t component = component_places[finding.component];
    std::string first_seen;
    if (facts.first_seen && component >= 0) {
      first_seen = facts.first_seen(finding, *components[static_cast<size_t>(component)]);
    }
    PutFinding(out, finding, component, first_seen);
    places.emplace(model::FindingKey(finding.id, finding.component), static_cast<int64_t>(i));
  }
  out.EndArray();
  if (report.verdict) {
    PutVerdict(out, *report.verdict, places);
  }
  out.EndObject();
  line.push_back('\n');
  return line;
}

HistoryEntry EntryFromReport(model::Report report, std::string where, base::Seconds when) {
  HistoryEntry out;
  out.where = std::move(where);
  out.repository = RepositoryOf(report.inventory.image);
  out.facts.now = when >= 0 ? when : base::ParseTime(report.inventory.image.created).value_or(0);
  if (report.verdict) {
    out.facts.environment = report.verdict->environment;
    out.facts.team = report.verdict->team;
  }
  out.report = std::move(report);
  return out;
}

void BindFirstSeen(HistoryEntry& entry) {
  entry.facts.first_seen = [&entry](const model::Finding& finding, const model::Component&) {
    const size_t place = static_cast<size_t>(&finding - entry.report.findings.data());
    return place < entry.first_seen.size() ? entry.first_seen[place] : std::string();
  };
}

std::optional<base::Seconds> DateOfLine(std::string_view line) {
  if (!line.starts_with(kStart) || line.size() < kStart.size() + kDateBytes) {
    return std::nullopt;
  }
  return base::ParseTime(line.substr(kStart.size(), kDateBytes));
}

base::Result<std::vector<std::string>> HistoryFiles(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  std::filesystem::directory_iterator files(folder, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    std::error_code ignored;
    if (files->path().extension() == ".jsonl" && files->is_regular_file(ignored)) {
      out.push_back(files->path().string());
    }
  }
  if (error) {
    return base::Error(base::ErrorCode::kIo, folder + ": " + error.message());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace scantling::policy
