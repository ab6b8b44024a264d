// Inside of the folder: texts out of reports and histories on a screen: one line, no control
// characters (what a terminal would obey), valid UTF-8.
#pragma once

#include "base/strings.h"

#include <string>
#include <string_view>

namespace scantling::policy {

inline std::string PlainText(std::string_view text) {
  std::string out;
  const std::string valid = base::ToUtf8(text);
  for (size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    const bool second = i + 1 < valid.size();
    // U+0080 to U+009F are control characters, too: C2 80 to C2 9F.
    if (byte == 0xC2 && second && static_cast<unsigned char>(valid[i + 1]) < 0xA0) {
      out.push_back(' ');
      ++i;
    } else {
      out.push_back(byte < 0x20 || byte == 0x7F ? ' ' : valid[i]);
    }
  }
  return out;
}

}  // namespace scantling::policy
