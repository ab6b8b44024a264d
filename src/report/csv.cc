// A table of the findings as CSV (RFC 4180: CRLF, quotes doubled), for spreadsheets.
//
// A spreadsheet takes a cell that starts with = + - @, a tab or a line end for a formula, so such a
// cell gets an apostrophe in front. Control characters become '?' and line ends blanks: one finding
// is one line.
#include "base/strings.h"
#include "report/formats.h"
#include "report/json_parts.h"
#include "report/pipeline_parts.h"
#include "report/screen_parts.h"
#include "report/text.h"

#include <array>

namespace scantling::report {
namespace {

class Row {
 public:
  explicit Row(std::string* out) : out_(out) {}

  void Cell(std::string_view value) {
    if (!first_) {
      *out_ += ',';
    }
    first_ = false;
    std::string text = Clean(value);
    if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) {
      text.insert(text.begin(), '\'');
    }
    if (text.find_first_of(",\"' ;") == std::string::npos) {
      *out_ += text;
      return;
    }
    *out_ += '"';
    for (const char c : text) {
      if (c == '"') {
        *out_ += '"';
      }
      *out_ += c;
    }
    *out_ += '"';
  }
  void Cell(double number) {
    std::string text;
    codec::JsonWriter(&text).Double(number);
    Cell(number < 0 ? std::string_view() : std::string_view(text));
  }
  void End() { *out_ += "\r\n"; }

 private:
  std::string* out_;
  bool first_ = true;
};

constexpr std::array<std::string_view, 24> kColumns = {
    "rank",      "id",       "severity",       "score",        "component", "version",
    "ecosystem", "fix",      "fixed_versions", "epss",         "kev",       "due",
    "change",    "origin",   "status",         "status_until", "stage",     "layer",
    "place",     "location", "published",      "link",         "purl",      "summary"};

}  // namespace

void WriteCsv(const model::Report& report, const FormatOptions& /*options*/, base::Output& output) {
  const Index index(report);
  const Stages stages(report);
  std::string& out = output.text();
  Row header(&out);
  for (const std::string_view name : kColumns) {
    header.Cell(name);
  }
  header.End();
  for (const model::Finding& finding : report.findings) {
    const model::Component* component = index.MaybeComponent(finding.component);
    Row row(&out);
    row.Cell(std::to_string(finding.priority.rank));
    row.Cell(finding.id);
    row.Cell(model::ToString(finding.severity.level));
    row.Cell(finding.severity.score);
    row.Cell(NameOf(component, finding));
    row.Cell(component == nullptr ? "" : component->version);
    row.Cell(component == nullptr ? "" : version::PurlType(component->type));
    row.Cell(model::ToString(finding.fix_state));
    row.Cell(base::Join(finding.fixed_versions, " "));
    row.Cell(finding.epss ? finding.epss->probability : -1);
    row.Cell(finding.kev ? finding.kev->date_added : "");
    row.Cell(finding.priority.due);
    row.Cell(model::ToString(finding.change));
    row.Cell(model::ToString(finding.origin));
    row.Cell(finding.treatment ? model::ToString(finding.treatment->kind) : "open");
    row.Cell(finding.treatment ? finding.treatment->until : "");
    const auto stage = stages.Of(model::FindingKey(finding.id, finding.component));
    row.Cell(stage ? model::ToString(*stage) : "");
    row.Cell(finding.layer < 0 ? "" : LayerNumber(finding.layer));
    row.Cell(LineOf(report, finding.layer) > 0 ? PlaceOf(report, finding.layer) : "");
    row.Cell(component == nullptr || component->locations.empty()
                 ? ""
                 : component->locations.front().path);
    row.Cell(finding.published);
    row.Cell(AdvisoryLink(finding.id));
    row.Cell(component == nullptr ? finding.component : component->purl);
    row.Cell(finding.summary);
    row.End();
    output.Record();
  }
}

}  // namespace scantling::report
