// The page's files from memory.
#include "server/http/static_files.h"

#include "server/http/uri.h"

#include <map>
#include <memory>

namespace scantling::server::http {

Handler ServeFiles(std::span<const StaticFile> files) {
  auto table = std::make_shared<std::map<std::string_view, const StaticFile*>>();
  for (const StaticFile& file : files) {
    table->emplace(file.path, &file);
  }
  return [table](const Request& request) {
    const std::string path = DecodePercent(request.path).value_or("");
    auto found = table->find(path);
    const bool under_api = path == "/api" || path.starts_with("/api/");
    if (found == table->end() && !path.empty() && !under_api && !path.starts_with("/assets/")) {
      found = table->find("/index.html");
    }
    if (found == table->end()) {
      return Problem(404, "there is nothing at this address");
    }
    const StaticFile& file = *found->second;
    Response out;
    out.Set("Content-Type", file.type);
    out.Set("Cache-Control",
            file.immutable ? "public, max-age=31536000, immutable" : "public, no-cache");
    if (!file.gzip.empty()) {
      out.Set("Vary", "Accept-Encoding");
    }
    if (!file.gzip.empty() && AcceptsCoding(request.Header("Accept-Encoding"), "gzip")) {
      out.Set("Content-Encoding", "gzip");
      out.body = file.gzip;
    } else {
      out.body = file.bytes;
    }
    return out;
  };
}

}  // namespace scantling::server::http
