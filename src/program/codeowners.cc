#include "program/codeowners.h"

#include "base/result.h"
#include "base/strings.h"
#include "program/owners.h"

#include <algorithm>
#include <array>
#include <map>

namespace scantling::program {
namespace {

constexpr size_t kMaxBytes = 3 << 20;  // GitHub's own limit
constexpr size_t kMaxRules = 20'000;
constexpr size_t kMaxLine = 4096;
constexpr size_t kMaxOwners = 50;
constexpr size_t kMaxSections = 1000;
constexpr size_t kMaxProblems = 100;
constexpr size_t kMaxStars = 16;
constexpr size_t kMaxSegments = 60;  // of a pattern
constexpr std::array<std::string_view, 4> kRoles = {"application", "image", "platform", "security"};

// Blanks between words; a backslash keeps what follows, in a pattern only.
std::string_view TakeWord(std::string_view& rest) {
  rest = base::Trim(rest);
  size_t end = 0;
  while (end < rest.size() && rest[end] != ' ' && rest[end] != '\t') {
    end += rest[end] == '\\' && end + 1 < rest.size() ? 2 : 1;
  }
  const std::string_view out = rest.substr(0, end);
  rest.remove_prefix(end);
  return out;
}

bool IsOwner(std::string_view word) {
  const size_t at = word.find('@');
  return word.size() > 1 && word.size() <= 200 && at != std::string_view::npos &&
         at + 1 < word.size() && std::all_of(word.begin(), word.end(), [](char c) {
           return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '#';
         });
}

struct Parser {
  CodeOwners out;
  std::vector<std::vector<std::string>> defaults = {{}};  // of each section
  uint32_t section = 0;
  uint32_t line = 0;

  void Wrong(std::string_view what) {
    if (out.problems.size() < kMaxProblems) {
      out.problems.push_back("line " + std::to_string(line) + ": " + std::string(what));
    }
  }

  // False: a word is no owner, and the line does not count.
  bool ReadOwners(std::string_view rest, std::vector<std::string>& owners) {
    for (std::string_view word = TakeWord(rest); !word.empty(); word = TakeWord(rest)) {
      if (word.starts_with('#')) {
        break;
      }
      if (!IsOwner(word)) {
        Wrong("\"" + base::ToUtf8(word.substr(0, 60)) +
              "\" is no owner: @user, @group/team or a mail address");
        return false;
      }
      if (owners.size() >= kMaxOwners) {
        Wrong("more than " + std::to_string(kMaxOwners) + " owners");
        return false;
      }
      while (word.starts_with('@')) {
        word.remove_prefix(1);
      }
      owners.emplace_back(word);
    }
    return true;
  }

  // "[Name]", "^[Name][2] @default"; false when it is none.
  bool ReadSection(std::string_view text) {
    if (text.starts_with('^')) {
      text.remove_prefix(1);
    }
    const size_t end = text.find(']');
    if (!text.starts_with('[') || end == std::string_view::npos || end < 2) {
      return false;
    }
    const std::string name = base::ToUtf8(base::Trim(text.substr(1, end - 1)).substr(0, 100));
    text.remove_prefix(end + 1);
    if (text.starts_with('[')) {
      const size_t close = text.find(']');
      text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
    }
    // Sections of one name are one, whatever their case.
    for (section = 0; section < out.sections.size(); ++section) {
      if (base::EqualsIgnoreCase(out.sections[section], name)) {
        break;
      }
    }
    if (section == out.sections.size()) {
      if (out.sections.size() >= kMaxSections) {
        Wrong("more than " + std::to_string(kMaxSections) + " sections");
        section = 0;
        return true;
      }
      out.sections.push_back(name);
      defaults.emplace_back();
    }
    std::vector<std::string> owners;
    if (ReadOwners(text, owners) && !owners.empty()) {
      defaults[section] = std::move(owners);
    }
    return true;
  }

  void ReadRule(std::string_view text) {
    CodeOwnersRule rule;
    rule.line = line;
    rule.section = section;
    const std::string_view word = TakeWord(text);
    std::string_view pattern = word;
    if (pattern.starts_with('!')) {
      if (out.style == CodeOwnersStyle::kGithub) {
        return Wrong("\"!\" is no pattern of GitHub's");
      }
      rule.exclude = true;
      pattern.remove_prefix(1);
    }
    for (size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '[' || pattern[i] == ']') {
        return Wrong("\"[\" in a pattern is not handled");
      }
      i += pattern[i] == '\\' && i + 1 < pattern.size() ? 1U : 0U;
      rule.pattern += pattern[i];
    }
    rule.folder = rule.pattern.ends_with('/');
    while (rule.pattern.ends_with('/')) {
      rule.pattern.pop_back();
    }
    if (static_cast<size_t>(std::count(rule.pattern.begin(), rule.pattern.end(), '*')) >
        kMaxStars) {
      return Wrong("a pattern with more than " + std::to_string(kMaxStars) + " stars");
    }
    if (static_cast<size_t>(std::count(rule.pattern.begin(), rule.pattern.end(), '/')) >=
        kMaxSegments) {
      return Wrong("a pattern with more than " + std::to_string(kMaxSegments) + " segments");
    }
    if (!ReadOwners(text, rule.owners)) {
      return;
    }
    if (rule.owners.empty() && !rule.exclude) {
      rule.owners = defaults[section];
    }
    out.rules.push_back(std::move(rule));
  }
};

enum class Below : uint8_t {
  kNo,    // the path itself
  kAlso,  // or a folder above it
  kOnly,
};

// "*" and "?" stay in one segment; a segment "**" is any number of them, at the end at least one.
// Goes over the path once: bit i of `reached` says that the pattern's first i segments are taken.
bool Fits(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path,
          Below below) {
  SCANTLING_ASSERT(pattern.size() < 64);
  const size_t end = pattern.size();
  uint64_t reached = 1;
  for (size_t in = 0; in < path.size(); ++in) {
    uint64_t next = 0;
    for (size_t at = 0; at < end; ++at) {
      if ((reached >> at & 1U) == 0) {
        continue;
      }
      const bool deep = pattern[at] == "**";
      if (deep) {
        next |= uint64_t{1} << at;
        // Also none at all.
        reached |= at + 1 < end ? uint64_t{1} << (at + 1) : 0;
      }
      if ((deep && at + 1 == end) || (!deep && GlobMatches(pattern[at], path[in]))) {
        next |= uint64_t{1} << (at + 1);
      }
    }
    if (next == 0) {
      return false;
    }
    reached = next;
    const bool taken = (reached >> end & 1U) != 0;
    if (taken && (in + 1 == path.size() ? below != Below::kOnly : below != Below::kNo)) {
      return true;
    }
  }
  return false;
}

bool Matches(const CodeOwnersRule& rule, CodeOwnersStyle style,
             const std::vector<std::string_view>& path) {
  std::string_view pattern = rule.pattern;
  bool anchored = pattern.starts_with('/');
  if (anchored) {
    pattern.remove_prefix(1);
  }
  if (pattern.empty()) {
    return anchored || rule.folder;  // "/": everything
  }
  if (style == CodeOwnersStyle::kGithub) {
    anchored = anchored || pattern.find('/') != std::string_view::npos;
  }
  std::vector<std::string_view> segments = base::Split(pattern, '/');
  if (!anchored) {
    segments.insert(segments.begin(), "**");
  }
  if (rule.folder) {
    return Fits(segments, path, Below::kOnly);
  }
  // "docs/*" holds for files of docs, not for those of folders in it.
  const bool files = style == CodeOwnersStyle::kGitlab || (anchored && segments.back() == "*");
  return Fits(segments, path, files ? Below::kNo : Below::kAlso);
}

std::string_view RoleOf(std::string_view section) {
  const auto* const role = std::find_if(kRoles.begin(), kRoles.end(), [&](std::string_view one) {
    return base::EqualsIgnoreCase(one, section);
  });
  return role == kRoles.end() ? kRoles.front() : *role;
}

}  // namespace

std::vector<CodeOwner> CodeOwners::OwnersOf(std::string_view path) const {
  while (path.starts_with('/') || path.starts_with("./")) {
    path.remove_prefix(path.starts_with('/') ? 1 : 2);
  }
  const std::vector<std::string_view> segments = base::Split(path, '/');
  std::vector<const CodeOwnersRule*> last(sections.size(), nullptr);
  std::vector<bool> excluded(sections.size(), false);
  for (const CodeOwnersRule& rule : rules) {
    if (Matches(rule, style, segments)) {
      last[rule.section] = rule.exclude ? nullptr : &rule;
      // Once taken out of a section, a path does not come back.
      excluded[rule.section] = excluded[rule.section] || rule.exclude;
    }
  }
  std::vector<CodeOwner> out;
  for (size_t i = 0; i < sections.size(); ++i) {
    const std::string_view role = RoleOf(sections[i]);
    if (last[i] == nullptr || excluded[i] || last[i]->owners.empty() ||
        std::any_of(out.begin(), out.end(),
                    [&](const CodeOwner& one) { return one.role == role; })) {
      continue;
    }
    out.push_back({std::string(role), last[i]->owners, last[i]->line, sections[i]});
  }
  return out;
}

base::Result<CodeOwners> ParseCodeOwners(std::string_view text, std::string_view file) {
  if (text.size() > kMaxBytes) {
    return base::LimitMet(
        "a CODEOWNERS file of more than 3 MiB, which the forges do not read either");
  }
  Parser parser;
  const auto lines = base::Split(text, '\n');
  const auto is_section = [](std::string_view line) {
    line = base::Trim(line);
    return line.starts_with('[') || line.starts_with("^[");
  };
  const bool gitlab = file.find(".github/") == std::string_view::npos &&
                      (file.find(".gitlab/") != std::string_view::npos ||
                       std::any_of(lines.begin(), lines.end(), is_section));
  parser.out.style = gitlab ? CodeOwnersStyle::kGitlab : CodeOwnersStyle::kGithub;
  for (std::string_view line : lines) {
    ++parser.line;
    line = base::Trim(line);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    if (line.size() > kMaxLine) {
      parser.Wrong("longer than " + std::to_string(kMaxLine) + " bytes");
    } else if (!gitlab || !is_section(line) || !parser.ReadSection(line)) {
      if (parser.out.rules.size() >= kMaxRules) {
        return base::LimitMet("a CODEOWNERS file with more than " + std::to_string(kMaxRules) +
                              " rules");
      }
      parser.ReadRule(line);
    }
  }
  return std::move(parser.out);
}

}  // namespace scantling::program
