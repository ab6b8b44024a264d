// The page's files, built into the program, as a fallback handler: hash-named ones are cached for
// ever, others are asked again by ETag. A path without a file is index.html, so that each address
// of the page can be opened directly; not under /api and /assets, which are 404.
#pragma once

#include "server/http/router.h"

#include <span>
#include <string_view>

namespace scantling::server::http {

// Borrowed for the life of the program.
struct StaticFile {
  std::string_view path;  // "/assets/app-4f3a.js"
  std::string_view bytes;
  std::string_view type;
  std::string_view gzip;   // "" = not packed
  bool immutable = false;  // the name changes with the content
};

Handler ServeFiles(std::span<const StaticFile> files);

}  // namespace scantling::server::http
