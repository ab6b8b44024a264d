// A distribution says the same thing more than once: Debian's CVE record and the DSA that fixes it,
// Alpine's OSV record and its secdb entry. Folding leaves one statement for each (package,
// vulnerability). The rules: docs/formats/advisory-states.md.
#pragma once

#include "advisory/compile.h"

#include <string_view>
#include <vector>

namespace scantling::advisory {

// `statements` are about one package of `name_space` and sorted by vulnerability. Namespaces that
// are not folded (all but debian:* and alpine:*) stay as they are.
void FoldStatements(std::string_view name_space, const Catalogue& catalogue,
                    std::vector<CompiledStatement>& statements);

}  // namespace scantling::advisory
