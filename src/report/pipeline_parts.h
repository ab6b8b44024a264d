// What the forms for pipelines share: which stage of a policy a finding meets, where in the
// Dockerfile it comes from, what this change brings, what is told and which actions end it, keys
// that outlive a new version of the image.
#pragma once

#include "model/report.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::report {

// The strongest stage at which a rule of the verdict meets each finding, of what counts now.
// Borrows from the report.
class Stages {
 public:
  explicit Stages(const model::Report& report);
  std::optional<model::Stage> Of(std::string_view finding_key) const;
  // Of all findings that the action resolves.
  std::optional<model::Stage> Of(const model::Action& action) const;

 private:
  std::map<std::string_view, model::Stage> stages_;
};

// Whether the rule found something that counts now.
bool IsMet(const model::RuleOutcome& outcome);

// Whether the rule has anything to say: met, in grace, told, left out, undecided, held back.
bool IsWorthALine(const model::RuleOutcome& outcome);
// "stops", "warns", "notes" of a rule that is met; else "in grace", "told", "undecided", "not met".
std::string_view RuleWord(const model::RuleOutcome& outcome);
// "due 2026-01-31" of a rule that is met, "counts from 2026-01-31" of one in grace; "". Clean.
std::string RuleDate(const model::RuleOutcome& outcome);
// "1 finding", "the base is 431 days old", "2 in grace", "1 new in the world, told to security", "1
// left out by an exception", "1 undecided: finding.epss is not known". Clean.
std::vector<std::string> RuleFacts(const model::RuleOutcome& outcome);

// "stopped", "warned", "passed", "no policy".
std::string_view VerdictWord(const model::Report& report);

// Of a scan that failed: "the image could not be scanned: shop.tar: ... (stop)". Clean.
std::string FailedText(const model::Report& report);

// Line of the Dockerfile that made the layer; 0 unknown.
int32_t LineOf(const model::Report& report, int32_t layer);
// "Dockerfile:12", "Dockerfile" where the line is not known, "" without a Dockerfile. Not clean.
std::string PlaceOf(const model::Report& report, int32_t layer);

// Whether the finding is one that this change answers for: open, and introduced by it; without a
// baseline every open finding is.
bool IsOfThisChange(const model::Report& report, const model::Finding& finding);

// The findings that the forms for people name, in the report's order: those that this change
// answers for and, whatever their class, those that a rule stops or warns about.
std::vector<const model::Finding*> FindingsToTell(const model::Report& report);

// An action and those of its findings that are told.
struct ToldAction {
  const model::Action* action;
  std::vector<const model::Finding*> findings;  // by rank
};
// In the order of the report's actions, each finding once, by the first action that ends it. The
// last entries are of kind "nothing yet"; the very last one is of findings that no action names.
std::vector<ToldAction> ActionsToTell(const model::Report& report);

// Of an entry of kind "nothing yet": "no fix to install yet", "a fix exists, no step is known".
std::string_view WaitText(const ToldAction& entry);
// "CVE-1, CVE-2 and 3 more", and whose these are where not all are this change's: "CVE-1 (there
// before this change)". Clean.
std::string EndsText(const model::Report& report, const ToldAction& entry, size_t most);

// "registry/shop" of "registry/shop:1.4@sha256:..."; the source where there is no reference.
std::string RepositoryOf(const model::Report& report);

// "shop:1.4", the source where there is no reference. Not clean.
const std::string& ImageNameOf(const model::Report& report);

// "CVE-1, CVE-2 and 3 more", each id once. Clean.
std::string IdsText(const std::vector<const model::Finding*>& findings, size_t most);
// "1 finding: 1 critical; 1 exploited (KEV)"; "" of none. Clean.
std::string CountsText(const std::vector<const model::Finding*>& findings);
// The findings that this change answers for, in the report's order.
std::vector<const model::Finding*> FindingsOfThisChange(const model::Report& report);
// "of the others 1 stops, 2 warn": what rules say of the findings that this change does not answer
// for; "" when they say nothing.
std::string OthersToTellText(const model::Report& report);
// "1 inherited from the base (image owner), 2 new in the world (told to security), 3 there before
// this change"; "" without a baseline or when there is none. Clean.
std::string NotYoursText(const model::Report& report);
// "EX-9 expired on 2025-01-01", "EX-12 ends on 2025-03-01", "EX-7 is invalid: ...". Clean.
std::vector<std::string> EndingExceptions(const model::Report& report);
std::string EndingExceptionsText(const model::Report& report);  // the same as one text; "" none
// What is not covered, and data older than 30 days when `now` is known. Clean.
std::vector<std::string> NotCovered(const model::Report& report, std::optional<base::Seconds> now);
std::string NotCoveredText(const model::Report& report, std::optional<base::Seconds> now);
// The parts with "; " between, as many as `columns` have room for, whole, and "and 3 more".
std::string FitParts(const std::vector<std::string>& parts, size_t columns);
// Dates of the oldest and newest data that the image was checked with: "2025-02-10 to 2025-02-18",
// one date where they are the same, "" unknown. Clean.
std::string DataDates(const model::Report& report);
// "policy balanced, environment production, team shop"; "" without a verdict. Clean.
std::string PolicyText(const model::Report& report);

// Keys of findings that stay when the package gets another version or moves to another folder:
// vulnerability, ecosystem, package name, and a number where a package is there more than once.
// 64 hex digits.
class StableKeys {
 public:
  explicit StableKeys(const model::Report& report);
  // Once per finding, in the report's order.
  std::string Next(const model::Finding& finding);

 private:
  std::map<std::string_view, const model::Component*> components_;
  std::map<std::string, uint32_t> seen_;
};

// "12345678-1234-5123-8123-123456789abc" out of hex digits: a name-based UUID by its form.
std::string UuidOf(std::string_view hex);

// Where people read about it: "https://nvd.nist.gov/vuln/detail/CVE-..."; "" when the id is of no
// known kind or holds characters that ids do not have.
std::string AdvisoryLink(std::string_view id);

// The step of the report that ends each finding. Borrows from the report.
class Steps {
 public:
  explicit Steps(const model::Report& report);
  // null: none, or nothing can be done yet.
  const model::Action* MaybeOf(const model::Finding& finding) const;

 private:
  std::unordered_map<std::string_view, const model::Action*> steps_;  // by finding key
};

// What ends one finding: the step, "bump lodash 4.17.15 -> 4.17.21 (fixed in 4.17.20)"; without
// one "upgrade lodash to 4.17.20", "no fix yet (postponed)". Not clean.
std::string SolutionOf(const model::Finding& finding, const model::Component* maybe_component,
                       const model::Action* maybe_step);

// Name without version: the component's, or its ref. Not clean.
std::string_view NameOf(const model::Component* maybe_component, const model::Finding& finding);

// At most `bytes` of clean text, cut at a character, ".." where it was cut.
std::string CutBytes(std::string_view clean, size_t bytes);

}  // namespace scantling::report
