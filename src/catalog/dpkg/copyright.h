// usr/share/doc/<package>/copyright in the machine-readable form (DEP-5,
// https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/): the short names of its
// "License" fields. A file in free text gives nothing, which is no gap: most say so in prose.
//
// Not handled: licence texts, common-licenses, which file has which licence.
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog::dpkg {

// "usr/share/doc/libssl3/copyright" -> "libssl3"; "" for any other path.
std::string_view PackageOfCopyright(std::string_view path);

// "GPL-2+ or MIT", as they stand; sorted, each once, at most common/licenses.h's number of them.
std::vector<std::string> LicensesOfCopyright(base::Bytes data);

}  // namespace scantling::catalog::dpkg
