// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), by GitHub's rules for it
// (https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning):
// a rule per vulnerability with security-severity, precision and tags; a fingerprint that stays
// when the image gets a new version; a location in the repository where a Dockerfile is known, else
// the path in the image.
//
// Open findings only: GitHub reads no suppressions, and would show what is accepted as open. GitHub
// takes 25,000 results in a run and shows 5,000; all are written, the first by rank first.
#include "base/digest.h"
#include "base/strings.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace scantling::report {
namespace {

using codec::JsonWriter;

void PutClean(JsonWriter& out, std::string_view key, std::string_view text, size_t most) {
  out.Text(key, CutBytes(Clean(text), most));
}

void PutMessage(JsonWriter& out, std::string_view key, std::string_view text, size_t most) {
  out.Key(key);
  out.BeginObject();
  PutClean(out, "text", text, most);
  out.EndObject();
}

// GitHub makes its own level out of the number: above 9.0 critical, from 7.0 high, from 4.0 medium.
// The score where it says what our level says, else a number that does; -1 for no level.
double SecuritySeverity(const model::SeverityOpinion& severity) {
  struct Range {
    double from;
    double to;
    double usual;
  };
  static constexpr std::array<Range, 6> kRanges = {{{-1, -1, -1},
                                                    {0.1, 3.9, 0.1},
                                                    {0.1, 3.9, 2.0},
                                                    {4.0, 6.9, 5.5},
                                                    {7.0, 9.0, 8.0},
                                                    {9.1, 10.0, 9.5}}};
  const Range& range = kRanges[static_cast<size_t>(severity.level) % kRanges.size()];
  const bool fits = severity.score >= range.from && severity.score <= range.to;
  return fits ? severity.score : range.usual;
}

std::string_view LevelOf(model::Level level) {
  return level >= model::Level::kHigh      ? "error"
         : level == model::Level::kMedium  ? "warning"
         : level == model::Level::kUnknown ? "warning"
                                           : "note";
}

// A relative reference (RFC 3986): what is not unreserved or '/' becomes %XX.
std::string Uri(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
  }
  for (const char c : CutBytes(Clean(path), 2000)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
        std::string_view("-._~/@+!").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

// An id that is longer than GitHub takes keeps its start and gets a hash.
std::string RuleId(const std::string& id) {
  const std::string clean = Clean(id);
  if (clean.size() <= 200) {
    return clean.empty() ? "unknown" : clean;
  }
  return CutBytes(clean, 150) + "-" + base::Sha256Of(base::AsBytes(clean)).Hex().substr(0, 16);
}

struct Rule {
  const model::Finding* finding;  // the first of that id
  std::string id;
  model::SeverityOpinion worst;
};

void PutRule(JsonWriter& out, const Rule& rule) {
  const model::Finding& finding = *rule.finding;
  const std::string link = AdvisoryLink(finding.id);
  const std::string summary =
      finding.summary.empty() ? "Known vulnerability " + finding.id : finding.summary;
  out.BeginObject();
  out.Text("id", rule.id);
  out.Text("name", rule.id);
  PutMessage(out, "shortDescription",
             finding.summary.empty() ? finding.id : finding.id + ": " + summary, 1000);
  PutMessage(out, "fullDescription", summary, 1000);
  if (!link.empty()) {
    out.Text("helpUri", link);
  }
  PutMessage(
      out, "help",
      summary +
          (finding.aliases.empty() ? "" : ". Also known as " + base::Join(finding.aliases, ", ")) +
          (link.empty() ? "" : ". " + link),
      4000);
  out.Key("defaultConfiguration");
  out.BeginObject();
  out.Text("level", LevelOf(rule.worst.level));
  out.EndObject();
  out.Key("properties");
  out.BeginObject();
  out.Text("precision", "very-high");
  if (const double score = SecuritySeverity(rule.worst); score >= 0) {
    std::string text;
    JsonWriter(&text).Double(score);
    out.Text("security-severity", text);
  }
  out.Key("tags");
  out.BeginArray();
  out.Text("security");
  out.Text("vulnerability");
  out.Text(model::ToString(rule.worst.level));
  if (finding.kev) {
    out.Text("exploited");
  }
  out.EndArray();
  out.EndObject();
  out.EndObject();
}

void PutLocation(JsonWriter& out, const model::Report& report, const model::Finding& finding,
                 const model::Component* component) {
  const std::string& dockerfile = report.inventory.image.dockerfile;
  std::string uri = Uri(dockerfile);
  if (uri.empty() && component != nullptr && !component->locations.empty()) {
    uri = Uri(component->locations.front().path);
  }
  out.Key("locations");
  out.BeginArray();
  out.BeginObject();
  out.Key("physicalLocation");
  out.BeginObject();
  out.Key("artifactLocation");
  out.BeginObject();
  out.Text("uri", uri.empty() ? "image" : uri);
  out.EndObject();
  out.Key("region");
  out.BeginObject();
  out.Int("startLine", dockerfile.empty() ? 1 : std::max(LineOf(report, finding.layer), 1));
  out.EndObject();
  out.EndObject();
  out.Key("logicalLocations");
  out.BeginArray();
  out.BeginObject();
  PutClean(out, "fullyQualifiedName", finding.component, 1000);
  out.Text("kind", "package");
  out.EndObject();
  out.EndArray();
  out.EndObject();
  out.EndArray();
}

void PutResult(JsonWriter& out, const model::Report& report, const model::Finding& finding,
               const model::Component* component, const Rule& rule, size_t rule_index,
               const std::string& key, std::optional<model::Stage> stage,
               const model::Action* maybe_step) {
  out.BeginObject();
  out.Text("ruleId", rule.id);
  out.Uint("ruleIndex", rule_index);
  out.Text("level", LevelOf(finding.severity.level));
  std::string message = finding.id + " in " + NameAndVersion(component, finding.component) + ": " +
                        SolutionOf(finding, component, maybe_step);
  if (component != nullptr && !component->locations.empty()) {
    message += ". Found at " + component->locations.front().path;
  }
  if (finding.layer >= 0) {
    message += ", layer " + LayerNumber(finding.layer);
  }
  // A message may hold links and placeholders: [text](target), {0}.
  std::string escaped;
  for (const char c : CutBytes(Clean(message), 2000)) {
    if (c == '[' || c == ']' || c == '\\') {
      escaped += '\\';
    }
    escaped += c;
    if (c == '{' || c == '}') {
      escaped += c;
    }
  }
  out.Key("message");
  out.BeginObject();
  out.Text("text", escaped);
  out.EndObject();
  PutLocation(out, report, finding, component);
  out.Key("partialFingerprints");
  out.BeginObject();
  out.Text("primaryLocationLineHash", key.substr(0, 16) + ":1");
  out.Text("scantlingFinding/v1", key);
  out.EndObject();
  if (report.comparison && finding.change != model::Change::kUnknown) {
    const bool is_new = finding.change == model::Change::kIntroduced ||
                        finding.change == model::Change::kNewInWorld;
    out.Text("baselineState", is_new ? "new" : "unchanged");
  }
  out.Key("properties");
  out.BeginObject();
  out.Uint("rank", finding.priority.rank);
  if (!finding.priority.due.empty()) {
    PutClean(out, "due", finding.priority.due, 40);
  }
  if (finding.epss) {
    out.Double("epss", finding.epss->probability);
  }
  out.Bool("exploited", finding.kev.has_value());
  out.Text("change", model::ToString(finding.change));
  if (stage) {
    out.Text("stage", model::ToString(*stage));
  }
  out.EndObject();
  out.EndObject();
}

}  // namespace

void WriteSarif(const model::Report& report, const FormatOptions& options, base::Output& output) {
  const Index index(report);
  const Stages stages(report);
  const Steps steps(report);
  std::vector<Rule> rules;
  std::unordered_map<std::string, size_t> rule_of;  // by id, which two names may share once cleaned
  std::vector<size_t> rule_indexes;                 // of the open findings
  for (const model::Finding& finding : report.findings) {
    if (!model::IsOpen(finding)) {
      continue;
    }
    const auto [at, is_new] = rule_of.emplace(RuleId(finding.id), rules.size());
    if (is_new) {
      rules.push_back({&finding, at->first, finding.severity});
    } else if (SecuritySeverity(finding.severity) > SecuritySeverity(rules[at->second].worst)) {
      rules[at->second].worst = finding.severity;
    }
    rule_indexes.push_back(at->second);
  }
  JsonWriter out(&output, JsonWriter::Layout::kCompact);
  out.BeginObject();
  out.Text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.Text("version", "2.1.0");
  out.Key("runs");
  out.BeginArray();
  out.BeginObject();
  out.Key("tool");
  out.BeginObject();
  out.Key("driver");
  out.BeginObject();
  out.Text("name", "Scantling");
  if (!options.program_version.empty()) {
    PutClean(out, "version", options.program_version, 100);
  }
  out.Key("rules");
  out.BeginArray();
  for (const Rule& rule : rules) {
    PutRule(out, rule);
    output.Record();
  }
  out.EndArray();
  out.EndObject();
  out.EndObject();
  out.Key("automationDetails");
  out.BeginObject();
  PutClean(out, "id", "scantling/" + RepositoryOf(report) + "/", 255);
  out.EndObject();
  out.Text("columnKind", "utf16CodeUnits");
  out.Key("results");
  out.BeginArray();
  StableKeys keys(report);
  size_t open = 0;
  for (const model::Finding& finding : report.findings) {
    const std::string key = keys.Next(finding);
    if (!model::IsOpen(finding)) {
      continue;
    }
    const size_t rule = rule_indexes[open++];
    PutResult(out, report, finding, index.MaybeComponent(finding.component), rules[rule], rule, key,
              stages.Of(model::FindingKey(finding.id, finding.component)), steps.MaybeOf(finding));
    output.Record();
  }
  out.EndArray();
  out.Key("properties");
  out.BeginObject();
  PutClean(out, "image", ImageNameOf(report), 1000);
  PutClean(out, "imageDigest", report.inventory.image.digest, 200);
  out.Text("verdict", VerdictWord(report));
  // The clock is not asked, so that the bytes depend on the inputs alone: how old the data is can
  // be told from its dates.
  out.Text("dataAsOf", DataDates(report));
  out.Text("notCovered", NotCoveredText(report, options.screen.now));
  if (report.verdict) {
    out.Key("notes");
    out.BeginArray();
    for (const std::string& note : report.verdict->notes) {
      out.Text(CutBytes(Clean(note), 500));
    }
    out.EndArray();
  }
  out.EndObject();
  out.EndObject();
  out.EndArray();
  out.EndObject();
  output.text() += '\n';
  output.Record();
}

}  // namespace scantling::report
