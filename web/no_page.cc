// In place of the page, where the program was built without it (cmake/web.cmake).
#include "server/http/page_files.h"

#include <array>

namespace scantling::server::http {
namespace {

constexpr std::array<StaticFile, 1> kFiles = {{{
    .path = "/index.html",
    .bytes = "<!doctype html><html lang=\"en\"><title>Scantling</title><h1>This program was built "
             "without its page</h1>"
             "<p>Everything is under /api/v1 (api/openapi.yaml). To have the page: apt-get install "
             "nodejs npm, then "
             "cmake -DSCANTLING_WEB=ON and build again.</p></html>",
    .type = "text/html; charset=utf-8",
    .gzip = {},
    .immutable = false,
}}};

}  // namespace

std::span<const StaticFile> PageFiles() { return kFiles; }

}  // namespace scantling::server::http
