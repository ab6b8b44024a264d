// The header part of a Python package's METADATA or PKG-INFO: RFC 822-like "Name: value" lines up
// to the first empty line.
//
// https://packaging.python.org/en/latest/specifications/core-metadata/ ; names of headers in any
// letter case, values continue on lines that begin with a space or a tab. The body (the
// description) is never looked at. Not handled: MIME encoded words (names and versions are ASCII).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog::python {

struct Headers {
  std::string name;     // as written; "" absent
  std::string version;  // as written; "" absent
  std::vector<std::string>
      needs;  // names of Requires-Dist, those of extras left out; sorted, unique
  // The first of the three that says anything counts (PEP 639): License-Expression; License, when
  // it is a name on one line; the last parts of "License ::" classifiers.
  std::string license_expression;
  std::string license;
  std::vector<std::string> license_classifiers;
};

Headers ParseHeaders(std::string_view text);

// "NAME" of a requirement such as "urllib3 (<3,>=1.21) ; python_version > '3'"; "" when there is
// none.
std::string_view RequirementName(std::string_view requirement);

// Name and version from a folder or file name: "Foo_Bar-1.2.dist-info", "foo-1.2-py3.11.egg-info",
// "foo-1.2-py3.11.egg". Both are empty when it does not have that form.
struct NameAndVersion {
  std::string_view name;
  std::string_view version;
};
NameAndVersion FromFolderName(std::string_view folder);

}  // namespace scantling::catalog::python
