#include "report/text.h"

#include "base/strings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace scantling::report {
namespace {

// One code point of valid UTF-8.
struct CodePoint {
  char32_t value = 0;
  size_t bytes = 1;
};

CodePoint Decode(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  size_t bytes = 1;
  char32_t value = lead;
  if (lead >= 0xF0) {
    bytes = 4;
    value = lead & 0x07U;
  } else if (lead >= 0xE0) {
    bytes = 3;
    value = lead & 0x0FU;
  } else if (lead >= 0xC0) {
    bytes = 2;
    value = lead & 0x1FU;
  }
  bytes = std::min(bytes, text.size() - at);
  for (size_t i = 1; i < bytes; ++i) {
    value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  return {value, bytes};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <size_t N>
bool In(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& r) { return value >= r.first && value <= r.last; });
}

bool IsHarmful(char32_t c) {
  static constexpr std::array kRanges = {
      Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x061C, 0x061C},
      Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},
      Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}};
  return In(kRanges, c);
}

size_t Width(char32_t c) {
  static constexpr std::array kZero = {Range{0x0300, 0x036F}, Range{0x1AB0, 0x1AFF},
                                       Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                                       Range{0xFE20, 0xFE2F}};
  static constexpr std::array kWide = {
      Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0xA4CF},
      Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},  Range{0xFE30, 0xFE6F},
      Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F},
      Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
  if (c < 0x300) {
    return 1;
  }
  return In(kZero, c) ? 0 : In(kWide, c) ? 2 : 1;
}

}  // namespace

std::string Clean(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
  });
  if (plain) {
    return std::string(text);
  }
  const std::string valid = base::ToUtf8(text);
  std::string out;
  out.reserve(valid.size());
  for (size_t at = 0; at < valid.size();) {
    const CodePoint c = Decode(valid, at);
    if (c.value == '\n' || c.value == '\t' || c.value == '\r') {
      out.push_back(' ');
    } else if (IsHarmful(c.value)) {
      out.push_back('?');
    } else {
      out.append(valid, at, c.bytes);
    }
    at += c.bytes;
  }
  return out;
}

size_t Columns(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Decode(text, at);
    columns += Width(c.value);
    at += c.bytes;
  }
  return columns;
}

std::string Cut(std::string_view text, size_t columns) {
  if (Columns(text) <= columns) {
    return std::string(text);
  }
  const size_t room = columns > 2 ? columns - 2 : 0;
  size_t used = 0;
  size_t at = 0;
  while (at < text.size()) {
    const CodePoint c = Decode(text, at);
    if (used + Width(c.value) > room) {
      break;
    }
    used += Width(c.value);
    at += c.bytes;
  }
  return std::string(text.substr(0, at)) + std::string(std::min<size_t>(2, columns), '.');
}

std::string Pad(std::string_view text, size_t columns) {
  std::string out = Cut(text, columns);
  out.append(columns - std::min(columns, Columns(out)), ' ');
  return out;
}

std::string PadLeft(std::string_view text, size_t columns) {
  std::string cut = Cut(text, columns);
  return std::string(columns - std::min(columns, Columns(cut)), ' ') + cut;
}

std::vector<std::string> Wrap(std::string_view text, size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  size_t used = 0;
  for (const std::string_view word : base::Split(text, ' ')) {
    if (word.empty()) {
      continue;
    }
    const size_t width = Columns(word);
    if (!line.empty() && used + 1 + width > columns) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    if (!line.empty()) {
      line.push_back(' ');
      ++used;
    }
    line += word;
    used += width;
  }
  if (!line.empty() || lines.empty()) {
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Count(uint64_t count, std::string_view one, std::string_view many) {
  std::string out = std::to_string(count) + " ";
  if (count == 1) {
    return out.append(one);
  }
  return many.empty() ? out.append(one) + "s" : out.append(many);
}

std::string Span(base::Seconds seconds) {
  const uint64_t days =
      static_cast<uint64_t>((seconds < 0 ? -(seconds + 1) : seconds) / base::kSecondsPerDay);
  if (days < 60) {
    return Count(days, "day");
  }
  if (days < 730) {
    return Count(days * 10 / 304, "month");
  }
  return Count(days * 4 / 1461, "year");
}

std::string Paint(std::string_view text, Style style, bool color) {
  static constexpr std::array<std::string_view, 8> kCodes = {"",     "1",  "2",  "31",
                                                             "1;31", "33", "36", "32"};
  if (!color || style == Style::kPlain || text.empty()) {
    return std::string(text);
  }
  std::string out = "\x1b[";
  out += kCodes[static_cast<size_t>(std::to_underlying(style))];
  out += "m";
  out += text;
  out += "\x1b[0m";
  return out;
}

void AppendHtml(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace scantling::report
