// See dockerfile_lines.h. https://docs.docker.com/reference/dockerfile/#parser-directives,
// #escape, #here-documents
#include "codec/dockerfile_lines.h"

#include "base/strings.h"
#include "codec/dockerfile_expand.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace scantling::codec {
namespace {

std::string_view TrimLeft(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

std::string_view TrimRight(std::string_view text) {
  const size_t end = text.find_last_not_of(" \t");
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

// Physical lines, without their ends.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool AtEnd() const { return at_ >= text_.size(); }
  size_t offset() const { return at_; }
  int32_t number() const { return number_; }  // of the line that Next() gave
  std::string_view Next() {
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    ++number_;
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    return line;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  int32_t number_ = 0;
};

struct Directive {
  std::string name;  // lower case
  std::string_view value;
};

std::optional<Directive> DirectiveOf(std::string_view line) {
  line = base::Trim(line);
  if (!line.starts_with('#')) {
    return std::nullopt;
  }
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    return std::nullopt;
  }
  Directive out;
  out.name = base::Lower(base::Trim(line.substr(1, equals - 1)));
  out.value = base::Trim(line.substr(equals + 1));
  if (out.value.empty() || (out.name != "syntax" && out.name != "escape" && out.name != "check")) {
    return std::nullopt;
  }
  return out;
}

// "<<EOF", "3<<-'EOF'" as a whole word.
std::optional<std::pair<DockerfileHeredoc, bool>> HeredocOf(std::string_view word, char escape) {
  size_t at = 0;
  while (at < word.size() && word[at] >= '0' && word[at] <= '9') {
    ++at;
  }
  if (!word.substr(at).starts_with("<<")) {
    return std::nullopt;
  }
  word.remove_prefix(at + 2);
  const bool chomp = word.starts_with('-');
  word.remove_prefix(chomp ? 1 : 0);
  if (word.empty() || word.find('<') != std::string_view::npos) {
    return std::nullopt;
  }
  DockerfileHeredoc out;
  const auto names = DockerfileWords(word, escape, Quotes::kRemove);
  if (names.size() != 1 || names[0].empty()) {
    return std::nullopt;
  }
  out.name = names[0];
  out.expand = out.name == word;
  return std::pair(std::move(out), chomp);
}

bool MayHaveHeredocs(std::string_view text) {
  const auto keyword = [&text] {
    text = TrimLeft(text);
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::string word = base::Lower(text.substr(0, end));
    text.remove_prefix(end);
    return word;
  };
  std::string word = keyword();
  if (word == "onbuild") {
    word = keyword();
  }
  return word == "run" || word == "copy" || word == "add";
}

// Takes the escape character at the end away; it continues the line unless another one is before
// it.
bool Continues(std::string_view& line, char escape) {
  const std::string_view trimmed = TrimRight(line);
  if (!trimmed.ends_with(escape) ||
      (trimmed.size() >= 2 && trimmed[trimmed.size() - 2] == escape)) {
    return false;
  }
  line = trimmed.substr(0, trimmed.size() - 1);
  return true;
}

base::Result<void> ReadHeredocs(Lines& lines, char escape, DockerfileLine& line) {
  if (line.text.find("<<") == std::string::npos || !MayHaveHeredocs(line.text)) {
    return {};
  }
  for (const std::string& word : DockerfileWords(line.text, escape, Quotes::kKeep)) {
    auto found = HeredocOf(word, escape);
    if (!found) {
      continue;
    }
    auto& [heredoc, chomp] = *found;
    bool ended = false;
    while (!lines.AtEnd() && !ended) {
      std::string_view next = lines.Next();
      while (chomp && next.starts_with('\t')) {
        next.remove_prefix(1);
      }
      ended = next == heredoc.name;
      if (!ended) {
        heredoc.content.append(next).append("\n");
      }
    }
    if (!ended) {
      return base::Invalid("line " + std::to_string(line.first_line) + ": the heredoc \"" +
                           base::ToUtf8(heredoc.name.substr(0, 40)) + "\" does not end");
    }
    line.heredocs.push_back(std::move(heredoc));
  }
  line.last_line = lines.number();
  return {};
}

}  // namespace

base::Result<DockerfileLines> SplitDockerfile(std::string_view text) {
  DockerfileLines out;
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  if (text.find('\0') != std::string_view::npos) {
    return base::Invalid("a zero byte: this is not a text");
  }
  Lines lines(text);
  bool directives = true;
  while (!lines.AtEnd()) {
    const size_t start = lines.offset();
    std::string_view line = lines.Next();
    if (directives) {
      const auto directive = DirectiveOf(line);
      directives = directive.has_value();
      if (directive && directive->name == "syntax") {
        out.syntax = std::string(directive->value);
      } else if (directive && directive->name == "escape") {
        if (directive->value != "\\" && directive->value != "`") {
          return base::Invalid("line " + std::to_string(lines.number()) +
                               ": escape must be a backslash or a backtick");
        }
        out.escape = directive->value.front();
      }
    }
    line = TrimLeft(line);
    if (base::Trim(line).empty() || line.starts_with('#')) {
      continue;
    }
    DockerfileLine& logical = out.lines.emplace_back();
    logical.first_line = lines.number();
    logical.last_line = logical.first_line;
    bool more = Continues(line, out.escape);
    logical.text = std::string(line);
    while (more && !lines.AtEnd()) {
      std::string_view next = lines.Next();
      // Comments and empty lines between continued lines are passed over.
      const std::string_view trimmed = TrimLeft(next);
      if (trimmed.starts_with('#') || base::Trim(trimmed).empty()) {
        continue;
      }
      more = Continues(next, out.escape);
      logical.text.append(next);
      logical.last_line = lines.number();
    }
    SCANTLING_DO(ReadHeredocs(lines, out.escape, logical));
    logical.raw = std::string(TrimRight(text.substr(start, lines.offset() - start)));
    while (logical.raw.ends_with('\n') || logical.raw.ends_with('\r')) {
      logical.raw.pop_back();
    }
  }
  return out;
}

}  // namespace scantling::codec
