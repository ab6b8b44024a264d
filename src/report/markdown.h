// The Markdown that the forms "markdown" and "pr-comment" share (GitHub's and GitLab's flavours).
#pragma once

#include "report/formats.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace scantling::report {

// Text that comes from outside as Markdown that shows it and does nothing else: no markup, no HTML,
// no links, no mentions, no references to issues; on one line.
std::string MarkdownText(std::string_view text, size_t most_bytes = 300);
// The same in fixed width.
std::string MarkdownCode(std::string_view text, size_t most_bytes = 200);

struct MarkdownBounds {
  size_t bytes = 900'000;  // of the whole; rows that do not fit are counted
  size_t steps = 50;
  size_t findings = 200;
};

// When the image could not be scanned.
void AppendFailedMarkdown(const model::Report& report, const FormatOptions& options,
                          std::string& out);

void AppendMarkdown(const model::Report& report, const FormatOptions& options,
                    const MarkdownBounds& bounds, std::string& out);

}  // namespace scantling::report
