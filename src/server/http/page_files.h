// The page's files (web/), built into the program by cmake/web.cmake: the real page, or, where it
// is built without Node.js, one file that says how to get it.
#pragma once

#include "server/http/static_files.h"

#include <span>

namespace scantling::server::http {

std::span<const StaticFile> PageFiles();

}  // namespace scantling::server::http
