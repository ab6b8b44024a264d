// RPM packages: the database in any of its formats, in any of its places (var/lib/rpm,
// usr/lib/sysimage/rpm, usr/share/rpm), below any prefix.
//
// Headers: codec/rpm_header.h, databases: codec/rpmdb.h. Version text: "[epoch:]version-release".
// gpg-pubkey entries (keys kept as packages) are left out. A write-ahead log that holds data
// (rpmdb.sqlite-wal) is a gap: it may hold packages that the database file lacks. Not handled: rich
// dependencies ("(a or b)"), rpmlib() features, file flags (ghost, doc), the yum and dnf histories.
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& RpmCataloger();

}  // namespace scantling::catalog
