// See copy.h.
#include "agent/copy.h"

#include "base/digest.h"
#include "base/time.h"

#include <algorithm>

namespace scantling::agent {

void SortLabels(Copy& copy) {
  std::stable_sort(copy.labels.begin(), copy.labels.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  copy.labels.erase(std::unique(copy.labels.begin(), copy.labels.end(),
                                [](const auto& a, const auto& b) { return a.first == b.first; }),
                    copy.labels.end());
}

std::string DigestIn(std::string_view text) {
  const size_t at = text.rfind("sha256:");
  if (at == std::string_view::npos || !base::Digest::Parse(text.substr(at))) {
    return "";
  }
  return std::string(text.substr(at));
}

Millis ParseMillis(std::string_view text) {
  const auto seconds = base::ParseTime(text);
  if (!seconds || *seconds <= 0) {
    return 0;
  }
  Millis out = *seconds * 1000;
  const size_t dot = text.find('.');  // base::ParseTime passes fractions over
  if (dot != std::string_view::npos) {
    Millis scale = 100;
    for (size_t i = dot + 1; i < text.size() && text[i] >= '0' && text[i] <= '9' && scale > 0;
         ++i) {
      out += (text[i] - '0') * scale;
      scale /= 10;
    }
  }
  return out;
}

std::string FormatMillis(Millis time) {
  const Millis rest = (time % 1000 + 1000) % 1000;
  std::string out = base::FormatTime((time - rest) / 1000);
  const std::string digits = std::to_string(1000 + rest);
  out.pop_back();
  return out + "." + digits.substr(1) + "Z";
}

}  // namespace scantling::agent
