// Text for terminals: what came out of an image is made harmless, measured in columns, cut, padded
// and wrapped.
//
// Column widths follow Unicode's East Asian Width (https://www.unicode.org/reports/tr11/) by a
// short table of the wide blocks. Not handled: emoji sequences, and scripts that join letters; a
// column may then be off by one.
#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

// Valid UTF-8 without control characters (C0, C1, DEL), without line and paragraph separators and
// without the marks that change the direction of writing: each becomes '?'; tabs and line ends
// become a blank.
std::string Clean(std::string_view text);

// Requires for all below: clean text.
size_t Columns(std::string_view text);
// At most `columns` wide; what is cut off is marked with "..".
std::string Cut(std::string_view text, size_t columns);
// Exactly `columns` wide: cut or filled with blanks on the right (PadLeft: on the left).
std::string Pad(std::string_view text, size_t columns);
std::string PadLeft(std::string_view text, size_t columns);
// Lines of at most `columns`, broken at blanks; a longer word has a line of its own and is not cut.
// Never empty.
std::vector<std::string> Wrap(std::string_view text, size_t columns);

// "3 days", "5 weeks", "14 months", "6 years": the length of a time in words. Negative is taken as
// its opposite.
std::string Span(base::Seconds seconds);
// "1 layer", "3 layers"
std::string Count(uint64_t count, std::string_view one, std::string_view many = {});

// Severity, emphasis. Without colour the text comes back as it is.
enum class Style : uint8_t { kPlain, kBold, kDim, kRed, kBrightRed, kYellow, kCyan, kGreen };
std::string Paint(std::string_view text, Style style, bool color);

// The text as HTML shows it, in elements and in quoted attributes.
void AppendHtml(std::string& out, std::string_view text);

}  // namespace scantling::report
