// CVSS vectors as severity records.
#pragma once

#include "advisory/records.h"

#include <optional>
#include <string_view>

namespace scantling::advisory {

// nullopt when the vector cannot be read.
std::optional<SeverityRecord> SeverityFromVector(std::string_view source, std::string_view vector,
                                                 Interner& texts);

}  // namespace scantling::advisory
