// docs/supported.md, made from the catalogers' own descriptions, so that the page cannot promise
// what the code lacks.
#pragma once

#include <string>

namespace scantling::catalog {

std::string SupportedMarkdown();

}  // namespace scantling::catalog
