// Alpine packages: lib/apk/db/installed (newer: usr/lib/apk/db/installed), and the repositories
// that name the stream.
//
// https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2 : one letter, ':', value; an
// empty line ends a package. Facts: "apk.repository", one per line of etc/apk/repositories and of
// etc/apk/repositories.d/*.list, comments left out, tags kept ("@edge https://..."); which release
// that means is the engine's to say. Not handled: install_if, replaces, triggers, scripts; the
// world file (names in it say nothing about versions).
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& ApkCataloger();

}  // namespace scantling::catalog
