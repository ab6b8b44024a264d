// See baseline.h. One component and one package's findings a line, so that a change of the file
// reads as what changed. Members that follow from the package URL are left out.
#include "policy/change/baseline.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "policy/change/component_from_purl.h"
#include "policy/package_key.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace scantling::policy {
namespace {

using codec::JsonWriter;

void Put(JsonWriter& out, std::string_view key, std::string_view value) {
  out.Text(key, base::ToUtf8(value));
}

void PutUnless(JsonWriter& out, std::string_view key, std::string_view value,
               std::string_view derived) {
  if (value != derived) {
    Put(out, key, value);
  }
}

void PutImage(JsonWriter& out, const model::Image& image) {
  out.BeginObject();
  Put(out, "source", image.source);
  Put(out, "reference", image.reference);
  Put(out, "digest", image.digest);
  Put(out, "config_digest", image.config_digest);
  Put(out, "platform", image.platform);
  Put(out, "created", image.created);
  out.Key("distro");
  out.BeginObject();
  Put(out, "id", image.distro.id);
  Put(out, "version_id", image.distro.version_id);
  Put(out, "codename", image.distro.codename);
  out.EndObject();
  out.Key("diff_ids");
  out.BeginArray();
  for (const model::Layer& layer : image.layers) {
    out.Text(base::ToUtf8(layer.diff_id));
  }
  out.EndArray();
  out.EndObject();
}

void PutDatabase(JsonWriter& out, const model::DatabaseInfo& database) {
  out.BeginObject();
  Put(out, "digest", database.digest);
  out.Bool("embedded", database.embedded);
  out.Key("sources");
  out.BeginArray();
  for (const model::SourceInfo& source : database.sources) {
    out.BeginObject();
    Put(out, "name", source.name);
    Put(out, "as_of", source.as_of);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
}

void PutComponent(JsonWriter& out, const model::Component& component) {
  std::string why;
  const auto facts = ComponentFromPurl(component.purl, why);
  const model::Component derived = facts ? facts->component : model::Component();
  out.BeginObject();
  Put(out, "purl", component.purl);
  PutUnless(out, "ref", component.ref, component.purl);
  if (!facts || derived.type != component.type) {
    Put(out, "type", version::PurlType(component.type));
  }
  PutUnless(out, "name", component.name, derived.name);
  PutUnless(out, "version", component.version, derived.version);
  PutUnless(out, "source_name", component.source_name, derived.source_name);
  PutUnless(out, "source_version", component.source_version, derived.source_version);
  PutUnless(out, "architecture", component.architecture, derived.architecture);
  PutUnless(out, "distro", component.distro, derived.distro);
  PutUnless(out, "module", component.module, derived.module);
  if (component.type == version::Ecosystem::kRpm) {
    PutUnless(out, "vendor", component.vendor, "");
  }
  PutUnless(out, "owner", component.owner, "");
  if (component.layer >= 0) {
    out.Int("layer", component.layer);
  }
  out.EndObject();
}

std::vector<RecordedFinding> Recorded(const model::Report& report, const Baseline* maybe_previous,
                                      const std::string& today) {
  std::map<std::string_view, const model::Component*> by_ref;
  for (const model::Component& component : report.inventory.components) {
    by_ref.emplace(component.ref, &component);
  }
  const Baseline none;
  const FirstSeen seen(maybe_previous == nullptr ? none : *maybe_previous);
  std::vector<RecordedFinding> out;
  for (const model::Finding& finding : report.findings) {
    const auto found = by_ref.find(finding.component);
    if (found == by_ref.end()) {
      continue;
    }
    RecordedFinding& record = out.emplace_back();
    record.id = finding.id;
    record.aliases = finding.aliases;
    record.package = ComponentKey(*found->second);
    const std::string_view first = seen.Of(finding, *found->second);
    record.first_seen = first.empty() ? today : std::string(first);
  }
  std::sort(out.begin(), out.end(), [](const RecordedFinding& a, const RecordedFinding& b) {
    return std::tie(a.package, a.id, a.first_seen) < std::tie(b.package, b.id, b.first_seen);
  });
  out.erase(std::unique(out.begin(), out.end(),
                        [](const RecordedFinding& a, const RecordedFinding& b) {
                          return a.package == b.package && a.id == b.id;
                        }),
            out.end());
  return out;
}

void PutFindings(JsonWriter& out, base::Output& output,
                 const std::vector<RecordedFinding>& findings) {
  out.BeginArray();
  for (size_t at = 0; at < findings.size();) {
    output.text() += "\n";
    out.BeginObject();
    const std::string& package = findings[at].package;
    Put(out, "package", package);
    out.Key("ids");
    out.BeginArray();
    for (; at < findings.size() && findings[at].package == package; ++at) {
      const RecordedFinding& finding = findings[at];
      out.BeginObject();
      Put(out, "id", finding.id);
      if (!finding.aliases.empty()) {
        out.Key("aliases");
        out.BeginArray();
        for (const std::string& alias : finding.aliases) {
          out.Text(base::ToUtf8(alias));
        }
        out.EndArray();
      }
      Put(out, "first_seen", finding.first_seen);
      out.EndObject();
    }
    out.EndArray();
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace

DataDates DatesOf(const model::DatabaseInfo& database) {
  // By advisory/sources.cc.
  static constexpr std::array<std::string_view, 9> kOthers = {
      "cisa-kev",       "distro-info", "endoflife-date", "epss",        "exploit-db",
      "ghsa-withdrawn", "github-poc",  "metasploit",     "vulnrichment"};
  DataDates out;
  for (const model::SourceInfo& source : database.sources) {
    if (source.as_of.empty() ||
        std::find(kOthers.begin(), kOthers.end(), source.name) != kOthers.end()) {
      continue;
    }
    out.oldest = out.oldest.empty() ? source.as_of : std::min(out.oldest, source.as_of);
    out.newest = std::max(out.newest, source.as_of);
  }
  return out;
}

std::string ComponentKey(const model::Component& component) {
  if (!component.purl.empty()) {
    return std::string(PackageKey(component));
  }
  return std::string(version::PurlType(component.type)) + ":" + component.name;
}

Baseline BaselineFromReport(model::Report report, std::string path, std::string recorded) {
  Baseline out;
  out.path = std::move(path);
  if (recorded.empty()) {
    recorded = DatesOf(report.database).newest;
  }
  out.findings = Recorded(report, nullptr, recorded);
  out.recorded = std::move(recorded);
  out.inventory = std::move(report.inventory);
  out.base_layers = report.base_layers;
  out.base_name = std::move(report.base_name);
  out.database = std::move(report.database);
  return out;
}

Baseline BaselineFromInventory(model::Inventory inventory, std::string path) {
  Baseline out;
  out.path = std::move(path);
  out.inventory = std::move(inventory);
  out.has_findings = false;
  if (const auto created = base::ParseTime(out.inventory.image.created)) {
    out.recorded = base::FormatDate(*created);
  }
  return out;
}

void WriteBaseline(const model::Report& report, const Baseline* maybe_previous, base::Seconds now,
                   base::Output& output) {
  const std::string today = base::FormatDate(now);
  JsonWriter out(&output, JsonWriter::Layout::kCompact);
  const auto line = [&output] { output.text() += "\n"; };
  out.BeginObject();
  line();
  Put(out, "schema", kBaselineSchema);
  Put(out, "recorded", today);
  out.Key("image");
  line();
  PutImage(out, report.inventory.image);
  out.Key("base");
  out.BeginObject();
  out.Int("layers", report.base_layers);
  Put(out, "name", report.base_name);
  out.EndObject();
  out.Key("database");
  line();
  PutDatabase(out, report.database);
  out.Key("gaps");
  out.BeginArray();
  for (const model::Skipped& skipped : report.inventory.coverage.skipped) {
    line();
    out.BeginObject();
    Put(out, "path", skipped.path);
    Put(out, "reason", skipped.reason);
    out.EndObject();
  }
  out.EndArray();
  out.Key("components");
  out.BeginArray();
  for (const model::Component& component : report.inventory.components) {
    line();
    PutComponent(out, component);
  }
  out.EndArray();
  out.Key("findings");
  PutFindings(out, output, Recorded(report, maybe_previous, today));
  out.EndObject();
  line();
}

FirstSeen::FirstSeen(const Baseline& baseline) {
  const auto add = [this](std::string_view id, const RecordedFinding& finding) {
    const auto [at, fresh] =
        dates_.emplace(std::pair(std::string_view(finding.package), id), finding.first_seen);
    if (!fresh && finding.first_seen < at->second) {
      at->second = finding.first_seen;
    }
  };
  for (const RecordedFinding& finding : baseline.findings) {
    add(finding.id, finding);
    for (const std::string& alias : finding.aliases) {
      add(alias, finding);
    }
  }
}

std::string_view FirstSeen::Of(const model::Finding& finding,
                               const model::Component& component) const {
  if (dates_.empty()) {
    return {};
  }
  const std::string package = ComponentKey(component);
  std::string_view out;
  const auto look = [&](std::string_view id) {
    const auto found = dates_.find(std::pair(std::string_view(package), id));
    if (found != dates_.end() && (out.empty() || found->second < out)) {
      out = found->second;
    }
  };
  look(finding.id);
  for (const std::string& alias : finding.aliases) {
    look(alias);
  }
  return out;
}

}  // namespace scantling::policy
