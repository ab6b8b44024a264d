// See licenses.h. An expression is checked token by token and rewritten as it goes: no tree, no
// recursion.
#include "report/licenses.h"

#include "base/bytes.h"
#include "base/digest.h"
#include "base/strings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace scantling::report {
namespace {

constexpr size_t kMaxExpression = 2'000;

char LowerChar(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// As base::Lower(a) < base::Lower(b), without the copies.
bool LessIgnoreCase(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(
      a, b, [](char x, char y) { return LowerChar(x) < LowerChar(y); });
}

std::optional<std::string_view> FindIn(std::span<const std::string_view> table,
                                       std::string_view id) {
  const auto found = std::ranges::lower_bound(table, id, LessIgnoreCase);
  if (found == table.end() || !base::EqualsIgnoreCase(*found, id)) {
    return std::nullopt;
  }
  return *found;
}

bool IsIdChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

constexpr std::string_view kRef = "LicenseRef-";

bool IsRef(std::string_view token) {
  return token.starts_with(kRef) && token.size() > kRef.size() &&
         std::ranges::all_of(token.substr(kRef.size()), IsIdChar);
}

// Names in wide use that mean one identifier and no other. "BSD", "GPL", "Apache" do not.
std::optional<std::string_view> FromName(std::string_view name) {
  struct Row {
    std::string_view name;  // lower case
    std::string_view id;
  };
  static constexpr Row kRows[] = {
      {"apache 2", "Apache-2.0"},
      {"apache 2.0", "Apache-2.0"},
      {"apache license 2.0", "Apache-2.0"},
      {"apache license version 2.0", "Apache-2.0"},
      {"apache license, version 2.0", "Apache-2.0"},
      {"apache software license - version 2.0", "Apache-2.0"},
      {"apache-2", "Apache-2.0"},
      {"apache2", "Apache-2.0"},
      {"apache2.0", "Apache-2.0"},
      {"bsd 2-clause license", "BSD-2-Clause"},
      {"bsd 3-clause license", "BSD-3-Clause"},
      {"bsd-3-clause license", "BSD-3-Clause"},
      {"eclipse public license - v 1.0", "EPL-1.0"},
      {"eclipse public license - v 2.0", "EPL-2.0"},
      {"eclipse public license 1.0", "EPL-1.0"},
      {"eclipse public license 2.0", "EPL-2.0"},
      {"eclipse public license v. 2.0", "EPL-2.0"},
      {"eclipse public license v2.0", "EPL-2.0"},
      // The short names of Debian's machine-readable copyright files.
      {"expat", "MIT"},
      {"gpl-1", "GPL-1.0-only"},
      {"gpl-1+", "GPL-1.0-or-later"},
      {"gpl-2", "GPL-2.0-only"},
      {"gpl-2+", "GPL-2.0-or-later"},
      {"gpl-3", "GPL-3.0-only"},
      {"gpl-3+", "GPL-3.0-or-later"},
      {"isc license", "ISC"},
      {"isc license (iscl)", "ISC"},
      {"lgpl-2", "LGPL-2.0-only"},
      {"lgpl-2+", "LGPL-2.0-or-later"},
      {"lgpl-3", "LGPL-3.0-only"},
      {"lgpl-3+", "LGPL-3.0-or-later"},
      {"mit license", "MIT"},
      {"mit-license", "MIT"},
      {"mozilla public license 2.0", "MPL-2.0"},
      {"mozilla public license 2.0 (mpl 2.0)", "MPL-2.0"},
      {"mozilla public license, version 2.0", "MPL-2.0"},
      {"mpl 2.0", "MPL-2.0"},
      {"the apache license, version 2.0", "Apache-2.0"},
      {"the apache software license, version 2.0", "Apache-2.0"},
      {"the mit license", "MIT"},
      {"the mit license (mit)", "MIT"},
      {"the unlicense (unlicense)", "Unlicense"},
  };
  const auto found = std::ranges::find_if(
      kRows, [&](const Row& row) { return base::EqualsIgnoreCase(row.name, name); });
  if (found != std::end(kRows)) {
    return found->id;
  }
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (name.starts_with(scheme)) {
      name.remove_prefix(scheme.size());
      if (name.starts_with("www.")) {
        name.remove_prefix(4);
      }
      if (name.ends_with('/')) {
        name.remove_suffix(1);
      }
      for (const std::string_view ending : {".txt", ".html", ".php"}) {
        if (name.ends_with(ending)) {
          name.remove_suffix(ending.size());
        }
      }
      static constexpr Row kUrls[] = {
          {"apache.org/licenses/license-2.0", "Apache-2.0"},
          {"opensource.org/licenses/apache-2.0", "Apache-2.0"},
          {"opensource.org/licenses/mit", "MIT"},
          {"opensource.org/licenses/mit-license", "MIT"},
          {"opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"},
          {"opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"},
          {"eclipse.org/legal/epl-2.0", "EPL-2.0"},
          {"eclipse.org/legal/epl-v10", "EPL-1.0"},
          {"eclipse.org/legal/epl-v20", "EPL-2.0"},
          {"eclipse.org/org/documents/epl-2.0", "EPL-2.0"},
          {"mozilla.org/mpl/2.0", "MPL-2.0"},
          {"creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"},
      };
      for (const Row& row : kUrls) {
        if (base::EqualsIgnoreCase(row.name, name)) {
          return row.id;
        }
      }
      break;
    }
  }
  return std::nullopt;
}

// "MIT", "GPL-2.0+" (an identifier of its own), "Apache-2.0+", "LicenseRef-x"; "" none.
std::string Simple(std::string_view token) {
  if (IsRef(token)) {
    return std::string(token);
  }
  if (const auto id = FindIn(LicenseIds(), token)) {
    return std::string(*id);
  }
  if (token.ends_with('+')) {
    token.remove_suffix(1);
    if (const auto id = FindIn(LicenseIds(), token)) {
      return std::string(*id) + "+";
    }
  }
  return {};
}

// Takes one token off: a bracket, or a word. "" at the end.
std::string_view TakeToken(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const size_t length = text.starts_with('(') || text.starts_with(')')
                            ? 1
                            : std::min(text.find_first_of(" \t\r\n()"), text.size());
  const std::string_view token = text.substr(0, length);
  text.remove_prefix(length);
  return token;
}

std::string_view Operator(std::string_view token) {
  for (const std::string_view word : {"AND", "OR", "WITH"}) {
    if (base::EqualsIgnoreCase(token, word)) {
      return word;
    }
  }
  return {};
}

// A LicenseRef for a name that no list has: readable, and different for different names.
std::string RefOf(std::string_view name) {
  constexpr size_t kReadable = 60;
  std::string out(kRef);
  out += "scantling-";
  bool same = name.size() <= kReadable;
  for (const char c : name.substr(0, kReadable)) {
    same = same && IsIdChar(c);
    out.push_back(IsIdChar(c) ? c : '-');
  }
  if (!same) {
    out += "-" + base::Sha256Of(base::AsBytes(name)).Hex().substr(0, 8);
  }
  return out;
}

void AddReferences(std::string_view expression, std::vector<LicenseName>& references) {
  while (true) {
    const std::string_view token = TakeToken(expression);
    if (token.empty()) {
      return;
    }
    if (IsRef(token)) {
      references.push_back({std::string(token), std::string(token)});
    }
  }
}

}  // namespace

std::optional<std::string_view> LicenseId(std::string_view declared) {
  declared = base::Trim(declared);
  if (const auto id = FindIn(LicenseIds(), declared)) {
    return id;
  }
  return FromName(declared);
}

std::optional<std::string> LicenseExpression(std::string_view declared) {
  if (declared.size() > kMaxExpression) {
    return std::nullopt;
  }
  // What may come next: a licence or "(", the exception of a WITH, or an operator or ")".
  enum class Want : uint8_t { kLicense, kException, kOperator };
  Want want = Want::kLicense;
  bool after_simple = false;  // WITH follows a licence, not a bracket
  size_t depth = 0;
  std::string out;
  while (true) {
    const std::string_view token = TakeToken(declared);
    if (token.empty()) {
      break;
    }
    if (want == Want::kLicense) {
      if (token == "(") {
        ++depth;
        out.push_back('(');
        continue;
      }
      const std::string license = Simple(token);
      if (license.empty()) {
        return std::nullopt;
      }
      out += license;
      want = Want::kOperator;
      after_simple = true;
    } else if (want == Want::kException) {
      const auto exception = FindIn(LicenseExceptions(), token);
      if (!exception) {
        return std::nullopt;
      }
      out += *exception;
      want = Want::kOperator;
      after_simple = false;
    } else if (token == ")") {
      if (depth == 0) {
        return std::nullopt;
      }
      --depth;
      out.push_back(')');
      after_simple = false;
    } else {
      const std::string_view word = Operator(token);
      const bool with = word == "WITH";
      if (word.empty() || (with && !after_simple)) {
        return std::nullopt;
      }
      out.append(" ").append(word).append(" ");
      want = with ? Want::kException : Want::kLicense;
    }
  }
  if (want != Want::kOperator || depth != 0 || out.size() > kMaxExpression) {
    return std::nullopt;
  }
  return out;
}

DeclaredLicense Declared(const std::vector<std::string>& licenses) {
  DeclaredLicense out;
  std::vector<std::string> parts;
  for (const std::string& license : licenses) {
    std::string part;
    if (const auto id = LicenseId(license)) {
      part = *id;
    } else if (auto expression = LicenseExpression(license)) {
      part = *std::move(expression);
      AddReferences(part, out.references);
    } else {
      part = RefOf(license);
      out.references.push_back({part, license});
    }
    if (std::ranges::find(parts, part) == parts.end()) {
      parts.push_back(std::move(part));
    }
  }
  for (const std::string& part : parts) {
    const bool brackets = parts.size() > 1 && part.find(" OR ") != std::string::npos;
    out.expression += out.expression.empty() ? "" : " AND ";
    out.expression += brackets ? "(" + part + ")" : part;
  }
  return out;
}

}  // namespace scantling::report
