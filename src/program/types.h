// Words that the whole room uses.
#pragma once

#include <cstdint>
#include <string_view>

namespace scantling::program {

using Millis = int64_t;  // since 1970 UTC; 0 = unknown, or not yet
inline constexpr Millis kMillisPerDay = 86'400'000;

// What became of the last scan of an image's content.
inline constexpr std::string_view kStateNever = "never";
inline constexpr std::string_view kStateQueued = "queued";
inline constexpr std::string_view kStateRunning = "running";
inline constexpr std::string_view kStateOk = "ok";
inline constexpr std::string_view kStateFailed = "failed";
inline constexpr std::string_view kStateUnsupported = "unsupported";

}  // namespace scantling::program
