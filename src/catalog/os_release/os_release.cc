// A value is: words without quotes up to the line's end, "..." with backslash escapes of " $ ` \,
// or '...' without escapes; pieces may follow each other. A newline inside of quotes, which a shell
// would take, is not: nobody writes one.
#include "catalog/os_release/os_release.h"

#include "base/strings.h"
#include "catalog/common/problems.h"

#include <algorithm>
#include <array>

namespace scantling::catalog {
namespace os_release {
namespace {

constexpr size_t kBadLinesKept = 20;

bool IsName(std::string_view text) {
  return !text.empty() && (text[0] < '0' || text[0] > '9') && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Cursor over the text; all positions are bounded by its size.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Assignments Run() {
    while (position_ < text_.size()) {
      Line();
    }
    return std::move(out_);
  }

 private:
  void Line() {
    const uint64_t number = line_;
    const size_t end = std::min(text_.find('\n', position_), text_.size());
    const std::string_view line = base::Trim(text_.substr(position_, end - position_));
    if (line.empty() || line.front() == '#') {
      position_ = end + 1;
      ++line_;
      return;
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || !IsName(line.substr(0, equals))) {
      Bad(number);
      position_ = end + 1;
      ++line_;
      return;
    }
    position_ = static_cast<size_t>(line.data() - text_.data()) + equals + 1;
    std::string value;
    if (!Value(value)) {
      Bad(number);
    }
    out_.values.emplace_back(line.substr(0, equals), base::ToUtf8(value));
  }

  // Up to and with the line's end. false = a quote without an end, or more words behind the value.
  bool Value(std::string& value) {
    bool good = true;
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == '\n') {
        ++line_;
        return good;
      }
      if (c == '"' || c == '\'') {
        good = Quoted(c, value) && good;
      } else if (c == '\\' && position_ < text_.size() && text_[position_] != '\n') {
        value += text_[position_++];
      } else if (c == ' ' || c == '\t' || c == '\r') {
        const size_t end = std::min(text_.find('\n', position_), text_.size());
        const std::string_view rest = base::Trim(text_.substr(position_, end - position_));
        if (!rest.empty() && rest.front() != '#') {
          good = false;  // a shell would run it as a command
        }
        position_ = end;
      } else {
        value += c;
      }
    }
    return good;
  }

  // A quote ends on its line: one damaged line must not swallow the keys behind it.
  bool Quoted(char quote, std::string& value) {
    while (position_ < text_.size() && text_[position_] != '\n') {
      const char c = text_[position_++];
      if (c == quote) {
        return true;
      }
      if (c == '\\' && quote == '"' && position_ < text_.size() &&
          std::string_view("\"$`\\").find(text_[position_]) != std::string_view::npos) {
        value += text_[position_++];
        continue;
      }
      value += c;
    }
    return false;
  }

  void Bad(uint64_t line) {
    if (out_.bad_lines.size() < kBadLinesKept) {
      out_.bad_lines.push_back(line);
    }
  }

  std::string_view text_;
  size_t position_ = 0;
  uint64_t line_ = 1;
  Assignments out_;
};

}  // namespace

Assignments Parse(std::string_view text) { return Parser(text).Run(); }

}  // namespace os_release

namespace {

constexpr std::array kClaims = {
    ClaimPattern{ClaimKind::kPath, "etc/os-release"},
    ClaimPattern{ClaimKind::kPath, "usr/lib/os-release"},
};

constexpr auto kKeys = std::to_array<std::string_view>({
    "CPE_NAME",
    "ID",
    "ID_LIKE",
    "NAME",
    "PLATFORM_ID",
    "PRETTY_NAME",
    "SUPPORT_END",
    "VARIANT_ID",
    "VERSION",
    "VERSION_CODENAME",
    "VERSION_ID",
});

class OsRelease final : public Cataloger {
 public:
  const CatalogerInfo& Info() const override {
    static constexpr CatalogerInfo kInfo = {
        .name = "os-release",
        .version = 2,
        .ecosystem = version::Ecosystem::kDeb,
        .what = "The distribution: os-release",
        .claims = kClaims,
        .reading = Reading::kWhole,
    };
    return kInfo;
  }

  base::Result<FileFacts> Catalog(const FileView& file,
                                  const base::Limits& /*limits*/) const override {
    FileFacts facts;
    Problems problems(facts, Info().name);
    const os_release::Assignments assignments = os_release::Parse(base::AsText(file.data));
    for (const uint64_t line : assignments.bad_lines) {
      problems.Gap("malformed", "line " + std::to_string(line) + " is not an assignment");
    }
    for (const std::string_view key : kKeys) {
      const auto last =
          std::ranges::find(assignments.values.rbegin(), assignments.values.rend(), key,
                            [](const auto& value) { return std::string_view(value.first); });
      if (last != assignments.values.rend()) {
        facts.facts.push_back({"os-release." + std::string(key), last->second});
      }
    }
    problems.Finish();
    return facts;
  }
};

}  // namespace

const Cataloger& OsReleaseCataloger() {
  static const OsRelease kCataloger;
  return kCataloger;
}

}  // namespace scantling::catalog
