// A policy over one report: the verdict. The rules in words: docs/policy.md.
#pragma once

#include "model/report.h"
#include "policy/exceptions/exceptions.h"
#include "policy/rules/agreements.h"
#include "policy/rules/policy.h"
#include "policy/rules/variables.h"

#include <span>
#include <string>

namespace scantling::policy {

struct PolicyContext {
  RunFacts facts;
  const Agreements* maybe_agreements = nullptr;
  std::span<const Exceptions> exceptions = {};  // those for one rule are asked here
  // An earlier run's verdict about the same report: what a rule left out by an exception there is
  // left out again.
  const model::Verdict* maybe_recorded = nullptr;
  bool as_written = false;  // stages as the policy writes them, without agreements: replay, cases
};

// Does not change the report. A finding is met by a rule when it is open, its change is one that
// the rule looks at, and the condition is true; what is new in the world is routed and never stops;
// what is in its grace time waits; a condition without a value makes neither met nor not met, and
// on_failure.condition_unknown decides what follows.
model::Verdict Evaluate(const Policy& policy, const model::Report& report,
                        const PolicyContext& context);

// The verdict when the image could not be scanned: on_failure.scan_failed, by the highest stage
// that holds. `reason` is the error.
model::Verdict ScanFailed(const Policy& policy, const std::string& reason,
                          const PolicyContext& context);

// Since when a finding's grace or deadline counts; -1 when that is not known.
base::Seconds Start(Since since, const model::Finding& finding, base::Seconds first_seen);

}  // namespace scantling::policy
