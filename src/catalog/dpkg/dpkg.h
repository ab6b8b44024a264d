// Debian packages: lib/dpkg/status and status.d (distroless), and the file lists of lib/dpkg/info,
// below any prefix.
//
// https://www.debian.org/doc/debian-policy/ch-controlfields.html (fields), dpkg(1) "Package
// states", https://github.com/GoogleContainerTools/distroless/blob/main/PACKAGE_METADATA.md
// (status.d)
//
// Facts, so that the engine can tie owned paths to packages:
//   dpkg.owner.list     "<package>[:<architecture>]" as in the *.list file's name; `owned` = its
//   paths, folders too dpkg.owner.md5sums  the same for *.md5sums; in status.d the file's name
//   without ".md5sums" dpkg.status.d       "<file name>=<package>": names in status.d may be
//   shortened, md5sums beside it use the file name
//   dpkg.license        one of the licences of usr/share/doc/<package>/copyright
// Not handled: diversions, statoverrides, conffiles; `available`; opkg.
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& DpkgCataloger();

}  // namespace scantling::catalog
