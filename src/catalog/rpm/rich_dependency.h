// Rich dependencies of rpm: "(a or b)", "(a if b else c)", "((x and y) or z)".
// https://rpm-software-management.github.io/rpm/manual/boolean_dependencies.html
//
// They are read for what a package may need, so that nothing that it may need is proposed for
// removal: both sides of `and` and `with`, what stands before `if` and `unless` and after `else`.
// A condition is no need, and neither is what `without` shuts out. Whether the condition holds is
// not asked: one package too many is kept rather than one too few. Versions are left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scantling::catalog::rpm {

// Between the alternatives of one need.
inline constexpr char kOr = '|';

// Adds each capability that `text` names; the operands of an `or`, where they are plain
// capabilities, as one need "a|b|c". Text that is not well formed gives what was read of it.
void AddNeedsOf(std::string_view text, std::vector<std::string>& needs);

}  // namespace scantling::catalog::rpm
