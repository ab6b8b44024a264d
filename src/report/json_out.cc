// ToJson and InventoryToJson: the documents scantling.report/1 and scantling.inventory/1
// (api/*.schema.json, docs/formats/report.md). Members stand in a fixed order, lists in the order
// of the model, which is sorted.
#include "report/json_parts.h"
#include "report/report.h"
#include "report/summary.h"

#include <utility>

namespace scantling::report {
namespace {

using codec::JsonWriter;

void PutNumberOrNull(JsonWriter& out, std::string_view key, double value) {
  out.Key(key);
  if (value < 0) {
    out.Null();
  } else {
    out.Double(value);
  }
}

void PutSeverity(JsonWriter& out, const model::SeverityOpinion& severity) {
  out.BeginObject();
  PutText(out, "level", model::ToString(severity.level));
  PutNumberOrNull(out, "score", severity.score);
  PutText(out, "vector", severity.vector);
  PutText(out, "source", severity.source);
  out.EndObject();
}

void PutThreat(JsonWriter& out, const model::Finding& finding) {
  out.Key("epss");
  if (finding.epss) {
    out.BeginObject();
    out.Double("probability", finding.epss->probability);
    PutNumberOrNull(out, "percentile", finding.epss->percentile);
    PutText(out, "date", finding.epss->date);
    out.EndObject();
  } else {
    out.Null();
  }
  out.Key("kev");
  if (finding.kev) {
    out.BeginObject();
    PutText(out, "date_added", finding.kev->date_added);
    PutText(out, "due_date", finding.kev->due_date);
    out.Bool("ransomware", finding.kev->ransomware);
    out.EndObject();
  } else {
    out.Null();
  }
  out.Key("exploit");
  if (finding.exploit) {
    out.BeginObject();
    PutText(out, "kind", ToString(finding.exploit->kind));
    PutTexts(out, "sources", finding.exploit->sources);
    out.EndObject();
  } else {
    out.Null();
  }
  out.Key("ssvc");
  if (finding.ssvc) {
    out.BeginObject();
    PutText(out, "exploitation", finding.ssvc->exploitation);
    PutText(out, "automatable", finding.ssvc->automatable);
    PutText(out, "technical_impact", finding.ssvc->technical_impact);
    PutText(out, "source", finding.ssvc->source);
    out.EndObject();
  } else {
    out.Null();
  }
}

void PutTreatment(JsonWriter& out, const std::optional<model::Treatment>& treatment) {
  out.Key("treatment");
  if (!treatment) {
    out.Null();
    return;
  }
  out.BeginObject();
  PutText(out, "kind", model::ToString(treatment->kind));
  PutText(out, "id", treatment->id);
  PutText(out, "source", treatment->source);
  PutText(out, "reason", treatment->reason);
  PutText(out, "words", treatment->words);
  PutText(out, "owner", treatment->owner);
  PutText(out, "approver", treatment->approver);
  PutText(out, "until", treatment->until);
  out.EndObject();
}

void PutFinding(JsonWriter& out, const model::Finding& finding) {
  out.BeginObject();
  PutText(out, "id", finding.id);
  PutTexts(out, "aliases", finding.aliases);
  PutText(out, "summary", finding.summary);
  PutText(out, "component", finding.component);
  PutText(out, "fix_state", model::ToString(finding.fix_state));
  PutText(out, "fix_note", finding.fix_note);
  PutTexts(out, "fixed_versions", finding.fixed_versions);
  PutText(out, "fix_available", finding.fix_available);
  out.Key("severity");
  PutSeverity(out, finding.severity);
  out.Key("severities");
  out.BeginArray();
  for (const model::SeverityOpinion& severity : finding.severities) {
    PutSeverity(out, severity);
  }
  out.EndArray();
  PutThreat(out, finding);
  out.Key("priority");
  out.BeginObject();
  out.Uint("rank", finding.priority.rank);
  PutText(out, "level", finding.priority.level);
  PutText(out, "due", finding.priority.due);
  out.Double("risk", finding.priority.risk);
  PutTexts(out, "reasons", finding.priority.reasons);
  out.EndObject();
  out.Int("layer", finding.layer);
  PutText(out, "origin", model::ToString(finding.origin));
  PutText(out, "change", model::ToString(finding.change));
  PutTreatment(out, finding.treatment);
  PutText(out, "published", finding.published);
  PutText(out, "advisory", finding.advisory);
  PutText(out, "source", finding.source);
  PutText(out, "range", finding.range);
  PutText(out, "rule", finding.rule);
  out.EndObject();
}

void PutAction(JsonWriter& out, const model::Action& action) {
  out.BeginObject();
  PutText(out, "id", action.id);
  PutText(out, "kind", model::ToString(action.kind));
  PutText(out, "title", action.title);
  PutTexts(out, "steps", action.steps);
  PutTexts(out, "resolves", action.resolves);
  PutSize(out, "remains", action.remains);
  PutText(out, "owner", model::ToString(action.owner));
  out.Int("layer", action.layer);
  PutText(out, "created_by", action.created_by);
  PutText(out, "reason", action.reason);
  out.Double("risk", action.risk);
  PutText(out, "due", action.due);
  out.EndObject();
}

void PutDatabase(JsonWriter& out, const model::DatabaseInfo& database) {
  out.Key("database");
  out.BeginObject();
  PutText(out, "digest", database.digest);
  out.Bool("embedded", database.embedded);
  out.Key("sources");
  out.BeginArray();
  for (const model::SourceInfo& source : database.sources) {
    out.BeginObject();
    PutText(out, "name", source.name);
    PutText(out, "as_of", source.as_of);
    PutSize(out, "records", source.records);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
}

void PutChangeCounts(JsonWriter& out, const model::Comparison& comparison) {
  PutSize(out, "introduced", comparison.introduced);
  PutSize(out, "inherited", comparison.inherited);
  PutSize(out, "existing", comparison.existing);
  PutSize(out, "new_in_world", comparison.new_in_world);
}

void PutComparison(JsonWriter& out, const std::optional<model::Comparison>& comparison) {
  out.Key("comparison");
  if (!comparison) {
    out.Null();
    return;
  }
  out.BeginObject();
  PutText(out, "against", comparison->against);
  PutText(out, "against_digest", comparison->against_digest);
  PutText(out, "recorded", comparison->recorded);
  PutChangeCounts(out, *comparison);
  PutTexts(out, "notes", comparison->notes);
  out.Key("resolved");
  out.BeginArray();
  for (const model::Finding& finding : comparison->resolved) {
    PutFinding(out, finding);
  }
  out.EndArray();
  out.EndObject();
}

void PutVerdict(JsonWriter& out, const std::optional<model::Verdict>& verdict) {
  out.Key("verdict");
  if (!verdict) {
    out.Null();
    return;
  }
  out.BeginObject();
  PutText(out, "policy", verdict->policy);
  PutText(out, "policy_digest", verdict->policy_digest);
  PutText(out, "environment", verdict->environment);
  PutText(out, "team", verdict->team);
  out.Bool("stopped", verdict->stopped);
  out.Bool("warned", verdict->warned);
  out.Key("rules");
  out.BeginArray();
  for (const model::RuleOutcome& outcome : verdict->rules) {
    out.BeginObject();
    PutText(out, "rule", outcome.rule);
    PutText(out, "text", outcome.text);
    PutText(out, "who", outcome.who);
    PutText(out, "stage", model::ToString(outcome.stage));
    PutText(out, "asked", model::ToString(outcome.asked));
    PutText(out, "held_back", outcome.held_back);
    PutTexts(out, "findings", outcome.findings);
    PutTexts(out, "in_grace", outcome.in_grace);
    PutTexts(out, "routed", outcome.routed);
    PutTexts(out, "excepted", outcome.excepted);
    PutTexts(out, "unknown", outcome.unknown);
    PutText(out, "unknown_why", outcome.unknown_why);
    PutText(out, "matched", outcome.matched);
    PutText(out, "deadline", outcome.deadline);
    out.EndObject();
  }
  out.EndArray();
  PutTexts(out, "notes", verdict->notes);
  out.EndObject();
}

void PutExceptions(JsonWriter& out, const std::vector<model::ExceptionUse>& exceptions) {
  out.Key("exceptions");
  out.BeginArray();
  for (const model::ExceptionUse& use : exceptions) {
    out.BeginObject();
    PutText(out, "id", use.id);
    PutText(out, "where", use.where);
    PutText(out, "owner", use.owner);
    PutText(out, "until", use.until);
    PutText(out, "state", use.state);
    PutSize(out, "findings", use.findings);
    PutText(out, "note", use.note);
    out.EndObject();
  }
  out.EndArray();
}

void PutSummary(JsonWriter& out, const model::Report& report) {
  const Summary summary = Summarize(report);
  out.Key("summary");
  out.BeginObject();
  PutSize(out, "components", summary.components);
  PutSize(out, "findings", summary.findings);
  PutSize(out, "vulnerabilities", summary.vulnerabilities);
  out.Key("levels");
  out.BeginObject();
  for (size_t level = summary.by_level.size(); level-- > 0;) {
    PutSize(out, model::ToString(static_cast<model::Level>(level)), summary.by_level[level]);
  }
  out.EndObject();
  out.Key("fix_states");
  out.BeginObject();
  for (const auto state :
       {model::FixState::kFixed, model::FixState::kNotFixed, model::FixState::kWontFix,
        model::FixState::kDeferred, model::FixState::kUnknown}) {
    PutSize(out, model::ToString(state), summary.by_fix_state[std::to_underlying(state)]);
  }
  out.EndObject();
  PutSize(out, "exploited", summary.exploited);
  PutSize(out, "fixable", summary.fixable);
  PutSize(out, "accepted", summary.accepted);
  PutSize(out, "not_affected", summary.not_affected);
  out.Key("changes");
  if (report.comparison) {
    out.BeginObject();
    PutChangeCounts(out, *report.comparison);
    PutSize(out, "resolved", report.comparison->resolved.size());
    out.EndObject();
  } else {
    out.Null();
  }
  PutSize(out, "actions", summary.actions);
  PutTexts(out, "gaps", Gaps(report));
  out.EndObject();
}

}  // namespace

void WriteJson(const model::Report& report, base::Output& output, unsigned jobs) {
  JsonWriter out(&output);
  PutReport(out, report, jobs);
}

void PutReport(JsonWriter& out, const model::Report& report, unsigned jobs) {
  out.BeginObject();
  PutText(out, "schema", kReportSchema);
  out.Key("image");
  out.BeginObject();
  PutImage(out, report.inventory.image, &report.distro_end_of_life);
  out.Key("base");
  out.BeginObject();
  out.Int("layers", report.base_layers);
  PutText(out, "name", report.base_name);
  PutText(out, "known_by", report.base_known_by);
  out.EndObject();
  out.EndObject();
  PutDatabase(out, report.database);
  PutSummary(out, report);
  PutVerdict(out, report.verdict);
  PutComparison(out, report.comparison);
  PutExceptions(out, report.exceptions);
  out.Key("actions");
  out.BeginArray();
  for (const model::Action& action : report.actions) {
    PutAction(out, action);
  }
  out.EndArray();
  PutList(out, "findings", report.findings, jobs, PutFinding);
  PutComponents(out, report.inventory.components, jobs);
  out.Key("coverage");
  out.BeginObject();
  PutCoverage(out, report.inventory.coverage);
  out.Key("ecosystems");
  out.BeginArray();
  for (const model::EcosystemCoverage& ecosystem : report.ecosystems) {
    out.BeginObject();
    PutText(out, "name", ecosystem.name);
    PutSize(out, "components", ecosystem.components);
    PutText(out, "data_as_of", ecosystem.data_as_of);
    PutText(out, "state", model::ToString(ecosystem.state));
    PutSize(out, "skipped", ecosystem.skipped);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  PutDiagnostics(out, report.inventory.diagnostics);
  out.EndObject();
}

std::string ToJson(const model::Report& report) {
  return base::Rendered([&](base::Output& output) { WriteJson(report, output); });
}

void WriteInventoryJson(const model::Inventory& inventory, base::Output& output) {
  JsonWriter out(&output);
  out.BeginObject();
  PutText(out, "schema", kInventorySchema);
  out.Key("image");
  out.BeginObject();
  PutImage(out, inventory.image, nullptr);
  out.EndObject();
  PutComponents(out, inventory.components);
  out.Key("coverage");
  out.BeginObject();
  PutCoverage(out, inventory.coverage);
  out.EndObject();
  PutDiagnostics(out, inventory.diagnostics);
  out.EndObject();
}

}  // namespace scantling::report
