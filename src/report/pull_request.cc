// The body of a comment on a pull or merge request. Its first line is a marker that does not show:
// who posts it looks for a comment that starts with the same marker and replaces that one, so that
// there is one comment per image, whatever number of runs. GitHub takes at most 65,536 characters.
#include "report/formats.h"
#include "report/markdown.h"
#include "report/pipeline_parts.h"

namespace scantling::report {
namespace {

constexpr size_t kMostBytes = 65'536;

// The repository's name without what could end an HTML comment.
std::string Marker(const model::Report& report) {
  std::string name;
  for (const char c : RepositoryOf(report).substr(0, 256)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '/' || c == ':';
    if (plain || (c == '-' && !name.empty() && name.back() != '-')) {
      name += c;
    } else if (c != '-') {
      name += '_';
    }
  }
  return "<!-- scantling:" + name + " -->\n";
}

}  // namespace

void WritePullRequestComment(const model::Report& report, const FormatOptions& options,
                             base::Output& output) {
  std::string& out = output.text();
  const std::string marker = Marker(report);
  out += marker;
  AppendMarkdown(report, options,
                 {.bytes = kMostBytes - marker.size(), .steps = 20, .findings = 50}, out);
  output.Record();
}

void WriteFailedPullRequestComment(const model::Report& report, const FormatOptions& options,
                                   base::Output& output) {
  output.text() += Marker(report);
  AppendFailedMarkdown(report, options, output.text());
  output.Record();
}

}  // namespace scantling::report
