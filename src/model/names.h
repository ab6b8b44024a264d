// The words of the model's enumerations, in their order: reports write them, policies and cases
// read them. One table each, so that a word is changed in one place.
#pragma once

#include <array>
#include <string_view>

namespace scantling::model {

inline constexpr std::array<std::string_view, 6> kLevelNames = {
    "unknown", "negligible", "low", "medium", "high", "critical"};
inline constexpr std::array<std::string_view, 5> kFixStateNames = {"unknown", "fixed", "not_fixed",
                                                                   "wont_fix", "deferred"};
inline constexpr std::array<std::string_view, 3> kExploitNames = {"none", "poc", "weaponised"};
// Priority::level is a text; these are its values, the least pressing first.
inline constexpr std::array<std::string_view, 5> kPriorityNames = {"none", "next_rebuild",
                                                                   "planned", "soon", "immediate"};
inline constexpr std::array<std::string_view, 3> kOriginNames = {"unknown", "base", "application"};
inline constexpr std::array<std::string_view, 5> kChangeNames = {
    "unknown", "introduced", "inherited", "existing", "new_in_world"};
inline constexpr std::array<std::string_view, 4> kRoleNames = {"runtime", "build_only", "headers",
                                                               "documentation"};
inline constexpr std::array<std::string_view, 3> kStageNames = {"observe", "warn", "enforce"};
// Of --exposed: whether the public network reaches the workload.
inline constexpr std::array<std::string_view, 3> kExposureNames = {"unknown", "yes", "no"};

}  // namespace scantling::model
