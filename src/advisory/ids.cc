#include "advisory/ids.h"

#include "base/strings.h"

#include <algorithm>
#include <array>

namespace scantling::advisory {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool HasPrefix(std::string_view text, std::string_view upper_prefix) {
  return text.size() > upper_prefix.size() &&
         std::equal(upper_prefix.begin(), upper_prefix.end(), text.begin(),
                    [](char a, char b) { return a == Upper(b); });
}

// "CVE-2019-2426" from the start of `text`, in any of its spellings; "" when it does not start with
// one.
std::string CveAtStart(std::string_view text) {
  if (!HasPrefix(text, "CVE") || (text[3] != '-' && text[3] != '_')) {
    return {};
  }
  size_t at = 4;
  const size_t year = at;
  while (at < text.size() && IsDigit(text[at])) {
    ++at;
  }
  if (at - year != 4 || at >= text.size() || (text[at] != '-' && text[at] != '_')) {
    return {};
  }
  const size_t number = ++at;
  while (at < text.size() && IsDigit(text[at])) {
    ++at;
  }
  if (at - number < 4 || at - number > 19) {
    return {};
  }
  return "CVE-" + std::string(text.substr(year, 4)) + "-" +
         std::string(text.substr(number, at - number));
}

}  // namespace

std::string CleanId(std::string_view id) {
  id = base::Trim(id);
  if (const std::string cve = CveAtStart(id); !cve.empty() && cve.size() == id.size()) {
    return cve;
  }
  if (HasPrefix(id, "GHSA-")) {
    return "GHSA-" + base::Lower(id.substr(5));
  }
  std::string out(id);
  for (const std::string_view prefix : {"GO-", "PYSEC-", "RUSTSEC-", "DSA-", "DLA-", "ALSA-"}) {
    if (HasPrefix(id, prefix)) {
      std::transform(out.begin(), out.end(), out.begin(), Upper);
    }
  }
  return out;
}

bool IsCve(std::string_view id) {
  return id.starts_with("CVE-") && CveAtStart(id).size() == id.size();
}

bool IsAliasId(std::string_view id) {
  return IsCve(id) || id.starts_with("GHSA-") || id.starts_with("GO-") ||
         id.starts_with("PYSEC-") || id.starts_with("RUSTSEC-");
}

std::vector<std::string> IdsIn(std::string_view entry) {
  std::vector<std::string> out;
  entry = base::Trim(entry);
  for (size_t i = 0; i + 4 < entry.size(); ++i) {
    if (i == 0 || entry[i - 1] == ' ' || entry[i - 1] == '(' || entry[i - 1] == ',' ||
        entry[i - 1] == '/') {
      if (std::string cve = CveAtStart(entry.substr(i)); !cve.empty()) {
        out.push_back(std::move(cve));
      }
    }
  }
  if (out.empty()) {
    // "CVE-????-????? TS-2024-005", "CVE-46838": a placeholder is no id, the word after it may be
    // one.
    for (const std::string_view word : base::Split(entry, ' ')) {
      if (!word.empty() && word.find('?') == std::string_view::npos &&
          word.find('-') != std::string_view::npos) {
        out.push_back(CleanId(word));
        break;
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<std::string> NamespaceOf(std::string_view osv_ecosystem) {
  struct Row {
    std::string_view osv;
    std::string_view ours;
    bool release;  // the namespace carries the part after ':'
  };
  static constexpr std::array kRows = {
      Row{"Debian", "debian", true},       Row{"Alpine", "alpine", true},
      Row{"AlmaLinux", "almalinux", true}, Row{"npm", "npm", false},
      Row{"PyPI", "pypi", false},          Row{"Maven", "maven", false},
      Row{"Go", "golang", false},          Row{"RubyGems", "gem", false},
      Row{"Packagist", "composer", false}, Row{"crates.io", "cargo", false},
      Row{"NuGet", "nuget", false},
  };
  const size_t colon = osv_ecosystem.find(':');
  const std::string_view family = osv_ecosystem.substr(0, colon);
  for (const Row& row : kRows) {
    if (row.osv != family) {
      continue;
    }
    if (!row.release) {
      return std::string(row.ours);
    }
    if (colon == std::string_view::npos || colon + 1 == osv_ecosystem.size()) {
      return std::nullopt;  // every release at once: nothing that a version could be compared with
    }
    return std::string(row.ours) + ":" + std::string(osv_ecosystem.substr(colon + 1));
  }
  return std::nullopt;
}

std::string NormalizePypi(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      if (out.empty() || out.back() != '-') {
        out += '-';
      }
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

std::string PackageName(std::string_view name_space, std::string_view name) {
  name = base::Trim(name);
  if (name_space == "pypi") {
    return NormalizePypi(name);
  }
  if (name_space == "composer" || name_space == "nuget") {
    return base::Lower(name);
  }
  return std::string(name);
}

std::string SummaryLine(std::string_view text) {
  constexpr size_t kMost = 200;
  text = base::Trim(text);
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (static_cast<unsigned char>(c) < 0x20 && !space) {
      continue;
    }
    if (c == '\n' && !out.empty() && (out.back() == '.' || out.size() > 60)) {
      break;
    }
    if (space) {
      if (!out.empty() && out.back() == '.' && out.size() > 20) {
        break;  // the end of the first sentence
      }
      if (!out.empty() && out.back() != ' ') {
        out += ' ';
      }
    } else {
      out += c;
    }
    if (out.size() > kMost * 2) {
      break;
    }
  }
  out = base::ToUtf8(base::Trim(out));
  if (out.size() > kMost) {
    size_t end = kMost - 3;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) {
      --end;
    }
    const size_t word = out.rfind(' ', end);
    out.resize(word != std::string::npos && word > end - 30 ? word : end);
    out += "...";
  }
  return out;
}

model::Level LevelOf(std::string_view word) {
  struct Row {
    std::string_view word;
    model::Level level;
  };
  static constexpr std::array kRows = {
      Row{"none", model::Level::kNegligible},
      Row{"negligible", model::Level::kNegligible},
      Row{"unimportant", model::Level::kNegligible},
      Row{"low", model::Level::kLow},
      Row{"medium", model::Level::kMedium},
      Row{"moderate", model::Level::kMedium},
      Row{"high", model::Level::kHigh},
      Row{"important", model::Level::kHigh},
      Row{"critical", model::Level::kCritical},
  };
  for (const Row& row : kRows) {
    if (base::EqualsIgnoreCase(row.word, word)) {
      return row.level;
    }
  }
  return model::Level::kUnknown;
}

}  // namespace scantling::advisory
