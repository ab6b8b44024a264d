// Every form in which a report leaves the program. One function per form, one row per form in
// FormatTable(), which --format and --output are made from. All write in blocks into base::Output
// and keep nothing of the document in memory; same report and options, same bytes.
#pragma once

#include "base/output.h"
#include "model/report.h"
#include "report/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

struct FormatOptions {
  unsigned jobs = 1;  // threads; the bytes do not depend on how many
  ScreenOptions screen;
  std::string program_version;  // "0.1.0"
  // Time of the document where its format wants one: screen.now when it was given, else when the
  // image was created, else 1970-01-01 (so that the bytes depend on the inputs alone).
  std::string link;           // to the full report, for forms that end with one; "" none
  std::string template_text;  // of the form "template"
};

struct FormatInfo {
  std::string_view name;       // "sarif"
  std::string_view extension;  // ".sarif"
  std::string_view help;
  void (*write)(const model::Report& report, const FormatOptions& options, base::Output& output);
  bool for_people = false;  // wants ages, so that it gets the clock
  // What it says when the image could not be scanned: of the report there are the names of the
  // image and the verdict, whose notes say why. null: a report of findings, of which there are none
  // to tell; the form is then not written, as it would look clean.
  void (*write_failed)(const model::Report& report, const FormatOptions& options,
                       base::Output& output) = nullptr;
};

const std::vector<FormatInfo>& FormatTable();
const FormatInfo* MaybeFormat(std::string_view name);

// RFC 3339 in UTC, by the rule above.
std::string DocumentTime(const model::Report& report, const FormatOptions& options);

// For people.
void WriteMarkdown(const model::Report&, const FormatOptions&, base::Output&);
void WriteHtml(const model::Report&, const FormatOptions&, base::Output&);
void WriteCsv(const model::Report&, const FormatOptions&, base::Output&);
void WriteTemplate(const model::Report&, const FormatOptions&, base::Output&);

// For pipelines.
void WriteCiText(const model::Report&, const FormatOptions&, base::Output&);  // at most ten lines
void WriteSarif(const model::Report&, const FormatOptions&, base::Output&);
void WriteGithubAnnotations(const model::Report&, const FormatOptions&, base::Output&);
void WritePullRequestComment(const model::Report&, const FormatOptions&, base::Output&);
void WriteGitlabContainerScanning(const model::Report&, const FormatOptions&, base::Output&);
void WriteGitlabCodeQuality(const model::Report&, const FormatOptions&, base::Output&);
void WriteJUnit(const model::Report&, const FormatOptions&, base::Output&);

// When the image could not be scanned.
void WriteFailedCiText(const model::Report&, const FormatOptions&, base::Output&);
void WriteFailedMarkdown(const model::Report&, const FormatOptions&, base::Output&);
void WriteFailedPullRequestComment(const model::Report&, const FormatOptions&, base::Output&);
void WriteFailedGithub(const model::Report&, const FormatOptions&, base::Output&);
void WriteFailedGitlabCodeQuality(const model::Report&, const FormatOptions&, base::Output&);
void WriteFailedJUnit(const model::Report&, const FormatOptions&, base::Output&);

// Bills of materials, with the findings in them where the format has a place for these.
void WriteCycloneDxJson(const model::Report&, const FormatOptions&, base::Output&);
void WriteCycloneDxXml(const model::Report&, const FormatOptions&, base::Output&);
void WriteSpdxJson(const model::Report&, const FormatOptions&, base::Output&);      // 2.3
void WriteSpdxTagValue(const model::Report&, const FormatOptions&, base::Output&);  // 2.3
void WriteSpdx3Json(const model::Report&, const FormatOptions&, base::Output&);     // 3.0.1 JSON-LD

// in-toto statements.
void WriteInTotoCycloneDx(const model::Report&, const FormatOptions&, base::Output&);
void WriteInTotoSpdx(const model::Report&, const FormatOptions&, base::Output&);
void WriteInTotoVuln(const model::Report&, const FormatOptions&, base::Output&);

// What is decided about the findings, for others.
void WriteOpenVex(const model::Report&, const FormatOptions&, base::Output&);
void WriteCsafVex(const model::Report&, const FormatOptions&, base::Output&);
void WriteCycloneDxVex(const model::Report&, const FormatOptions&, base::Output&);

}  // namespace scantling::report
