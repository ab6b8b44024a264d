// The engine of `scantling version compare ECOSYSTEM`: checks lines "A < B", "A = B", "A > B"
// against our comparator.
// '#' begins a comment, on a line of its own or after the comparison; blank lines are skipped,
// fields are separated by spaces or tabs.
//
// Not handled: versions with blanks in them; they make the line malformed.
#pragma once

#include "version/ecosystem.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::version {

struct LineProblem {
  enum class Kind : uint8_t {
    kWrong,      // the comparator says otherwise
    kInvalid,    // one of the two is not a version of the ecosystem
    kMalformed,  // not of the form "A < B"
  };
  uint64_t line = 0;  // from 1
  Kind kind = Kind::kWrong;
  std::string text;    // the line, trimmed
  std::string detail;  // what the comparator says ("1.0 > 0.9"), or what is wrong with the line
};

struct CompareLinesResult {
  uint64_t compared = 0;              // lines with a comparison, right or wrong
  std::vector<LineProblem> problems;  // in line order
  bool ok() const { return problems.empty(); }
};

CompareLinesResult CompareLines(Ecosystem ecosystem, std::string_view text);

}  // namespace scantling::version
