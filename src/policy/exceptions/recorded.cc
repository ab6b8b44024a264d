// See recorded.h.
#include "policy/exceptions/recorded.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace scantling::policy {
namespace {

constexpr int64_t kExpiringDays = 14;

int64_t Day(base::Seconds time) { return time / base::kSecondsPerDay; }

// Days that are left; -1: it has ended, or says no end.
int64_t DaysLeft(const std::string& until, base::Seconds now) {
  const auto end = base::ParseTime(until);
  return end && Day(*end) >= Day(now) ? Day(*end) - Day(now) : -1;
}

bool IsException(const model::Treatment& treatment) { return !treatment.owner.empty(); }

void KeepUses(model::Report& report, const model::Report& recorded,
              const std::map<std::string, uint64_t>& findings, base::Seconds now) {
  for (model::ExceptionUse use : recorded.exceptions) {
    if (use.state != "invalid") {
      const auto found = findings.find(use.id);
      const int64_t left = DaysLeft(use.until, now);
      use.findings = left < 0 || found == findings.end() ? 0 : found->second;
      // Of one that was for a rule alone nothing is kept.
      const std::string unused = use.findings > 0 ? ""
                                 : use.state == "unused" && !use.note.empty()
                                     ? use.note
                                     : "nothing here is what it is about; one for a rule alone "
                                       "counts when its file is given";
      if (left < 0) {
        use.state = "expired";
        use.note = "ended on " + use.until + ": mend what it was about, or have it agreed anew";
      } else if (left <= kExpiringDays) {
        use.state = "expiring";
        use.note = left == 0 ? "ends today"
                             : "ends in " + std::to_string(left) + (left == 1 ? " day" : " days");
        use.note = (unused.empty() ? "" : "unused: " + unused + "; ") + use.note;
      } else {
        use.state = unused.empty() ? "used" : "unused";
        use.note = unused;
      }
    }
    report.exceptions.push_back(std::move(use));
  }
}

}  // namespace

KeptTreatments KeepTreatments(model::Report& report, const model::Report& recorded,
                              const KeepOptions& options) {
  std::map<std::pair<std::string_view, std::string_view>, const model::Treatment*> known;
  for (const model::Finding& finding : recorded.findings) {
    if (!finding.treatment ||
        !(IsException(*finding.treatment) ? options.exceptions : options.vex)) {
      continue;
    }
    known.emplace(std::pair(std::string_view(finding.component), std::string_view(finding.id)),
                  &*finding.treatment);
    for (const std::string& alias : finding.aliases) {
      known.emplace(std::pair(std::string_view(finding.component), std::string_view(alias)),
                    &*finding.treatment);
    }
  }
  KeptTreatments out;
  std::map<std::string, uint64_t> by_exception;
  for (model::Finding& finding : report.findings) {
    if (finding.treatment) {
      continue;
    }
    auto found = known.find({finding.component, finding.id});
    for (size_t i = 0; found == known.end() && i < finding.aliases.size(); ++i) {
      found = known.find({finding.component, finding.aliases[i]});
    }
    if (found == known.end()) {
      continue;
    }
    if (IsException(*found->second)) {
      if (DaysLeft(found->second->until, options.now) < 0) {
        ++out.ended;
        continue;
      }
      ++by_exception[found->second->id];
    }
    finding.treatment = *found->second;
    ++out.kept;
  }
  if (options.exceptions) {
    KeepUses(report, recorded, by_exception, options.now);
  }
  return out;
}

}  // namespace scantling::policy
