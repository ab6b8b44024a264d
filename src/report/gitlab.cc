// GitLab's reports. Container scanning: the security report schema, version 15.0.7
// (https://gitlab.com/gitlab-org/security-products/security-report-schemas), for the artifact
// "container_scanning". Code quality: https://docs.gitlab.com/ci/testing/code_quality/, a list that
// the merge request compares with the target branch's by fingerprint.
//
// Open findings only: GitLab reads no treatment from a report and would show accepted ones as new.
// Not handled: remediations (patches), which need the repository.
#include "base/digest.h"
#include "base/strings.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/markdown.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <algorithm>
#include <array>

namespace scantling::report {
namespace {

using codec::JsonWriter;

void PutClean(JsonWriter& out, std::string_view key, std::string_view text, size_t most) {
  out.Text(key, CutBytes(Clean(text), most));
}

std::string_view SeverityWord(model::Level level) {
  static constexpr std::array<std::string_view, 6> kWords = {"Unknown", "Info", "Low",
                                                             "Medium",  "High", "Critical"};
  return kWords[static_cast<size_t>(level) % kWords.size()];
}

// Without the zone, which the schema does not allow.
std::string PlainTime(const model::Report& report, const FormatOptions& options) {
  return DocumentTime(report, options).substr(0, 19);
}

void PutTool(JsonWriter& out, std::string_view key, const FormatOptions& options) {
  out.Key(key);
  out.BeginObject();
  out.Text("id", "scantling");
  out.Text("name", "Scantling");
  out.Key("vendor");
  out.BeginObject();
  out.Text("name", "Scantling");
  out.EndObject();
  PutClean(out, "version", options.program_version.empty() ? "0" : options.program_version, 100);
  out.EndObject();
}

void PutIdentifier(JsonWriter& out, const std::string& id) {
  out.BeginObject();
  const std::string lower = base::Lower(std::string_view(id).substr(0, 5));
  out.Text("type", lower.starts_with("cve-")    ? "cve"
                   : lower.starts_with("ghsa-") ? "ghsa"
                                                : "scantling_advisory");
  PutClean(out, "name", id.empty() ? "unknown" : id, 255);
  PutClean(out, "value", id.empty() ? "unknown" : id, 255);
  if (const std::string link = AdvisoryLink(id); !link.empty()) {
    out.Text("url", link);
  }
  out.EndObject();
}

void PutVulnerability(JsonWriter& out, const model::Finding& finding,
                      const model::Component* component, const model::Action* maybe_step,
                      const std::string& image, const std::string& system, const std::string& key) {
  out.BeginObject();
  out.Text("id", UuidOf(key));
  const std::string where = NameAndVersion(component, finding.component);
  PutClean(out, "name", finding.summary.empty() ? finding.id : finding.id + ": " + finding.summary,
           255);
  std::string description =
      finding.summary.empty() ? finding.id + " affects " + where + "." : finding.summary;
  std::vector<std::string> facts = finding.priority.reasons;
  if (finding.epss) {
    facts.push_back("EPSS " + Percent(finding.epss->probability));
  }
  if (!facts.empty()) {
    description += " (" + base::Join(facts, "; ") + ")";
  }
  out.Text("description", MarkdownText(description, 5000));  // GitLab shows it as Markdown
  out.Text("severity", SeverityWord(finding.severity.level));
  PutClean(out, "solution", SolutionOf(finding, component, maybe_step), 1000);
  out.Key("identifiers");
  out.BeginArray();
  PutIdentifier(out, finding.id);
  for (const std::string& alias : finding.aliases) {
    PutIdentifier(out, alias);
  }
  out.EndArray();
  out.Key("links");
  out.BeginArray();
  if (const std::string link = AdvisoryLink(finding.id); !link.empty()) {
    out.BeginObject();
    out.Text("url", link);
    out.EndObject();
  }
  out.EndArray();
  out.Key("location");
  out.BeginObject();
  out.Key("dependency");
  out.BeginObject();
  out.Key("package");
  out.BeginObject();
  PutClean(out, "name", NameOf(component, finding), 255);
  out.EndObject();
  PutClean(out, "version",
           component == nullptr || component->version.empty() ? "unknown" : component->version,
           255);
  out.EndObject();
  out.Text("operating_system", system);
  out.Text("image", image);
  out.EndObject();
  out.EndObject();
}

}  // namespace

void WriteGitlabContainerScanning(const model::Report& report, const FormatOptions& options,
                                  base::Output& output) {
  JsonWriter out(&output, JsonWriter::Layout::kCompact);
  const Index index(report);
  const Steps steps(report);
  StableKeys keys(report);
  std::string image = CutBytes(Clean(ImageNameOf(report)), 1000);
  if (image.empty()) {
    image = "unknown";
  }
  const model::Distro& distro = report.inventory.image.distro;
  std::string system = CutBytes(Clean(distro.id), 100);
  if (!system.empty() && !distro.version_id.empty()) {
    system += ":" + CutBytes(Clean(distro.version_id), 100);
  }
  if (system.empty()) {
    system = "unknown";
  }
  out.BeginObject();
  out.Text("version", "15.0.7");
  out.Key("scan");
  out.BeginObject();
  PutTool(out, "analyzer", options);
  PutTool(out, "scanner", options);
  out.Text("type", "container_scanning");
  out.Text("start_time", PlainTime(report, options));
  out.Text("end_time", PlainTime(report, options));
  out.Text("status", "success");
  if (const std::string text = NotCoveredText(report, options.screen.now); !text.empty()) {
    out.Key("messages");
    out.BeginArray();
    out.BeginObject();
    out.Text("level", "warn");
    out.Text("value", "not covered: " + text);
    out.EndObject();
    out.EndArray();
  }
  out.EndObject();
  out.Key("vulnerabilities");
  out.BeginArray();
  for (const model::Finding& finding : report.findings) {
    const std::string key = keys.Next(finding);
    if (model::IsOpen(finding)) {
      PutVulnerability(out, finding, index.MaybeComponent(finding.component),
                       steps.MaybeOf(finding), image, system, key);
    }
  }
  out.EndArray();
  out.Key("remediations");
  out.BeginArray();
  out.EndArray();
  out.EndObject();
  output.text() += '\n';
}

void WriteGitlabCodeQuality(const model::Report& report, const FormatOptions& /*options*/,
                            base::Output& output) {
  static constexpr std::array<std::string_view, 6> kSeverities = {"info",  "info",     "minor",
                                                                  "major", "critical", "blocker"};
  JsonWriter out(&output, JsonWriter::Layout::kCompact);
  const Index index(report);
  const Steps steps(report);
  StableKeys keys(report);
  const std::string dockerfile = CutBytes(Clean(report.inventory.image.dockerfile), 1000);
  out.BeginArray();
  for (const model::Finding& finding : report.findings) {
    const std::string key = keys.Next(finding);
    if (!model::IsOpen(finding)) {
      continue;
    }
    const model::Component* component = index.MaybeComponent(finding.component);
    out.BeginObject();
    PutClean(out, "description",
             finding.id + " in " + NameAndVersion(component, finding.component) + ": " +
                 SolutionOf(finding, component, steps.MaybeOf(finding)) +
                 (finding.summary.empty() ? "" : ". " + finding.summary),
             1000);
    PutClean(out, "check_name", finding.id.empty() ? "unknown" : finding.id, 255);
    out.Text("fingerprint", key);
    out.Text("severity", kSeverities[static_cast<size_t>(finding.severity.level) % 6]);
    out.Key("location");
    out.BeginObject();
    std::string path = dockerfile;
    if (path.empty() && component != nullptr && !component->locations.empty()) {
      path = CutBytes(Clean(component->locations.front().path), 1000);
    }
    out.Text("path", path.empty() ? "Dockerfile" : path);
    out.Key("lines");
    out.BeginObject();
    out.Int("begin", dockerfile.empty() ? 1 : std::max(LineOf(report, finding.layer), 1));
    out.EndObject();
    out.EndObject();
    out.EndObject();
  }
  out.EndArray();
  output.text() += '\n';
}

void WriteFailedGitlabCodeQuality(const model::Report& report, const FormatOptions& /*options*/,
                                  base::Output& output) {
  const model::Verdict verdict = report.verdict.value_or(model::Verdict());
  const std::string& dockerfile = report.inventory.image.dockerfile;
  JsonWriter out(&output, JsonWriter::Layout::kCompact);
  out.BeginArray();
  out.BeginObject();
  PutClean(out, "description", ImageNameOf(report) + ": " + FailedText(report), 1000);
  out.Text("check_name", "scan-failed");
  out.Text("fingerprint",
           base::Sha256Of(base::AsBytes("scan-failed\n" + RepositoryOf(report))).Hex());
  out.Text("severity", verdict.stopped ? "blocker" : verdict.warned ? "major" : "info");
  out.Key("location");
  out.BeginObject();
  out.Text("path", dockerfile.empty() ? "Dockerfile" : CutBytes(Clean(dockerfile), 1000));
  out.Key("lines");
  out.BeginObject();
  out.Int("begin", 1);
  out.EndObject();
  out.EndObject();
  out.EndObject();
  out.EndArray();
  output.text() += '\n';
}

}  // namespace scantling::report
