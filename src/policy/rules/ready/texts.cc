// The ready policies' texts. Made by embed.py from the files beside it; a test compares them.
#include "policy/rules/ready.h"

#include <array>

namespace scantling::policy {
namespace {

// clang-format off
constexpr std::array<ReadyPolicy, 6> kPolicies = {{
{"look-first",
 "Only observes, so that one sees what rules would say before anybody is asked for anything.",
R"YAML(# Says what stricter policies would say, and stops nothing. The policy of "scantling ci" when none is named.
schema: scantling.policy/1
name: look-first
description: Only observes, so that one sees what rules would say before anybody is asked for anything.
agreement: none
rules:
  - id: exploited
    text: What is known to be exploited and has a fix is fixed.
    who: application
    changes: [introduced, inherited, existing, new_in_world]
    when: finding.kev && finding.fixable
    stage: observe
  - id: new-high
    text: A change brings no vulnerability of high or critical severity that has a fix.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity in ["high", "critical"] && finding.fixable
    stage: observe
  - id: overdue
    text: What has a due date is fixed by then.
    who: image owner
    changes: [introduced, inherited, existing, new_in_world]
    when: has(finding.due) && finding.due < now
    deadline: priority
    stage: observe
  - id: end-of-life
    text: The operating system's release still gets security updates.
    who: image owner
    applies_to: image
    when: has(image.distro.end_of_life) && image.distro.end_of_life < now
    stage: observe
)YAML"},
{"warn-new",
 "Warns of what a change brings and can be fixed now; stops nothing.",
R"YAML(# Warns of what a change brings; the rest is observed.
schema: scantling.policy/1
name: warn-new
description: Warns of what a change brings and can be fixed now; stops nothing.
agreement: none
rules:
  - id: new-exploited
    text: A change brings nothing that is known to be exploited.
    who: application
    changes: [introduced, new_in_world]
    when: finding.kev
    stage: warn
  - id: new-high
    text: A change brings no vulnerability of high or critical severity that has a fix.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity in ["high", "critical"] && finding.fixable
    stage: warn
  - id: old-exploited
    text: What is known to be exploited and has a fix is fixed.
    who: image owner
    changes: [inherited, existing]
    when: finding.kev && finding.fixable
    stage: observe
  - id: end-of-life
    text: The operating system's release gets security updates for another 90 days.
    who: image owner
    applies_to: image
    when: has(image.distro.end_of_life) && image.distro.end_of_life < now + days(90)
    stage: observe
)YAML"},
{"stop-exploited",
 "Stops what is known to be exploited and has a fix; warns of what a change brings.",
R"YAML(# Stops what attackers are known to use and a version ends, wherever it is in the image; warns of the rest that a change brings.
schema: scantling.policy/1
name: stop-exploited
description: Stops what is known to be exploited and has a fix; warns of what a change brings.
agreement: enforce
rules:
  - id: exploited
    text: What is known to be exploited and has a fix is fixed.
    who: application
    changes: [introduced, existing, new_in_world]
    when: finding.kev && finding.fixable
    deadline: kev_due
    stage: enforce
  - id: exploited-in-base
    text: A base with something in it that is known to be exploited is replaced within 14 days of the fix.
    who: image owner
    changes: [inherited]
    when: finding.kev && finding.fixable
    grace: {days: 14, since: fix_available}
    deadline: kev_due
    stage: enforce
  - id: new-high
    text: A change brings no vulnerability of high or critical severity that has a fix.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity in ["high", "critical"] && finding.fixable
    stage: warn
  - id: end-of-life
    text: The operating system's release still gets security updates.
    who: image owner
    applies_to: image
    when: has(image.distro.end_of_life) && image.distro.end_of_life < now
    stage: warn
)YAML"},
{"stop-new-critical",
 "Stops what a change brings when it is critical or exploited and has a fix; warns of the rest that has one.",
R"YAML(# Stops what a change brings when it is critical or exploited and can be fixed; a fix that is a few days old may wait.
schema: scantling.policy/1
name: stop-new-critical
description: Stops what a change brings when it is critical or exploited and has a fix; warns of the rest that has one.
agreement: enforce
rules:
  - id: exploited
    text: What is known to be exploited and has a fix is fixed.
    who: application
    changes: [introduced, existing, new_in_world]
    when: finding.kev && finding.fixable
    deadline: kev_due
    stage: enforce
  - id: new-critical
    text: A change brings no critical vulnerability whose fix is older than 7 days.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity == "critical" && finding.fixable
    grace: {days: 7, since: fix_available}
    stage: enforce
  - id: new-high
    text: A change brings no vulnerability of high severity that has a fix.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity == "high" && finding.fixable
    stage: warn
  - id: base-critical
    text: A base with a critical vulnerability is replaced within 30 days of the fix.
    who: image owner
    changes: [inherited]
    when: (finding.severity == "critical" || finding.kev) && finding.fixable
    grace: {days: 30, since: fix_available}
    stage: warn
  - id: end-of-life
    text: The operating system's release still gets security updates.
    who: image owner
    applies_to: image
    when: has(image.distro.end_of_life) && image.distro.end_of_life < now
    stage: warn
)YAML"},
{"bod-26-04",
 "Stops what is over the due date of CISA's BOD 26-04; warns of what is due in 3 or 14 days.",
R"YAML(# Due dates by the table of CISA's BOD 26-04: 3, 14 or 60 days from the day on which a fix existed, by what is exploited, exposed,
# automatable and of total impact (docs/ranking.md). What is over its date stops; what is not yet, is said.
schema: scantling.policy/1
name: bod-26-04
description: Stops what is over the due date of CISA's BOD 26-04; warns of what is due in 3 or 14 days.
agreement: enforce
on_failure:
  data_stale: {observe: warn, warn: warn, enforce: stop, after_days: 7}
rules:
  - id: overdue
    text: What has a due date by BOD 26-04 is fixed by then.
    who: image owner
    changes: [introduced, inherited, existing, new_in_world]
    when: has(finding.due) && finding.due < now
    deadline: priority
    stage: enforce
  - id: due-soon
    text: What is due in 3 or 14 days by BOD 26-04 is being fixed.
    who: image owner
    changes: [introduced, inherited, existing, new_in_world]
    when: finding.priority >= "soon" && has(finding.due) && finding.due >= now
    deadline: priority
    stage: warn
  - id: planned
    text: What is due in 60 days by BOD 26-04 is planned.
    who: image owner
    changes: [introduced, inherited, existing, new_in_world]
    when: finding.priority == "planned" && has(finding.due) && finding.due >= now
    deadline: priority
    stage: observe
  - id: no-fix-yet
    text: What would be due in 3 or 14 days and has no fix is shielded or taken out.
    who: security
    changes: [introduced, inherited, existing, new_in_world]
    when: finding.priority >= "soon" && !finding.fixable
    stage: warn
)YAML"},
{"strict",
 "Stops high and critical vulnerabilities that a change brings, all that is exploited or overdue, bases without updates, and old data.",
R"YAML(# For images that face the world, once the milder ones are quiet.
schema: scantling.policy/1
name: strict
description: Stops high and critical vulnerabilities that a change brings, all that is exploited or overdue, bases without updates, and old data.
agreement: enforce
on_failure:
  scan_failed: stop
  unscanned: stop
  data_stale: {observe: warn, warn: warn, enforce: stop, after_days: 7}
  condition_unknown: {observe: note, warn: warn, enforce: stop}
rules:
  - id: exploited
    text: Nothing in the image is known to be exploited, with a fix or without.
    who: image owner
    changes: [introduced, inherited, existing, new_in_world]
    when: finding.kev || finding.exploit == "weaponised"
    stage: enforce
  - id: new-high
    text: A change brings no vulnerability of high or critical severity.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity in ["high", "critical"]
    stage: enforce
  - id: new-fixable
    text: A change brings no vulnerability of medium severity that has a fix.
    who: application
    changes: [introduced, new_in_world]
    when: finding.severity == "medium" && finding.fixable
    stage: enforce
  - id: old-fixable
    text: High and critical vulnerabilities are fixed within 30 days of the fix.
    who: image owner
    changes: [inherited, existing, new_in_world]
    when: finding.severity in ["high", "critical"] && finding.fixable
    grace: {days: 30, since: fix_available}
    stage: enforce
  - id: overdue
    text: What has a due date is fixed by then.
    who: image owner
    changes: [introduced, inherited, existing, new_in_world]
    when: has(finding.due) && finding.due < now
    deadline: priority
    stage: enforce
  - id: end-of-life
    text: The operating system's release still gets security updates.
    who: image owner
    applies_to: image
    when: has(image.distro.end_of_life) && image.distro.end_of_life < now
    stage: enforce
  - id: root
    text: Containers of the image do not run as root.
    who: image owner
    applies_to: image
    when: config.runs_as_root
    stage: warn
  - id: unrated
    text: What a change brings has a severity.
    who: security
    changes: [introduced]
    when: finding.severity == "unknown"
    stage: warn
)YAML"},
}};
// clang-format on

}  // namespace

std::span<const ReadyPolicy> ReadyPolicies() { return kPolicies; }

}  // namespace scantling::policy
