// See dockerfile_expand.h. A default may hold variables itself ("${A:-${B}}"); the depth of that is
// limited.
#include "codec/dockerfile_expand.h"

#include <algorithm>
#include <optional>

namespace scantling::codec {
namespace {

constexpr int kMaxDepth = 16;

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Does `pattern` (* any text, ? one byte, backslash quotes) match all of `text`? Iterative, linear
// space, at worst the product of both lengths.
bool GlobMatches(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t star_text = 0;
  while (t < text.size()) {
    const bool quoted = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && !quoted && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (quoted ? pattern[p + 1] == text[t]
                      : p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      p += quoted ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

// Values and patterns longer than this are left as they are: matching is their product.
constexpr size_t kMaxPatternText = 4096;

std::string Strip(std::string_view value, std::string_view pattern, bool prefix, bool greedy) {
  if (value.size() > kMaxPatternText || pattern.size() > 256) {
    return std::string(value);
  }
  for (size_t i = 0; i <= value.size(); ++i) {
    const size_t length = greedy ? value.size() - i : i;
    const std::string_view part =
        prefix ? value.substr(0, length) : value.substr(value.size() - length);
    if (GlobMatches(pattern, part)) {
      return std::string(prefix ? value.substr(length) : value.substr(0, value.size() - length));
    }
  }
  return std::string(value);
}

std::string Replace(std::string_view value, std::string_view pattern, std::string_view by,
                    bool all) {
  if (pattern.empty() || value.size() > 512 || pattern.size() > 64) {
    return std::string(value);
  }
  std::string out;
  size_t at = 0;
  bool done = false;
  while (at < value.size()) {
    size_t length = 0;
    if (!done) {
      for (size_t n = value.size() - at; n > 0 && length == 0; --n) {
        length = GlobMatches(pattern, value.substr(at, n)) ? n : 0;
      }
    }
    if (length == 0) {
      out.push_back(value[at++]);
      continue;
    }
    out.append(by);
    at += length;
    done = !all;
  }
  return out;
}

// Where the brace that `text` is inside of ends; npos when it does not.
size_t EndOfBrace(std::string_view text, size_t at, char escape) {
  int depth = 1;
  for (; at < text.size(); ++at) {
    if (text[at] == escape) {
      ++at;
    } else if (text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{') {
      ++depth;
      ++at;
    } else if (text[at] == '}' && --depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

class Expander {
 public:
  Expander(const DockerfileVariables& variables, char escape, uint64_t limit)
      : variables_(variables), escape_(escape), limit_(limit) {}

  base::Result<ExpandedText> Run(std::string_view text, int depth) {
    if (depth > kMaxDepth) {
      return base::LimitMet("variables inside of variables, more than 16 deep");
    }
    ExpandedText out;
    bool single = false;
    bool twice = false;
    for (size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (c == escape_ && !single && at + 1 < text.size()) {
        // "\$X" is the text $X.
        out.text.append(
            text.substr(text[at + 1] == '$' ? at + 1 : at, text[at + 1] == '$' ? 1 : 2));
        at += 2;
      } else if (c == '\'' && !twice) {
        single = !single;
        out.text.push_back(c);
        ++at;
      } else if (c == '"' && !single) {
        twice = !twice;
        out.text.push_back(c);
        ++at;
      } else if (c == '$' && !single) {
        SCANTLING_TRY(at, Variable(text, at, depth, out));
      } else {
        out.text.push_back(c);
        ++at;
      }
      spent_ += 1;
      if (out.text.size() > limit_ || spent_ > 4 * limit_) {
        return base::LimitMet("variables make a text of more than " + std::to_string(limit_) +
                              " bytes");
      }
    }
    return out;
  }

 private:
  // Appends the value of what stands at `at` and gives the place behind it.
  base::Result<size_t> Variable(std::string_view text, size_t at, int depth, ExpandedText& out) {
    size_t name_at = at + 1;
    if (name_at >= text.size()) {
      out.text.push_back('$');
      return text.size();
    }
    const bool brace = text[name_at] == '{';
    name_at += brace ? 1 : 0;
    size_t end = name_at;
    while (end < text.size() && IsNamePart(text[end])) {
      ++end;
    }
    const std::string_view name = text.substr(name_at, end - name_at);
    if (!brace) {
      if (name.empty()) {
        out.text.push_back('$');
        return at + 1;
      }
      Put(name, text.substr(at, end - at), out);
      return end;
    }
    const size_t close = EndOfBrace(text, end, escape_);
    if (close == std::string_view::npos || name.empty()) {
      return base::Invalid("\"" + std::string(text.substr(at, 40)) +
                           "\" is not a variable: ${NAME} was wanted");
    }
    SCANTLING_DO(
        Braced(name, text.substr(end, close - end), text.substr(at, close + 1 - at), depth, out));
    return close + 1;
  }

  void Put(std::string_view name, std::string_view as_written, ExpandedText& out) {
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
      out.text.append(as_written);
      out.unresolved = true;
      return;
    }
    out.text.append(found->second);
    spent_ += found->second.size();
  }

  base::Result<void> Braced(std::string_view name, std::string_view rest,
                            std::string_view as_written, int depth, ExpandedText& out) {
    if (rest.empty()) {
      Put(name, as_written, out);
      return {};
    }
    const auto found = variables_.find(name);
    const bool known = found != variables_.end();
    bool colon = false;
    char op = rest.front();
    if (op == ':' && rest.size() > 1) {
      colon = true;
      op = rest[1];
      rest.remove_prefix(1);
    }
    std::string_view word = rest.substr(1);
    const bool set = known && (!colon || !found->second.empty());
    switch (op) {
      case '-':
        return set ? PutValue(found->second, out) : PutWord(word, depth, out);
      case '+':
        return set ? PutWord(word, depth, out) : base::Result<void>();
      case '?':
        if (!set) {
          // The base image may set it: only its value is unknown here.
          out.text.append(as_written);
          out.unresolved = true;
          return {};
        }
        return PutValue(found->second, out);
      case '#':
      case '%':
      case '/':
        break;
      default:
        return base::Invalid("\"" + std::string(as_written.substr(0, 40)) +
                             "\": this form of a variable is not known");
    }
    if (!known || colon) {
      out.text.append(as_written);
      out.unresolved = true;
      return {};
    }
    const bool doubled = !word.empty() && word.front() == op;
    word.remove_prefix(doubled ? 1 : 0);
    spent_ += 1024;  // patterns cost more than their text
    if (op == '/') {
      const size_t slash = word.find('/');
      const std::string_view by = slash == std::string_view::npos ? "" : word.substr(slash + 1);
      SCANTLING_TRY(const ExpandedText pattern, Run(word.substr(0, slash), depth + 1));
      SCANTLING_TRY(const ExpandedText value, Run(by, depth + 1));
      out.unresolved = out.unresolved || pattern.unresolved || value.unresolved;
      return PutValue(Replace(found->second, pattern.text, value.text, doubled), out);
    }
    SCANTLING_TRY(const ExpandedText pattern, Run(word, depth + 1));
    out.unresolved = out.unresolved || pattern.unresolved;
    return PutValue(Strip(found->second, pattern.text, op == '#', doubled), out);
  }

  base::Result<void> PutValue(std::string_view value, ExpandedText& out) {
    out.text.append(value);
    spent_ += value.size();
    return {};
  }

  base::Result<void> PutWord(std::string_view word, int depth, ExpandedText& out) {
    SCANTLING_TRY(const ExpandedText value, Run(word, depth + 1));
    out.unresolved = out.unresolved || value.unresolved;
    return PutValue(value.text, out);
  }

  const DockerfileVariables& variables_;
  const char escape_;
  const uint64_t limit_;
  uint64_t spent_ = 0;  // bytes looked at and made, over all depths
};

}  // namespace

base::Result<ExpandedText> ExpandDockerfileText(std::string_view text,
                                                const DockerfileVariables& variables, char escape,
                                                uint64_t limit) {
  if (text.find('$') == std::string_view::npos) {
    return ExpandedText{std::string(text), false};
  }
  return Expander(variables, escape, limit + text.size()).Run(text, 0);
}

std::vector<std::string> DockerfileWords(std::string_view text, char escape, Quotes quotes) {
  std::vector<std::string> out;
  std::string word;
  bool open = false;
  char quote = 0;
  const bool keep = quotes == Quotes::kKeep;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote == 0 && IsBlank(c)) {
      if (open) {
        out.push_back(std::move(word));
        word.clear();
        open = false;
      }
      continue;
    }
    open = true;
    if (c == escape && quote != '\'' && at + 1 < text.size()) {
      if (keep ||
          (quote == '"' && text[at + 1] != '"' && text[at + 1] != '$' && text[at + 1] != escape)) {
        word.push_back(c);
      }
      word.push_back(text[++at]);
    } else if ((c == '"' || c == '\'') && (quote == 0 || quote == c)) {
      quote = quote == 0 ? c : 0;
      if (keep) {
        word.push_back(c);
      }
    } else {
      word.push_back(c);
    }
  }
  if (open) {
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace scantling::codec
