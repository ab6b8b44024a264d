// See manifest.h.
#include "catalog/java/manifest.h"

#include "base/strings.h"

#include <utility>

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
      {"Bundle-License", &Manifest::bundle_license},
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

// What stands between <name> and </name>, the first time outside of a comment; data() is null when
// there is none.
std::string_view Element(std::string_view xml, std::string_view name) {
  for (size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    std::string_view tag = xml.substr(at + 1);
    if (tag.starts_with("!--")) {
      at = xml.find("-->", at);
      if (at == std::string_view::npos) {
        break;
      }
    } else if (tag.starts_with(name) && tag.substr(name.size()).starts_with('>')) {
      const std::string_view inside = tag.substr(name.size() + 1);
      const size_t end = inside.find("</" + std::string(name) + ">");
      return end == std::string_view::npos ? std::string_view() : inside.substr(0, end);
    }
  }
  return {};
}

// Runs of white space become one space; the five named entities are resolved.
std::string Words(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string out;
  while (!text.empty()) {
    char c = text.front();
    size_t taken = 1;
    for (const auto& [entity, character] : kEntities) {
      if (text.starts_with(entity)) {
        c = character;
        taken = entity.size();
      }
    }
    text.remove_prefix(taken);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (!out.ends_with(' ')) {
        out.push_back(' ');
      }
    } else {
      out.push_back(c);
    }
  }
  return out;
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

std::vector<std::string> LicensesOfBundle(std::string_view header) {
  std::vector<std::string> out;
  std::string license;
  bool quoted = false;
  bool in_attributes = false;
  const auto end = [&] {
    const std::string_view text = base::Trim(license);
    if (!text.empty() && text != "<<EXTERNAL>>") {
      out.emplace_back(text);
    }
    license.clear();
    in_attributes = false;
  };
  for (const char c : header) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      end();
    } else if (c == ';' && !quoted) {
      in_attributes = true;
    } else if (!in_attributes) {
      license.push_back(c);
    }
  }
  end();
  return out;
}

std::vector<std::string> LicensesOfPom(std::string_view xml) {
  std::vector<std::string> out;
  const std::string_view block = Element(xml, "licenses");
  for (std::string_view rest = block; !rest.empty();) {
    const std::string_view license = Element(rest, "license");
    if (license.data() == nullptr) {
      break;
    }
    std::string_view name = base::Trim(Element(license, "name"));
    if (name.empty()) {
      name = base::Trim(Element(license, "url"));
    }
    if (!name.empty()) {
      out.push_back(Words(name));
    }
    rest.remove_prefix(static_cast<size_t>(license.data() + license.size() - rest.data()));
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
