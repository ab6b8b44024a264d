// Installed npm packages: package.json below node_modules (nested, scoped, linked stores, global
// ones) and in Debian's folders; and projects, whose package.json outside says which packages are
// at the top.
//
// https://docs.npmjs.com/cli/configuring-npm/package-json ; place.h has the rule by which a path
// counts. Record.needs = dependencies, optionalDependencies and peerDependencies (npm 7 and later
// installs those too); of a project also devDependencies. A project without a version gives a
// record for chains only. Not handled: lock files (what was resolved is not what is installed),
// Yarn Plug'n'Play, bundled single-file programs.
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& NodeCataloger();

}  // namespace scantling::catalog
