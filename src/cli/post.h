// One request to a Scantling server: address, token and certificates as the settings say, errors in
// the server's own words.
#pragma once

#include "base/result.h"
#include "cli/settings.h"

#include <string>
#include <string_view>

namespace scantling::cli {

// POST of JSON to `server` + `path`; the answer's body when the status is 2xx.
base::Result<std::string> PostToServer(const Settings& settings, const std::string& server,
                                       std::string_view path, std::string body);

}  // namespace scantling::cli
