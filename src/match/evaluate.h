// Inside of the room: all statements about one package, weighed for one installed version: one
// decision per vulnerability.
//
// Which statement decides (docs/matching.md, "When several sources speak"): the ecosystem's own
// database before others, and inside a distribution the record of the vulnerability itself before
// an advisory that gathers several (DSA, DLA). The others add nothing to the range. Single thread;
// buffers are reused, so a package without a match allocates nothing of its own.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "match/advisory_lookup.h"
#include "match/target.h"
#include "model/finding.h"
#include "version/range.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::match {

enum class Outcome : uint8_t {
  kNotAffected,  // the source says so, whatever the version
  kOutOfRange,   // below what is affected, or fixed
  kAffected,
  kUncomparable,  // a version that is none decides
};

struct Decision {
  uint32_t vulnerability = 0;
  Outcome outcome = Outcome::kOutOfRange;
  // Of the statement that decided.
  advisory::StatementState state = advisory::StatementState::kAffected;
  model::Level level = model::Level::kUnknown;
  bool unimportant = false;
  std::string_view advisory;
  std::string_view source;
  std::string_view note;
  version::Interval interval;           // the one that holds the version, or the nearest word on it
  std::string_view first_import;        // Go: where in the module the fault is; "" = not said
  std::vector<std::string_view> fixed;  // ascending, above the installed version
  base::Seconds fix_available = 0;      // 0 unknown
  std::vector<std::string_view>
      elsewhere;  // kAffected only: advisories of lesser sources, for `explain`
};

enum class Keep : uint8_t {
  kAffected,    // decisions that make findings or diagnostics
  kEverything,  // also why something is none
};

class Evaluator {
 public:
  explicit Evaluator(const AdvisoryLookup& lookup) : lookup_(lookup) {}

  // Sorted by vulnerability.
  base::Result<std::vector<Decision>> Evaluate(const Target& target, Keep keep);

 private:
  struct Said {
    uint32_t vulnerability;
    uint32_t order;     // as the database gave it
    uint8_t authority;  // 0 decides first
    version::InRange in_range;
    advisory::StatementState state;
    model::Level level;
    uint32_t first_interval;
    uint32_t end_interval;
    std::string_view advisory;
    std::string_view source;
    std::string_view note;
    std::string_view first_import;
    base::Seconds published;
  };
  void Hear(const Target& target, const advisory::Statement& statement);
  version::InRange Contains(const Target& target, const version::Interval& interval);
  Decision Decide(const Target& target, size_t begin, size_t end) const;
  void FindFixes(const Target& target, size_t begin, size_t end, size_t decisive_end,
                 Decision& decision) const;
  bool InAnyRange(const Target& target, size_t begin, size_t end, std::string_view version) const;

  const AdvisoryLookup& lookup_;
  std::vector<Said> said_;
  std::vector<version::Interval> intervals_;
  // Answers for the version at hand: the thousands of statements about a kernel share some dozen
  // ranges, and a database keeps each text once, so that the place of the text tells them apart.
  struct Answer {
    version::Interval interval;
    version::InRange in_range = version::InRange::kNo;
    uint64_t round = 0;  // 0 = empty
  };
  std::array<Answer, 64> answers_;
  uint64_t round_ = 0;
};

// ">= 2.13.0, < 2.15.0"; "every version" when open on both sides.
std::string RangeText(const version::Interval& interval);
// The one table of fix states.
model::FixState FixStateOf(const Decision& decision);

}  // namespace scantling::match
