// Replay: what a policy would have done to the runs of a history. The definitions in words:
// docs/policy.md.
//
// The policy is judged by the stages that it writes, as if they were agreed; the present policy by
// its agreements where these are given. Each run is judged at its own time. Same input, same
// result, at any number of threads.
#pragma once

#include "base/result.h"
#include "policy/rules/agreements.h"
#include "policy/rules/history.h"
#include "policy/rules/policy.h"

#include <cstdint>
#include <string>
#include <vector>

namespace scantling::policy {

struct ReplayOptions {
  base::Seconds now = 0;
  int64_t days = 90;        // runs of the last N days up to `now`'s day; 0 all up to it
  std::string team;         // "" all
  std::string environment;  // "" all
  const Agreements* maybe_agreements = nullptr;  // for the present policy
  unsigned threads = 0;                          // 0: as many as there are cores
};

// Days from publication until a fix existed.
struct FixTimes {
  uint64_t findings = 0;  // different ones (by repository) that would have stopped a run
  uint64_t dated = 0;     // of these: both dates are known
  uint64_t no_fix = 0;    // no fix existed when they would have stopped for the first time
  int64_t median_days = 0;
  int64_t p90_days = 0;
};

// A stop that nobody could have avoided, or that was none in the end.
struct FalseStops {
  uint64_t stops = 0;         // runs that would have been stopped
  uint64_t false_stops = 0;   // of these: everything that stops them is false
  uint64_t findings = 0;      // (run, finding) that stop
  uint64_t without_fix = 0;   // of these: no fix existed at that time
  uint64_t closed_later = 0;  // of these: a later run shows them not affected or accepted
};

struct ReplayRule {
  std::string id;
  std::string text;
  std::string who;
  model::Stage stage = model::Stage::kObserve;  // the highest that it had in a run
  uint64_t stopped = 0;                         // runs
  uint64_t warned = 0;
  uint64_t observed = 0;                  // met, at stage observe
  uint64_t undecided = 0;                 // runs with findings without a value
  uint64_t findings = 0;                  // different ones (by repository) that met it
  std::vector<std::string> teams;         // of runs that it would have stopped; sorted
  std::vector<std::string> repositories;  // the same
};

struct ReplayTarget {
  std::string team;
  std::string repository;
  uint64_t runs = 0;
  uint64_t stopped = 0;
  uint64_t warned = 0;
  uint64_t newly_stopped = 0;
  uint64_t no_longer_stopped = 0;
  std::vector<std::string> rules;  // that would have stopped it; in the policy's order
};

struct ReplayRun {
  std::string where;
  std::string date;
  std::string team;
  std::string repository;
  std::string reference;
  std::vector<std::string> rules;     // that stop it now, or stopped it under the present policy
  std::vector<std::string> findings;  // the first five that stop
};

struct ReplayResult {
  std::string policy;
  std::string present;  // name; "" none was given
  std::string from;     // dates of the first and the last run that counts; "" there is none
  std::string to;
  uint64_t runs = 0;      // that count
  uint64_t left_out = 0;  // out of the time, or of another team or environment
  uint64_t stopped = 0;   // runs that would have been stopped
  uint64_t warned = 0;    // and not stopped
  uint64_t really = 0;    // runs that were stopped then, by their recorded verdict
  uint64_t repositories = 0;
  uint64_t repositories_stopped = 0;
  std::vector<ReplayRule> rules;      // in the policy's order
  std::vector<ReplayTarget> targets;  // that were stopped or warned; most stops first
  FixTimes fixes;
  FalseStops falses;
  uint64_t newly_stopped = 0;  // against the present policy
  uint64_t no_longer_stopped = 0;
  std::vector<ReplayRun> newly;      // the first 100, by time
  std::vector<ReplayRun> no_longer;  // the first 100, by time
  std::vector<std::string> notes;    // lines that could not be read, with file:line; what is unsure
};

// `files`: of a history, HistoryFiles(). `entries`: others. An error only when a file cannot be
// opened; lines that cannot be read are notes, and the others count.
base::Result<ReplayResult> Replay(const Policy& policy, const Policy* maybe_present,
                                  const std::vector<std::string>& files,
                                  std::vector<HistoryEntry> entries, const ReplayOptions& options);

std::string ReplayText(const ReplayResult& result);  // for a screen
std::string ReplayJson(const ReplayResult& result);  // scantling.replay/1

}  // namespace scantling::policy
