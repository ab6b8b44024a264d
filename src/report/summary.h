// Counts over a report that the JSON, the screen and the exit code share, so that they cannot
// disagree.
#pragma once

#include "model/report.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace scantling::report {

struct Summary {
  uint64_t components = 0;
  uint64_t findings = 0;                   // open ones; this and the counts below
  uint64_t vulnerabilities = 0;            // distinct ids
  std::array<uint64_t, 6> by_level{};      // by model::Level
  std::array<uint64_t, 5> by_fix_state{};  // by model::FixState
  uint64_t exploited = 0;     // findings of vulnerabilities that are in CISA's catalogue (KEV)
  uint64_t fixable = 0;       // a fixed version exists
  uint64_t accepted = 0;      // closed by an exception
  uint64_t not_affected = 0;  // closed by a VEX statement (not affected, or fixed)
  uint64_t actions = 0;       // without "nothing to do yet"
  uint64_t gaps = 0;          // Gaps().size()
};

Summary Summarize(const model::Report& report);

// What a "no finding" does not cover, in words, most important first: ecosystems without data,
// releases that the data does not know, the starter set, files that could not be read, errors.
// Empty = everything claimed was read and could be looked up. Independent of the clock: old data is
// said on the screen, and a gap only for who looks at dates.
std::vector<std::string> Gaps(const model::Report& report);

}  // namespace scantling::report
