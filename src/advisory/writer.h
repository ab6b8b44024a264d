// A catalogue -> the bytes of a database file (format.h).
#pragma once

#include "advisory/compile.h"
#include "base/result.h"

#include <string>

namespace scantling::advisory {

base::Result<std::string> WriteDatabase(const Catalogue& catalogue);

}  // namespace scantling::advisory
