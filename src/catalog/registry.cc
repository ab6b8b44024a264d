// The table of all catalogers, in the order in which a file's claim is decided. Explicit: a static
// library drops objects that only register themselves. docs/supported.md is made from it.
#include "catalog/apk/apk.h"
#include "catalog/common/cataloger.h"
#include "catalog/dpkg/dpkg.h"
#include "catalog/go/go.h"
#include "catalog/java/java.h"
#include "catalog/node/node.h"
#include "catalog/os_release/os_release.h"
#include "catalog/python/python.h"
#include "catalog/rpm/rpm.h"

#include <array>

namespace scantling::catalog {

std::span<const Cataloger* const> Catalogers() {
  static const std::array<const Cataloger*, 8> kTable = {
      &OsReleaseCataloger(), &DpkgCataloger(), &ApkCataloger(),  &RpmCataloger(),
      &PythonCataloger(),    &NodeCataloger(), &JavaCataloger(), &GoCataloger(),
  };
  return kTable;
}

}  // namespace scantling::catalog
