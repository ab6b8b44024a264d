// Documents of the store that are replaced whole: "owners", "channels", "views/NAME", "advisories",
// "notified", "address", "codeowners/DIGEST", "claims/DIGEST", "reporters/NAME"; and one for each
// advisory database that was ever loaded.
#pragma once

#include "base/result.h"
#include "program/events.h"

#include <string>
#include <string_view>

namespace scantling::program {

// "advisories/MILLISECONDS", by when it was loaded.
inline constexpr std::string_view kAdvisoriesDocument = "advisories/";

// kNotFound when it was never written.
base::Result<std::string> ReadDocument(store::Connection& connection, std::string_view name);
// The same with "" in that case.
base::Result<std::string> ReadDocumentOrNothing(store::Connection& connection,
                                                std::string_view name);
base::Result<void> WriteDocument(Change& change, std::string_view name, std::string_view body);

}  // namespace scantling::program
