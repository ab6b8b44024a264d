// Inside of the folder: the tables that packages.h is made from.
#pragma once

#include "program/demo/packages.h"

#include <string_view>

namespace scantling::program::demo {

// Lines: [GROUP] begins a group; then SOURCE VERSION BINARY[=VERSION]..., and in {EDITION} what
// that edition and those after it have instead: SOURCE VERSION.
std::string_view SystemTable(Base base);
// Lines: NAME VERSION..., oldest first.
std::string_view ApplicationTable(version::Ecosystem ecosystem);

}  // namespace scantling::program::demo
