// What a name that is not known most likely meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace scantling::base {

// The candidate with the fewest edits (a swap of neighbours is one), when these are at most one, or
// a third of the name; the first of several; "" when none is near.
std::string Nearest(std::string_view name, std::span<const std::string_view> candidates);
std::string Nearest(std::string_view name, std::span<const std::string> candidates);

}  // namespace scantling::base
