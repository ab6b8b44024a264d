// See place.h.
#include "catalog/node/place.h"

#include "base/strings.h"

namespace scantling::catalog::node {
namespace {

// Takes parts off the front of a path.
class Parts {
 public:
  explicit Parts(std::string_view path) : rest_(path) {}
  bool AtEnd() const { return rest_.empty(); }
  std::string_view Next() {
    const size_t slash = rest_.find('/');
    const std::string_view part = rest_.substr(0, slash);
    rest_.remove_prefix(slash == std::string_view::npos ? rest_.size() : slash + 1);
    return part;
  }

 private:
  std::string_view rest_;
};

bool IsStore(std::string_view name) {
  return name == ".pnpm" || name == ".store" || name == ".bun" || name == ".deno";
}

// Length of the prefix that is Debian's folder of packages, its slash included; 0 = not below one.
size_t DebianFolder(std::string_view path) {
  for (const std::string_view folder : {"usr/share/nodejs/", "usr/lib/nodejs/"}) {
    if (path.starts_with(folder)) {
      return folder.size();
    }
  }
  constexpr std::string_view kLib = "usr/lib/";
  if (path.starts_with(kLib)) {
    const size_t slash = path.find('/', kLib.size());
    constexpr std::string_view kNode = "/nodejs/";
    if (slash != std::string_view::npos && path.substr(slash).starts_with(kNode)) {
      return slash + kNode.size();
    }
  }
  return 0;
}

// `parts` stands behind a node_modules.
Place InFolderOfPackages(Parts parts) {
  while (true) {
    std::string_view name = parts.Next();
    if (IsStore(name)) {
      std::string_view part = parts.Next();
      if (part != "node_modules") {  // a slug; without one these are the store's hoisted packages
        part = parts.Next();
      }
      if (part == "package") {  // Yarn's store keeps the package itself here
        name = part;
      } else if (part == "node_modules") {
        continue;
      } else {
        return Place::kInside;
      }
    } else if (name.starts_with('@')) {
      name = parts.Next();
    }
    if (parts.AtEnd()) {
      return Place::kInside;  // "node_modules/package.json"
    }
    const std::string_view next = parts.Next();
    if (parts.AtEnd()) {
      return Place::kInstalled;  // the path's last part is package.json
    }
    if (next != "node_modules") {
      return Place::kInside;
    }
  }
}

}  // namespace

Place PlaceOf(std::string_view path) {
  if (const size_t debian = DebianFolder(path); debian != 0) {
    return InFolderOfPackages(Parts(path.substr(debian)));
  }
  Parts parts(path);
  while (!parts.AtEnd()) {
    if (parts.Next() == "node_modules") {
      return InFolderOfPackages(parts);
    }
  }
  return Place::kOutside;
}

}  // namespace scantling::catalog::node
