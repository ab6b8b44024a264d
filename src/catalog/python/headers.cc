// See headers.h.
#include "catalog/python/headers.h"

#include "base/strings.h"

#include <algorithm>

namespace scantling::catalog::python {
namespace {

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

// A requirement that holds only when somebody asked for an extra; nothing says that anybody did.
bool OnlyForExtra(std::string_view requirement) {
  const size_t semicolon = requirement.find(';');
  if (semicolon == std::string_view::npos) {
    return false;
  }
  std::string_view marker = requirement.substr(semicolon + 1);
  while (true) {
    const size_t at = marker.find("extra");
    if (at == std::string_view::npos) {
      return false;
    }
    const bool whole_word = at == 0 || !IsNameChar(marker[at - 1]);
    marker.remove_prefix(at + 5);
    if (whole_word && base::Trim(marker).starts_with("==")) {
      return true;
    }
  }
}

class HeaderParser {
 public:
  // A new header begins; what the one before it gathered is complete.
  void Begin(std::string_view key, std::string_view value) {
    Flush();
    several_lines_ = false;
    key_ = key;
    value_ = base::Trim(value);
  }
  void Continue(std::string_view line) {
    several_lines_ = true;
    value_ += ' ';
    value_ += base::Trim(line);
  }
  Headers Finish() {
    Flush();
    std::sort(out_.needs.begin(), out_.needs.end());
    out_.needs.erase(std::unique(out_.needs.begin(), out_.needs.end()), out_.needs.end());
    return std::move(out_);
  }

 private:
  void Flush() {
    if (base::EqualsIgnoreCase(key_, "name")) {
      if (out_.name.empty()) {
        out_.name = value_;
      }
    } else if (base::EqualsIgnoreCase(key_, "version")) {
      if (out_.version.empty()) {
        out_.version = value_;
      }
    } else if (base::EqualsIgnoreCase(key_, "requires-dist") && !OnlyForExtra(value_)) {
      if (const std::string_view name = RequirementName(value_); !name.empty()) {
        out_.needs.emplace_back(name);
      }
    } else if (base::EqualsIgnoreCase(key_, "license-expression")) {
      out_.license_expression = value_;
    } else if (base::EqualsIgnoreCase(key_, "license")) {
      if (!several_lines_) {  // else it is the licence's text
        out_.license = value_;
      }
    } else if (base::EqualsIgnoreCase(key_, "classifier") && value_.starts_with("License ::")) {
      std::string_view last = value_;
      last = base::Trim(last.substr(last.rfind("::") + 2));
      if (last != "OSI Approved") {
        out_.license_classifiers.emplace_back(last);
      }
    }
    key_ = {};
    value_.clear();
  }

  Headers out_;
  std::string_view key_;
  std::string value_;
  bool several_lines_ = false;
};

}  // namespace

std::string_view RequirementName(std::string_view requirement) {
  requirement = base::Trim(requirement);
  size_t length = 0;
  while (length < requirement.size() && IsNameChar(requirement[length])) {
    ++length;
  }
  return requirement.substr(0, length);
}

Headers ParseHeaders(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
  }
  HeaderParser parser;
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.empty()) {
      break;
    }
    if (line.front() == ' ' || line.front() == '\t') {
      parser.Continue(line);
      continue;
    }
    if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
      parser.Begin(base::Trim(line.substr(0, colon)), line.substr(colon + 1));
    }
  }
  return parser.Finish();
}

NameAndVersion FromFolderName(std::string_view folder) {
  for (const std::string_view ending : {".dist-info", ".egg-info", ".egg"}) {
    if (!folder.ends_with(ending)) {
      continue;
    }
    folder.remove_suffix(ending.size());
    const size_t dash = folder.find('-');  // '-' inside of names is written '_'
    if (dash == std::string_view::npos || dash == 0) {
      return {};
    }
    std::string_view version = folder.substr(dash + 1);
    version = version.substr(0, version.find("-py"));
    if (version.empty() || version.front() < '0' || version.front() > '9') {
      return {};
    }
    return {folder.substr(0, dash), version};
  }
  return {};
}

}  // namespace scantling::catalog::python
