// The style and the script of the page that WriteHtml makes. They stand inside the page and are
// named by their hash in its Content-Security-Policy; nothing else runs.
#pragma once

#include <string_view>

namespace scantling::report {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace scantling::report
