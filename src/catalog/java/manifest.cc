// See manifest.h.
#include "catalog/java/manifest.h"

#include "base/strings.h"

namespace scantling::catalog::java {
namespace {

// Takes one line off; its end may be CR, LF or CRLF.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos) {
    text = {};
    return line;
  }
  const bool both = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  text.remove_prefix(end + (both ? 2 : 1));
  return line;
}

std::string* Field(Manifest& manifest, std::string_view key) {
  struct Row {
    std::string_view key;
    std::string Manifest::* field;
  };
  static constexpr Row kRows[] = {
      {"Implementation-Title", &Manifest::implementation_title},
      {"Implementation-Version", &Manifest::implementation_version},
      {"Bundle-SymbolicName", &Manifest::bundle_symbolic_name},
      {"Bundle-Version", &Manifest::bundle_version},
      {"Automatic-Module-Name", &Manifest::automatic_module_name},
      {"Specification-Title", &Manifest::specification_title},
      {"Specification-Version", &Manifest::specification_version},
  };
  for (const Row& row : kRows) {
    if (base::EqualsIgnoreCase(row.key, key)) {
      return &(manifest.*row.field);
    }
  }
  return nullptr;
}

}  // namespace

Manifest ParseManifest(std::string_view text) {
  Manifest out;
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
  }
  std::string* field = nullptr;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) {
      break;  // the main section ends
    }
    if (line.front() == ' ') {
      if (field != nullptr) {
        field->append(line.substr(1));
      }
      continue;
    }
    const size_t colon = line.find(':');
    field = colon == std::string_view::npos ? nullptr : Field(out, line.substr(0, colon));
    if (field != nullptr) {
      std::string_view value = line.substr(colon + 1);
      if (value.starts_with(' ')) {
        value.remove_prefix(1);
      }
      field->assign(value);
    }
  }
  for (std::string* text_field :
       {&out.implementation_title, &out.implementation_version, &out.bundle_symbolic_name,
        &out.bundle_version, &out.automatic_module_name, &out.specification_title,
        &out.specification_version}) {
    *text_field = std::string(base::Trim(*text_field));
  }
  std::string& symbolic = out.bundle_symbolic_name;
  symbolic = std::string(base::Trim(std::string_view(symbolic).substr(0, symbolic.find(';'))));
  return out;
}

PomProperties ParsePomProperties(std::string_view text) {
  PomProperties out;
  while (!text.empty()) {
    const std::string_view line = base::Trim(TakeLine(text));
    const size_t separator = line.find_first_of("=:");
    if (line.empty() || line.front() == '#' || line.front() == '!' ||
        separator == std::string_view::npos) {
      continue;
    }
    const std::string_view key = base::Trim(line.substr(0, separator));
    const std::string_view value = base::Trim(line.substr(separator + 1));
    if (key == "groupId") {
      out.group = value;
    } else if (key == "artifactId") {
      out.artifact = value;
    } else if (key == "version") {
      out.version = value;
    }
  }
  return out;
}

std::string_view UsableVersion(std::string_view text) {
  text = text.substr(0, text.find_first_of(" \t"));
  const auto digit_at = [&](size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  const bool good = digit_at(0) || (text.starts_with('v') && digit_at(1));
  return good && text.find("${") == std::string_view::npos ? text : std::string_view();
}

}  // namespace scantling::catalog::java
