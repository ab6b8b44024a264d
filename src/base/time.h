// Points in time as seconds since 1970-01-01T00:00:00Z, and their RFC 3339 text. No function here
// reads a clock: the present comes in through parameters (--now), so that the same input gives the
// same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scantling::base {

using Seconds = int64_t;
inline constexpr Seconds kSecondsPerDay = 86'400;

// "2024-04-17", "2024-04-17T18:15:15Z", fractions and offsets ("+02:00", "+0000"); nullopt for
// anything else.
std::optional<Seconds> ParseTime(std::string_view text);
std::string FormatDate(Seconds time);  // "2024-04-17" (UTC)
std::string FormatTime(Seconds time);  // "2024-04-17T18:15:15Z"
// "Wed, 17 Apr 2024 18:15:15 GMT", as mail (RFC 5322, zone "+0000") and HTTP (RFC 9110, "GMT") have
// it.
std::string FormatHeaderTime(Seconds time, std::string_view zone);

}  // namespace scantling::base
