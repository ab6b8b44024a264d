// Go programs: the modules that are compiled into an ELF file, the main module, and the standard
// library.
//
// build_info.h has the format. Files stream by: only the program headers and the blob itself are
// kept, and scanning ends with the writable data. The pointer form of Go 1.13 to 1.17 needs the
// whole file (FileFacts.again_whole). Component.container is the program's path, main_module its
// main module. A main module's "(devel)" is an empty version. Not handled: PE and Mach-O files,
// packed programs (UPX), programs without build information, symbols (which packages of a module
// are really used), versions that a build sets by -ldflags.
#pragma once

#include "catalog/common/cataloger.h"

namespace scantling::catalog {

const Cataloger& GoCataloger();

}  // namespace scantling::catalog
