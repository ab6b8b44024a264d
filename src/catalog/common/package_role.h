// What an OS package is for, judged by its name alone: the shared half of the dpkg, apk and rpm
// rules.
//
// The rule, in this order:
//  1. documentation: the name ends in -doc or -docs;
//  2. headers: it ends in -dev, -devel or -headers (dpkg-dev, which builds packages, is the
//  exception), or starts
//     with linux-headers or kernel-headers;
//  3. build only: a name of the table in package_role.cc (compilers, linkers, build systems,
//  packaging tools), or a
//     versioned or cross form of one ("gcc-12", "clang15", "binutils-x86-64-linux-gnu"), unless it
//     ends in -base, -libs, -lib, -common or -runtime: those parts of a compiler are what running
//     programs link to;
//  4. anything else runs.
// Whether something at run time still needs such a package is decided later, from `depends`.
#pragma once

#include "model/component.h"

#include <string_view>

namespace scantling::catalog {

model::Role RoleFromName(std::string_view name);

}  // namespace scantling::catalog
