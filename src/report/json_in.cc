// FromJson: a document scantling.report/1 back into a Report. The document is hostile input: its
// size and depth are limited (codec/json.h), every member is checked for its type, enumerations for
// their words, numbers for their range. An error names the place ("findings[3].severity.level").
// Unknown members are passed over, so that a later program's additions do no harm; "summary" is not
// read, it follows from the rest.
#include "codec/json.h"
#include "report/json_parts.h"
#include "report/report.h"

#include <limits>
#include <utility>

namespace scantling::report {
namespace {

using codec::JsonValue;

template <typename Enum>
std::optional<Enum> FromName(std::string_view name, int count, std::string_view (*names)(Enum)) {
  for (int i = 0; i < count; ++i) {
    if (names(static_cast<Enum>(i)) == name) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

// Reads members and keeps the first thing that is wrong; after that it gives defaults, and the
// caller looks at the end.
class Source {
 public:
  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

  std::string Text(JsonValue object, std::string_view key) {
    const auto text = object[key].MaybeText();
    if (!text) {
      Wrong(key, object[key].IsMissing() ? "is missing" : "is not a text");
      return {};
    }
    return std::string(*text);
  }

  std::vector<std::string> Texts(JsonValue object, std::string_view key) {
    std::vector<std::string> out;
    Each(object, key, [&](JsonValue value) {
      const auto text = value.MaybeText();
      if (!text) {
        Wrong("", "is not a text");
        return;
      }
      out.emplace_back(*text);
    });
    return out;
  }

  template <typename Integer>
  Integer Int(JsonValue object, std::string_view key, Integer least) {
    const auto number = object[key].Int();
    if (!number || *number < static_cast<int64_t>(least) ||
        (sizeof(Integer) < 8 &&
         *number > static_cast<int64_t>(std::numeric_limits<Integer>::max()))) {
      Wrong(key, "is not a whole number in range");
      return least;
    }
    return static_cast<Integer>(*number);
  }
  int32_t Layer(JsonValue object, std::string_view key) { return Int<int32_t>(object, key, -1); }
  uint64_t Size(JsonValue object, std::string_view key) { return Int<uint64_t>(object, key, 0); }

  double Number(JsonValue object, std::string_view key) {
    const auto number = object[key].Double();
    if (!number || *number < 0) {
      Wrong(key, "is not a number from 0 up");
      return 0;
    }
    return *number;
  }
  double NumberOrNull(JsonValue object, std::string_view key) {
    return object[key].type() == JsonValue::Type::kNull ? -1 : Number(object, key);
  }

  // Members that came later within /1: a report without them reads as one where nothing is said.
  uint64_t SizeIfAny(JsonValue object, std::string_view key) {
    return object[key].IsMissing() ? 0 : Size(object, key);
  }
  std::string TextIfAny(JsonValue object, std::string_view key) {
    return object[key].IsMissing() ? std::string() : Text(object, key);
  }
  template <typename Visit>
  void InsideIfAny(JsonValue object, std::string_view key, Visit visit) {
    if (!object[key].IsMissing()) {
      InsideOrNull(object, key, visit);
    }
  }

  bool Bool(JsonValue object, std::string_view key) {
    const auto value = object[key].Bool();
    if (!value) {
      Wrong(key, "is not true or false");
    }
    return value.value_or(false);
  }

  template <typename Enum>
  Enum Word(JsonValue object, std::string_view key, int count, std::string_view (*names)(Enum)) {
    const auto value = FromName<Enum>(object[key].Text(), count, names);
    if (!value) {
      Wrong(key, "is not one of the words that the schema lists");
    }
    return value.value_or(Enum{});
  }

  // visit(value) with the place set, for each element of an array.
  template <typename Visit>
  void Each(JsonValue object, std::string_view key, Visit visit) {
    const JsonValue array = object[key];
    if (!array.IsArray()) {
      Wrong(key, "is not a list");
      return;
    }
    const size_t mark = place_.size();
    size_t at = 0;
    array.ForEach([&](JsonValue value) {
      if (!ok()) {
        return false;
      }
      place_.append(place_.empty() ? "" : ".").append(key);
      place_.append("[").append(std::to_string(at++)).append("]");
      visit(value);
      place_.resize(mark);
      return true;
    });
  }

  // visit(object) with the place set, when the member is an object.
  template <typename Visit>
  void Inside(JsonValue object, std::string_view key, Visit visit) {
    const JsonValue inner = object[key];
    if (!inner.IsObject()) {
      Wrong(key, "is not an object");
      return;
    }
    const size_t mark = place_.size();
    place_.append(place_.empty() ? "" : ".").append(key);
    visit(inner);
    place_.resize(mark);
  }
  template <typename Visit>
  void InsideOrNull(JsonValue object, std::string_view key, Visit visit) {
    if (object[key].type() != JsonValue::Type::kNull) {
      Inside(object, key, visit);
    }
  }

  void Wrong(std::string_view key, std::string_view what) {
    if (ok()) {
      problem_ = place_;
      if (!key.empty()) {
        problem_.append(place_.empty() ? "" : ".").append(key);
      }
      problem_.append(" ").append(what);
    }
  }

 private:
  std::string place_;
  std::string problem_;
};

std::map<std::string, std::string> ReadPairs(Source& in, JsonValue json, std::string_view key) {
  std::map<std::string, std::string> out;
  in.Each(json, key, [&](JsonValue item) {
    std::string name = in.Text(item, "name");
    out.insert_or_assign(std::move(name), in.Text(item, "value"));
  });
  return out;
}

model::ImageConfig ReadConfig(Source& in, JsonValue json) {
  model::ImageConfig out;
  out.user = in.Text(json, "user");
  out.environment = in.Texts(json, "environment");
  out.ports = in.Texts(json, "ports");
  out.entrypoint = in.Texts(json, "entrypoint");
  out.command = in.Texts(json, "command");
  out.working_folder = in.Text(json, "working_folder");
  out.volumes = in.Texts(json, "volumes");
  out.labels = ReadPairs(in, json, "labels");
  out.stop_signal = in.Text(json, "stop_signal");
  out.healthcheck = in.Texts(json, "healthcheck");
  return out;
}

void ReadImage(Source& in, JsonValue json, model::Report& report) {
  model::Image& image = report.inventory.image;
  image.source = in.Text(json, "source");
  image.reference = in.Text(json, "reference");
  image.digest = in.Text(json, "digest");
  image.config_digest = in.Text(json, "config_digest");
  image.platform = in.Text(json, "platform");
  image.created = in.Text(json, "created");
  image.dockerfile = in.TextIfAny(json, "dockerfile");
  in.Each(json, "layers", [&](JsonValue item) {
    model::Layer& layer = image.layers.emplace_back();
    layer.index = in.Int<int32_t>(item, "index", 0);
    layer.digest = in.Text(item, "digest");
    layer.diff_id = in.Text(item, "diff_id");
    layer.size_bytes = in.Size(item, "size_bytes");
    layer.created_by = in.Text(item, "created_by");
    layer.created = in.Text(item, "created");
    layer.line = item["line"].IsMissing() ? 0 : in.Int<int32_t>(item, "line", 0);
  });
  in.Inside(json, "distro", [&](JsonValue distro) {
    image.distro.id = in.Text(distro, "id");
    image.distro.version_id = in.Text(distro, "version_id");
    image.distro.codename = in.Text(distro, "codename");
    image.distro.pretty_name = in.Text(distro, "pretty_name");
    image.distro.like = in.Text(distro, "like");
    report.distro_end_of_life = in.Text(distro, "end_of_life");
  });
  in.Each(json, "history", [&](JsonValue item) {
    model::HistoryEntry& entry = image.history.emplace_back();
    entry.created = in.Text(item, "created");
    entry.created_by = in.Text(item, "created_by");
    entry.comment = in.Text(item, "comment");
    entry.empty_layer = in.Bool(item, "empty_layer");
  });
  image.annotations = ReadPairs(in, json, "annotations");
  in.InsideIfAny(json, "config", [&](JsonValue config) { image.config = ReadConfig(in, config); });
  in.Inside(json, "base", [&](JsonValue base) {
    report.base_layers = in.Layer(base, "layers");
    report.base_name = in.Text(base, "name");
    report.base_known_by = in.Text(base, "known_by");
  });
}

model::Component ReadComponent(Source& in, JsonValue json) {
  model::Component out;
  out.ref = in.Text(json, "ref");
  out.purl = in.Text(json, "purl");
  out.name = in.Text(json, "name");
  out.version = in.Text(json, "version");
  out.type =
      in.Word<version::Ecosystem>(json, "type", version::kAllEcosystems.size(), version::PurlType);
  in.Inside(json, "source", [&](JsonValue source) {
    out.source_name = in.Text(source, "name");
    out.source_version = in.Text(source, "version");
  });
  out.architecture = in.Text(json, "architecture");
  out.distro = in.Text(json, "distro");
  out.module = in.Text(json, "module");
  out.vendor = in.Text(json, "vendor");
  in.Each(json, "locations", [&](JsonValue item) {
    model::Location& location = out.locations.emplace_back();
    location.path = in.Text(item, "path");
    location.layer = in.Layer(item, "layer");
  });
  out.layer = in.Layer(json, "layer");
  out.last_layer = in.Layer(json, "last_layer");
  out.owner = in.Text(json, "owner");
  out.evidence = in.Word<model::Evidence>(json, "evidence", 10, model::ToString);
  out.role = in.Word<model::Role>(json, "role", 4, model::ToString);
  out.essential = in.Bool(json, "essential");
  out.depends = in.Texts(json, "depends");
  out.via = in.Texts(json, "via");
  out.container = in.Text(json, "container");
  if (!json["licenses"].IsMissing()) {  // reports of earlier versions have none
    out.licenses = in.Texts(json, "licenses");
  }
  out.main_module = in.Text(json, "main_module");
  return out;
}

model::SeverityOpinion ReadSeverity(Source& in, JsonValue json) {
  model::SeverityOpinion out;
  out.level = in.Word<model::Level>(json, "level", 6, model::ToString);
  out.score = in.NumberOrNull(json, "score");
  out.vector = in.Text(json, "vector");
  out.source = in.Text(json, "source");
  return out;
}

void ReadThreat(Source& in, JsonValue json, model::Finding& out) {
  in.InsideOrNull(json, "epss", [&](JsonValue epss) {
    out.epss.emplace();
    out.epss->probability = in.Number(epss, "probability");
    out.epss->percentile = in.NumberOrNull(epss, "percentile");
    out.epss->date = in.Text(epss, "date");
  });
  in.InsideOrNull(json, "kev", [&](JsonValue kev) {
    out.kev.emplace();
    out.kev->date_added = in.Text(kev, "date_added");
    out.kev->due_date = in.Text(kev, "due_date");
    out.kev->ransomware = in.Bool(kev, "ransomware");
  });
  in.InsideOrNull(json, "exploit", [&](JsonValue exploit) {
    out.exploit.emplace();
    out.exploit->kind = in.Word<model::ExploitKind>(exploit, "kind", 3, ToString);
    out.exploit->sources = in.Texts(exploit, "sources");
  });
  in.InsideOrNull(json, "ssvc", [&](JsonValue ssvc) {
    out.ssvc.emplace();
    out.ssvc->exploitation = in.Text(ssvc, "exploitation");
    out.ssvc->automatable = in.Text(ssvc, "automatable");
    out.ssvc->technical_impact = in.Text(ssvc, "technical_impact");
    out.ssvc->source = in.Text(ssvc, "source");
  });
}

model::Treatment ReadTreatment(Source& in, JsonValue json) {
  model::Treatment out;
  out.kind = in.Word<model::TreatmentKind>(json, "kind", 5, model::ToString);
  out.id = in.Text(json, "id");
  out.source = in.Text(json, "source");
  out.reason = in.Text(json, "reason");
  out.words = in.Text(json, "words");
  out.owner = in.Text(json, "owner");
  out.approver = in.Text(json, "approver");
  out.until = in.Text(json, "until");
  return out;
}

model::Finding ReadFinding(Source& in, JsonValue json) {
  model::Finding out;
  out.id = in.Text(json, "id");
  out.aliases = in.Texts(json, "aliases");
  out.summary = in.Text(json, "summary");
  out.component = in.Text(json, "component");
  out.fix_state = in.Word<model::FixState>(json, "fix_state", 5, model::ToString);
  out.fix_note = in.Text(json, "fix_note");
  out.fixed_versions = in.Texts(json, "fixed_versions");
  out.fix_available = in.Text(json, "fix_available");
  in.Inside(json, "severity", [&](JsonValue value) { out.severity = ReadSeverity(in, value); });
  in.Each(json, "severities",
          [&](JsonValue value) { out.severities.push_back(ReadSeverity(in, value)); });
  ReadThreat(in, json, out);
  in.Inside(json, "priority", [&](JsonValue priority) {
    out.priority.rank = in.Int<uint32_t>(priority, "rank", 0);
    out.priority.level = in.Text(priority, "level");
    out.priority.due = in.Text(priority, "due");
    out.priority.risk = in.Number(priority, "risk");
    out.priority.reasons = in.Texts(priority, "reasons");
  });
  out.layer = in.Layer(json, "layer");
  out.origin = in.Word<model::Origin>(json, "origin", 3, model::ToString);
  if (!json["change"].IsMissing()) {
    out.change = in.Word<model::Change>(json, "change", 5, model::ToString);
  }
  in.InsideIfAny(json, "treatment",
                 [&](JsonValue treatment) { out.treatment = ReadTreatment(in, treatment); });
  out.published = in.Text(json, "published");
  out.advisory = in.Text(json, "advisory");
  out.source = in.Text(json, "source");
  out.range = in.Text(json, "range");
  out.rule = in.Text(json, "rule");
  return out;
}

model::Action ReadAction(Source& in, JsonValue json) {
  model::Action out;
  out.id = in.Text(json, "id");
  out.kind = in.Word<model::ActionKind>(json, "kind", 7, model::ToString);
  out.title = in.Text(json, "title");
  out.steps = in.Texts(json, "steps");
  out.resolves = in.Texts(json, "resolves");
  out.remains = in.Size(json, "remains");
  out.owner = in.Word<model::Owner>(json, "owner", 2, model::ToString);
  out.layer = in.Layer(json, "layer");
  out.created_by = in.Text(json, "created_by");
  out.reason = in.Text(json, "reason");
  out.risk = in.Number(json, "risk");
  out.due = in.Text(json, "due");
  return out;
}

model::Comparison ReadComparison(Source& in, JsonValue json) {
  model::Comparison out;
  out.against = in.Text(json, "against");
  out.against_digest = in.Text(json, "against_digest");
  out.recorded = in.Text(json, "recorded");
  out.introduced = in.Size(json, "introduced");
  out.inherited = in.Size(json, "inherited");
  out.existing = in.Size(json, "existing");
  out.new_in_world = in.Size(json, "new_in_world");
  out.notes = in.Texts(json, "notes");
  in.Each(json, "resolved", [&](JsonValue item) { out.resolved.push_back(ReadFinding(in, item)); });
  return out;
}

model::Verdict ReadVerdict(Source& in, JsonValue json) {
  model::Verdict out;
  out.policy = in.Text(json, "policy");
  out.policy_digest = in.Text(json, "policy_digest");
  out.environment = in.Text(json, "environment");
  out.team = in.Text(json, "team");
  out.stopped = in.Bool(json, "stopped");
  out.warned = in.Bool(json, "warned");
  in.Each(json, "rules", [&](JsonValue item) {
    model::RuleOutcome& outcome = out.rules.emplace_back();
    outcome.rule = in.Text(item, "rule");
    outcome.text = in.Text(item, "text");
    outcome.who = in.Text(item, "who");
    outcome.stage = in.Word<model::Stage>(item, "stage", 3, model::ToString);
    outcome.asked = in.Word<model::Stage>(item, "asked", 3, model::ToString);
    outcome.held_back = in.Text(item, "held_back");
    outcome.findings = in.Texts(item, "findings");
    outcome.in_grace = in.Texts(item, "in_grace");
    outcome.routed = in.Texts(item, "routed");
    outcome.excepted = in.Texts(item, "excepted");
    outcome.unknown = in.Texts(item, "unknown");
    outcome.unknown_why = in.Text(item, "unknown_why");
    outcome.matched = in.Text(item, "matched");
    outcome.deadline = in.Text(item, "deadline");
  });
  out.notes = in.Texts(json, "notes");
  return out;
}

std::vector<model::ExceptionUse> ReadExceptions(Source& in, JsonValue json) {
  std::vector<model::ExceptionUse> out;
  in.Each(json, "exceptions", [&](JsonValue item) {
    model::ExceptionUse& use = out.emplace_back();
    use.id = in.Text(item, "id");
    use.where = in.Text(item, "where");
    use.owner = in.Text(item, "owner");
    use.until = in.Text(item, "until");
    use.state = in.Text(item, "state");
    use.findings = in.Size(item, "findings");
    use.note = in.Text(item, "note");
  });
  return out;
}

void ReadCoverage(Source& in, JsonValue json, model::Report& report) {
  model::Coverage& coverage = report.inventory.coverage;
  coverage.claimed = in.Size(json, "claimed");
  coverage.read = in.Size(json, "read");
  in.Each(json, "skipped", [&](JsonValue item) {
    model::Skipped& skipped = coverage.skipped.emplace_back();
    skipped.path = in.Text(item, "path");
    skipped.layer = in.Layer(item, "layer");
    skipped.reason = in.Text(item, "reason");
  });
  in.Each(json, "ecosystems", [&](JsonValue item) {
    model::EcosystemCoverage& ecosystem = report.ecosystems.emplace_back();
    ecosystem.name = in.Text(item, "name");
    ecosystem.components = in.Size(item, "components");
    ecosystem.data_as_of = in.Text(item, "data_as_of");
    ecosystem.state = in.Word<model::DataState>(item, "state", 4, model::ToString);
    ecosystem.skipped = in.SizeIfAny(item, "skipped");
  });
}

void ReadDatabase(Source& in, JsonValue json, model::DatabaseInfo& out) {
  out.digest = in.Text(json, "digest");
  out.embedded = in.Bool(json, "embedded");
  in.Each(json, "sources", [&](JsonValue item) {
    model::SourceInfo& source = out.sources.emplace_back();
    source.name = in.Text(item, "name");
    source.as_of = in.Text(item, "as_of");
    source.records = in.Size(item, "records");
  });
}

}  // namespace

base::Result<model::Report> FromJson(std::string_view text) {
  codec::Json json;
  auto parsed = json.Parse(text);
  if (!parsed) {
    return std::move(parsed).error();
  }
  const JsonValue root = *parsed;
  const std::string_view schema = root["schema"].Text();
  if (schema != kReportSchema) {
    if (schema == kInventorySchema) {
      return base::Unsupported("this is an inventory (" + std::string(schema) +
                               "); a report is made by \"scantling scan --format json\"");
    }
    return base::Unsupported("no \"schema\": \"" + std::string(kReportSchema) +
                             "\": this JSON is not a report of scantling");
  }
  model::Report report;
  Source in;
  in.Inside(root, "image", [&](JsonValue image) { ReadImage(in, image, report); });
  in.Inside(root, "database",
            [&](JsonValue database) { ReadDatabase(in, database, report.database); });
  in.InsideIfAny(root, "verdict",
                 [&](JsonValue verdict) { report.verdict = ReadVerdict(in, verdict); });
  in.InsideIfAny(root, "comparison",
                 [&](JsonValue comparison) { report.comparison = ReadComparison(in, comparison); });
  if (!root["exceptions"].IsMissing()) {
    report.exceptions = ReadExceptions(in, root);
  }
  in.Each(root, "actions", [&](JsonValue item) { report.actions.push_back(ReadAction(in, item)); });
  in.Each(root, "findings",
          [&](JsonValue item) { report.findings.push_back(ReadFinding(in, item)); });
  in.Each(root, "components",
          [&](JsonValue item) { report.inventory.components.push_back(ReadComponent(in, item)); });
  in.Inside(root, "coverage", [&](JsonValue coverage) { ReadCoverage(in, coverage, report); });
  in.Each(root, "diagnostics", [&](JsonValue item) {
    model::Diagnostic& diagnostic = report.inventory.diagnostics.emplace_back();
    diagnostic.code = in.Text(item, "code");
    diagnostic.severity = in.Word<model::Severity>(item, "severity", 3, ToString);
    diagnostic.path = in.Text(item, "path");
    diagnostic.layer = in.Layer(item, "layer");
    diagnostic.message = in.Text(item, "message");
  });
  if (!in.ok()) {
    return base::Invalid(in.problem());
  }
  return report;
}

}  // namespace scantling::report
