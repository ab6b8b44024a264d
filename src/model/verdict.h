// What a pipeline does with a report: what changed against a baseline, what exceptions and VEX
// statements say of findings, and what the rules of a policy decide. Plain structs, filled by
// policy, written by report.
#pragma once

#include "model/finding.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::model {

// How far a rule goes: it only notes, it says so aloud, or it stops the pipeline.
enum class Stage : uint8_t { kObserve, kWarn, kEnforce };
std::string_view ToString(Stage stage);  // "observe", "warn", "enforce"
std::optional<Stage> StageFromName(std::string_view name);

// A comparison of an image with its baseline, both judged against the same database.
struct Comparison {
  std::string against;            // what the baseline is: "shop:1.3", "main.baseline.json"
  std::string against_digest;     // of its image; "" unknown
  std::string recorded;           // dates of its data: "2025-02-10", "2025-02-10 to 2025-02-18", ""
  std::vector<Finding> resolved;  // the baseline's findings that the image no longer has; sorted
  uint64_t introduced = 0;        // counts of Finding::change over the open findings
  uint64_t inherited = 0;
  uint64_t existing = 0;
  uint64_t new_in_world = 0;
  std::vector<std::string> notes;  // what could not be compared, in words
};

// One rule of a policy over one report.
struct RuleOutcome {
  std::string rule;               // id
  std::string text;               // for people
  std::string who;                // who is asked: "application", "image owner", "security"
  Stage stage = Stage::kObserve;  // the stage that holds
  Stage asked = Stage::kObserve;  // the stage that the policy writes
  std::string held_back;          // why stage < asked: "no agreement for team shop"; "" it is not
  std::vector<std::string> findings;  // FindingKey()s that meet the condition and count now; sorted
  std::vector<std::string> in_grace;  // of those that meet it, the ones whose grace runs
  std::vector<std::string> routed;    // new in the world: told to `who`, never stop this change
  std::vector<std::string> excepted;  // left out by an exception for this rule
  std::vector<std::string> unknown;   // for which the condition has no value: neither met nor not
  std::string unknown_why;            // of the first of them, or of a rule about the image; ""
  std::string matched;   // for a rule about the image: what met the condition, in words; "" not met
  std::string deadline;  // earliest date at which something counts or is due; ""
};

struct Verdict {
  std::string policy;         // its name
  std::string policy_digest;  // sha256 of the policy's bytes
  std::string environment;    // "", "production"
  std::string team;           // whose agreement counts; ""
  bool stopped = false;       // an enforced rule met something
  bool warned = false;
  std::vector<RuleOutcome> rules;  // in the policy's order; every rule, met or not
  std::vector<std::string> notes;  // fail-well decisions: "data is 40 days old: warn"
};

// An exception of the exceptions file, and whether this run used it.
struct ExceptionUse {
  std::string id;     // "EX-12"
  std::string where;  // "exceptions.yaml:14"
  std::string owner;
  std::string until;  // its end date
  std::string state;  // "used", "unused", "expiring", "expired", "invalid"
  uint64_t findings = 0;
  std::string note;  // why it is invalid or does not count; ""
};

}  // namespace scantling::model
