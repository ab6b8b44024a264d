// See evaluate.h and docs/matching.md.
#include "match/evaluate.h"

#include "version/compare.h"

#include <algorithm>
#include <array>

namespace scantling::match {
namespace {

using advisory::StatementState;
using version::Ecosystem;
using version::InRange;

// Advisories that gather several vulnerabilities: their date is the day of the fix, and a record
// about the vulnerability itself knows better which of them a release has.
constexpr std::array<std::string_view, 6> kBundles = {"DSA-",  "DLA-",  "DTSA-",
                                                      "ALSA-", "ALBA-", "ALEA-"};

bool IsBundle(std::string_view advisory) {
  return std::any_of(kBundles.begin(), kBundles.end(),
                     [advisory](std::string_view prefix) { return advisory.starts_with(prefix); });
}

// The minor release that an rpm was built for: "el8_9" in "2.28-236.el8_9.13"; "" when its release
// names none.
std::string_view MinorRelease(std::string_view version) {
  const size_t at = version.find(".el");
  if (at == std::string_view::npos) {
    return {};
  }
  const size_t start = at + 1;
  const size_t line = version.find_first_not_of("0123456789", start + 2);
  if (line == std::string_view::npos || version[line] != '_') {
    return {};
  }
  const size_t end = version.find_first_not_of("0123456789", line + 1);
  return version.substr(start, end == std::string_view::npos ? end : end - start);
}

// 0 decides first.
uint8_t AuthorityOf(const Target& target, const advisory::Statement& statement) {
  const bool bundle = IsBundle(statement.advisory);
  if (target.ecosystem == Ecosystem::kRpm) {
    // One vulnerability is often fixed once for each minor release; the fix of one's own minor
    // release is enough.
    const std::string_view minor = MinorRelease(target.version);
    const bool same = !minor.empty() && !statement.intervals.empty() &&
                      MinorRelease(statement.intervals.front().fixed) == minor;
    return same ? 0 : 1;
  }
  const bool own = (target.ecosystem != Ecosystem::kGo && target.ecosystem != Ecosystem::kPypi) ||
                   !statement.source.ends_with("-ghsa");
  return static_cast<uint8_t>((own ? 0 : 2) + (bundle ? 1 : 0));
}

// A better word first: what is certain before what a source put off or does not know.
int Precedence(StatementState state) {
  switch (state) {
    case StatementState::kNotAffected:
      return 0;
    case StatementState::kAffected:
      return 1;
    case StatementState::kWontFix:
      return 2;
    case StatementState::kDeferred:
      return 3;
    case StatementState::kUndetermined:
      return 4;
  }
  return 5;
}

}  // namespace

void Evaluator::Hear(const Target& target, const advisory::Statement& statement) {
  if (!Applies(target, statement)) {
    return;
  }
  Said said{.vulnerability = statement.vulnerability,
            .order = static_cast<uint32_t>(said_.size()),
            .authority = AuthorityOf(target, statement),
            .in_range = InRange::kNo,
            .state = statement.state,
            .level = statement.level,
            .first_interval = static_cast<uint32_t>(intervals_.size()),
            .end_interval = 0,
            .advisory = statement.advisory,
            .source = statement.source,
            .note = statement.note,
            .first_import = statement.imports.empty() ? std::string_view() : statement.imports[0],
            .published = statement.published};
  if (statement.intervals.empty()) {
    said.in_range = InRange::kYes;  // every version
  }
  for (const version::Interval& interval : statement.intervals) {
    intervals_.push_back(interval);
    if (said.in_range != InRange::kYes) {
      const InRange answer = Contains(target, interval);
      said.in_range = answer == InRange::kNo ? said.in_range : answer;
    }
  }
  said.end_interval = static_cast<uint32_t>(intervals_.size());
  said_.push_back(said);
}

InRange Evaluator::Contains(const Target& target, const version::Interval& interval) {
  const auto place = [](std::string_view text) {
    return reinterpret_cast<uintptr_t>(text.data()) + text.size();
  };
  const auto same = [](std::string_view a, std::string_view b) {
    return a.data() == b.data() && a.size() == b.size();
  };
  const uint64_t mixed = (place(interval.fixed) * 31 + place(interval.introduced)) * 31 +
                         place(interval.last_affected);
  Answer& answer = answers_[(mixed * 0x9E3779B97F4A7C15ULL) >> 58];
  if (answer.round != round_ || !same(answer.interval.fixed, interval.fixed) ||
      !same(answer.interval.introduced, interval.introduced) ||
      !same(answer.interval.last_affected, interval.last_affected)) {
    answer = {interval, version::Contains(target.ecosystem, interval, target.version), round_};
  }
  return answer.in_range;
}

bool Evaluator::InAnyRange(const Target& target, size_t begin, size_t end,
                           std::string_view version) const {
  for (size_t i = begin; i < end; ++i) {
    for (uint32_t at = said_[i].first_interval; at < said_[i].end_interval; ++at) {
      if (version::Contains(target.ecosystem, intervals_[at], version) == InRange::kYes) {
        return true;
      }
    }
  }
  return false;
}

void Evaluator::FindFixes(const Target& target, size_t begin, size_t end, size_t decisive_end,
                          Decision& decision) const {
  for (size_t i = begin; i < decisive_end; ++i) {
    for (uint32_t at = said_[i].first_interval; at < said_[i].end_interval; ++at) {
      const std::string_view fixed = intervals_[at].fixed;
      if (fixed.empty() || fixed == "0") {
        continue;
      }
      const auto order = version::Compare(target.ecosystem, fixed, target.version);
      if (order.has_value() && *order > 0) {
        decision.fixed.push_back(fixed);
      }
    }
  }
  auto& fixes = decision.fixed;
  std::sort(fixes.begin(), fixes.end(), [&](std::string_view a, std::string_view b) {
    const int order = version::Compare(target.ecosystem, a, b).value_or(0);
    return order != 0 ? order < 0 : a < b;
  });
  fixes.erase(std::unique(fixes.begin(), fixes.end(),
                          [&](std::string_view a, std::string_view b) {
                            return version::Compare(target.ecosystem, a, b) == 0;
                          }),
              fixes.end());
  // The fix of one branch may still be inside another statement's range.
  std::erase_if(fixes,
                [&](std::string_view fix) { return InAnyRange(target, begin, decisive_end, fix); });
  if (fixes.empty()) {
    return;
  }
  // Since when: the day of the advisory that shipped the first fix. A distribution's record of the
  // vulnerability carries the day of the vulnerability, so there only a bundle's day counts.
  const bool needs_bundle = IsOsPackage(target.ecosystem);
  base::Seconds exact = 0;
  for (size_t i = begin; i < end; ++i) {
    const Said& said = said_[i];
    if (said.published <= 0 || (needs_bundle && !IsBundle(said.advisory))) {
      continue;
    }
    for (uint32_t at = said.first_interval; at < said.end_interval; ++at) {
      const std::string_view fixed = intervals_[at].fixed;
      if (!fixed.empty() && version::Compare(target.ecosystem, fixed, fixes.front()) == 0) {
        exact = exact == 0 ? said.published : std::min(exact, said.published);
      }
    }
  }
  decision.fix_available = exact;
}

Decision Evaluator::Decide(const Target& target, size_t begin, size_t end) const {
  size_t decisive_end = begin;
  while (decisive_end < end && said_[decisive_end].authority == said_[begin].authority) {
    ++decisive_end;
  }
  // The statement that speaks for all that decide.
  size_t chosen = begin;
  Outcome outcome = Outcome::kOutOfRange;
  for (size_t i = begin; i < decisive_end; ++i) {
    const Said& said = said_[i];
    Outcome mine = Outcome::kOutOfRange;
    if (said.state == StatementState::kNotAffected) {
      mine = Outcome::kNotAffected;
    } else if (said.in_range == InRange::kYes) {
      mine = Outcome::kAffected;
    } else if (said.in_range == InRange::kUnknown) {
      mine = Outcome::kUncomparable;
    }
    const auto weight = [](Outcome value) {
      switch (value) {
        case Outcome::kNotAffected:
          return 3;
        case Outcome::kAffected:
          return 2;
        case Outcome::kUncomparable:
          return 1;
        case Outcome::kOutOfRange:
          return 0;
      }
      return 0;
    };
    const bool better =
        weight(mine) > weight(outcome) ||
        (mine == outcome && Precedence(said.state) < Precedence(said_[chosen].state));
    if (better) {
      chosen = i;
      outcome = mine;
    }
  }
  const Said& said = said_[chosen];
  Decision decision;
  decision.vulnerability = said.vulnerability;
  decision.outcome = outcome;
  decision.state = said.state;
  decision.level = said.level;
  decision.advisory = said.advisory;
  decision.source = said.source;
  decision.note = said.note;
  decision.unimportant = said.note == "unimportant";
  decision.first_import = said.first_import;
  for (size_t i = begin; i < end && decision.level == model::Level::kUnknown; ++i) {
    decision.level = said_[i].level;
  }
  for (uint32_t at = said.first_interval; at < said.end_interval; ++at) {
    const InRange answer = version::Contains(target.ecosystem, intervals_[at], target.version);
    if (at == said.first_interval || answer == said.in_range) {
      decision.interval = intervals_[at];
    }
    if (answer == said.in_range && answer != InRange::kNo) {
      break;
    }
  }
  if (outcome == Outcome::kAffected) {
    FindFixes(target, begin, end, decisive_end, decision);
  }
  for (size_t i = decisive_end; i < end; ++i) {
    decision.elsewhere.push_back(said_[i].advisory);
  }
  return decision;
}

base::Result<std::vector<Decision>> Evaluator::Evaluate(const Target& target, Keep keep) {
  said_.clear();
  intervals_.clear();
  ++round_;
  SCANTLING_DO(
      lookup_.Lookup(target.name_space, target.package(),
                     [&](const advisory::Statement& statement) { Hear(target, statement); }));
  std::vector<Decision> decisions;
  const bool quiet = keep == Keep::kAffected &&
                     std::all_of(said_.begin(), said_.end(),
                                 [](const Said& said) { return said.in_range == InRange::kNo; });
  if (quiet) {
    return decisions;
  }
  std::sort(said_.begin(), said_.end(), [](const Said& a, const Said& b) {
    if (a.vulnerability != b.vulnerability) {
      return a.vulnerability < b.vulnerability;
    }
    return a.authority != b.authority ? a.authority < b.authority : a.order < b.order;
  });
  for (size_t begin = 0; begin < said_.size();) {
    size_t end = begin;
    bool interesting = keep == Keep::kEverything;
    while (end < said_.size() && said_[end].vulnerability == said_[begin].vulnerability) {
      interesting = interesting || said_[end].in_range != InRange::kNo;
      ++end;
    }
    if (interesting) {
      Decision decision = Decide(target, begin, end);
      if (keep == Keep::kEverything || decision.outcome == Outcome::kAffected ||
          decision.outcome == Outcome::kUncomparable) {
        decisions.push_back(std::move(decision));
      }
    }
    begin = end;
  }
  return decisions;
}

std::string RangeText(const version::Interval& interval) {
  std::string out;
  const auto add = [&out](std::string_view sign, std::string_view version) {
    if (!version.empty()) {
      out.append(out.empty() ? "" : ", ").append(sign).append(version);
    }
  };
  add(">= ", interval.introduced == "0" ? std::string_view() : interval.introduced);
  add("< ", interval.fixed);
  add("<= ", interval.last_affected);
  return out.empty() ? "every version" : out;
}

model::FixState FixStateOf(const Decision& decision) {
  if (!decision.fixed.empty()) {
    return model::FixState::kFixed;
  }
  switch (decision.state) {
    case StatementState::kAffected:
    case StatementState::kNotAffected:
      return model::FixState::kNotFixed;
    case StatementState::kWontFix:
      return model::FixState::kWontFix;
    case StatementState::kDeferred:
      return model::FixState::kDeferred;
    case StatementState::kUndetermined:
      return model::FixState::kUnknown;
  }
  return model::FixState::kUnknown;
}

}  // namespace scantling::match
