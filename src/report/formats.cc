// The one list of formats, and the time that a document carries. A new form is a function in
// formats.h and a row here.
#include "report/formats.h"

#include "base/time.h"

#include <algorithm>

namespace scantling::report {
namespace {

void WriteScreen(const model::Report& report, const FormatOptions& options, base::Output& output) {
  output.text() += ToScreen(report, options.screen);
  output.Record();
}

void WriteReportJson(const model::Report& report, const FormatOptions& options,
                     base::Output& output) {
  WriteJson(report, output, options.jobs);
}

}  // namespace

const std::vector<FormatInfo>& FormatTable() {
  static const std::vector<FormatInfo> kTable = {
      {"text", ".txt", "the screen: what to do, counts, gaps", WriteScreen, true},
      {"json", ".json", "everything: scantling.report/1", WriteReportJson},
      {"ci-text", ".txt", "the log of a pipeline: at most ten lines", WriteCiText, true,
       WriteFailedCiText},
      {"markdown", ".md", "a summary with the steps, for GITHUB_STEP_SUMMARY", WriteMarkdown, true,
       WriteFailedMarkdown},
      {"pr-comment", ".md", "a comment on a pull request that replaces itself",
       WritePullRequestComment, true, WriteFailedPullRequestComment},
      {"github", ".txt", "GitHub's annotations, for the output of a step", WriteGithubAnnotations,
       true, WriteFailedGithub},
      {"html", ".html", "one page that opens offline, to sort and filter", WriteHtml, true},
      {"csv", ".csv", "a table of the findings", WriteCsv},
      {"sarif", ".sarif", "SARIF 2.1.0, for code scanning", WriteSarif},
      {"gitlab-container-scanning", ".json", "GitLab's security report, version 15",
       WriteGitlabContainerScanning},
      {"gitlab-code-quality", ".json", "GitLab's code quality report", WriteGitlabCodeQuality,
       false, WriteFailedGitlabCodeQuality},
      {"template", ".txt", "your own Mustache template over the JSON", WriteTemplate, true},
      {"cyclonedx", ".cdx.json", "CycloneDX 1.6: components and findings", WriteCycloneDxJson},
      {"cyclonedx-xml", ".cdx.xml", "the same as XML", WriteCycloneDxXml},
      {"spdx-json", ".spdx.json", "SPDX 2.3", WriteSpdxJson},
      {"spdx-tag-value", ".spdx", "SPDX 2.3 as tags and values", WriteSpdxTagValue},
      {"spdx3-json", ".spdx3.json", "SPDX 3.0.1 (JSON-LD)", WriteSpdx3Json},
      {"intoto-cyclonedx", ".intoto.json", "in-toto statement: CycloneDX about the image",
       WriteInTotoCycloneDx},
      {"intoto-spdx", ".intoto.json", "in-toto statement: SPDX 2.3 about the image",
       WriteInTotoSpdx},
      {"intoto-vuln", ".intoto.json", "in-toto statement: the findings about the image",
       WriteInTotoVuln},
      {"openvex", ".openvex.json", "what is decided about the findings, as OpenVEX", WriteOpenVex},
      {"csaf-vex", ".csaf.json", "the same as CSAF 2.0 VEX", WriteCsafVex},
      {"cyclonedx-vex", ".vex.cdx.json", "the same as CycloneDX VEX", WriteCycloneDxVex},
      {"junit", ".xml", "JUnit XML: rules and findings as tests", WriteJUnit, false,
       WriteFailedJUnit},
  };
  return kTable;
}

const FormatInfo* MaybeFormat(std::string_view name) {
  const std::vector<FormatInfo>& table = FormatTable();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const FormatInfo& info) { return info.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string DocumentTime(const model::Report& report, const FormatOptions& options) {
  const auto created = base::ParseTime(report.inventory.image.created);
  return base::FormatTime(options.screen.now.value_or(created.value_or(0)));
}

}  // namespace scantling::report
