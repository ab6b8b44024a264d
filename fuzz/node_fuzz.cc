// The first line is a path, the rest a package.json.
#include "catalog/node/node.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t newline = text.find('\n');
  const std::string path = std::string(text.substr(0, newline)) + "/package.json";
  const std::string_view json =
      newline == std::string_view::npos ? std::string_view() : text.substr(newline + 1);
  for (const std::string_view at :
       {std::string_view(path), std::string_view("node_modules/x/package.json"),
        std::string_view("package.json")}) {
    (void)scantling::catalog::NodeCataloger()
        .Catalog({at, scantling::base::AsBytes(json)}, {})
        .has_value();
  }
  return 0;
}
