// What a package.json is, by its path alone: an installed package, something that may be a project,
// or neither.
//
// Installed is the rule of Node's and npm's own layout
// (https://nodejs.org/api/modules.html#loading-from-node_modules-folders,
// https://docs.npmjs.com/cli/configuring-npm/folders): the folder is node_modules/NAME or
// node_modules/@SCOPE/NAME, and below the first node_modules, which any folder may hold, each
// further node_modules stands directly in a package's folder. So a package's inner package.json
// (dist/esm) and its test fixtures, with node_modules folders of their own, are none. Stores of
// linked packages (node_modules/.pnpm/SLUG/node_modules/NAME; also .store, .bun, .deno;
// .store/SLUG/package) are folders of packages too, and so are Debian's usr/share/nodejs,
// usr/lib/nodejs and usr/lib/<triplet>/nodejs. Not handled: Yarn Plug'n'Play (packages in zip files
// of a cache).
#pragma once

#include <cstdint>
#include <string_view>

namespace scantling::catalog::node {

enum class Place : uint8_t {
  kInstalled,  // a package in a folder of packages
  kOutside,    // below no folder of packages: a project's root, or any other use of the file's name
  kInside,     // inside of a package: not a package of its own
};

// Requires: the last part of `path` is "package.json".
Place PlaceOf(std::string_view path);

}  // namespace scantling::catalog::node
