// Work to be done later, by any process on the database: scans, deliveries of notifications,
// re-judging. A job is put in the queue by the transaction that makes it necessary (so it is also
// the outbox), claimed with a lease, and ends as done or failed; a lease that runs out makes it
// claimable again. PostgreSQL: FOR UPDATE SKIP LOCKED.
//
// Times are milliseconds and come from the caller. Thread-safe where a Store is given.
#pragma once

#include "store/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::store {

enum class JobState : uint8_t { kQueued, kRunning, kDone, kFailed };
std::string_view ToString(JobState state);  // "queued", "running", "done", "failed"

inline constexpr int64_t kNoOtherRun = INT64_MAX;

struct Job {
  int64_t id = 0;
  std::string kind = {};     // "scan", "notify", "rejudge"
  std::string key = {};      // one open (queued or running) job per kind and key; what it is about
  std::string payload = {};  // JSON of the kind
  int64_t priority = 0;      // lower first: 0 somebody waits, 10 background
  int64_t not_before = 0;    // of a running one: when another run begins after it, or kNoOtherRun
  int64_t attempts = 0;      // claims so far
  JobState state = JobState::kQueued;
  std::string worker = {};  // of the claim
  int64_t lease_until = 0;
  std::string error = {};  // of the last attempt
  int64_t created = 0;
  int64_t changed = 0;
};

// What becomes of a job that is put in while one with its kind and key runs: it is that one, or it
// follows when that one has ended, as what it is about may have changed since it began. What
// follows has the new payload, and so has one that is queued only.
enum class WhileRunning : uint8_t { kMerge, kFollow };

// In the caller's transaction (Order::kFree is enough). Returns false when an open job with that
// kind and key is there: it stays, with the higher priority and the earlier time of both.
base::Result<bool> Enqueue(Connection& connection, const Job& job, int64_t now,
                           WhileRunning running = WhileRunning::kMerge);

// The next one that may run, or nothing.
base::Result<std::optional<Job>> Claim(Store& store, const std::vector<std::string>& kinds,
                                       std::string_view worker, int64_t now, int64_t lease_ms);
// False: the lease was lost, the work must stop and its result must not be kept.
base::Result<bool> Extend(Store& store, const Job& job, int64_t now, int64_t lease_ms);
// That the claim is still the caller's, in a transaction of theirs.
base::Result<bool> Holds(Connection& connection, const Job& job);
// In the transaction that keeps the job's result; false as above. A job that is to follow is queued
// by the end of this one. `note`: what did not succeed in it nonetheless, kept as its error.
base::Result<bool> Complete(Connection& connection, const Job& job, int64_t now,
                            std::string_view note = "");
// The pause after so many attempts that failed: `first`, then twice that, up to `longest`.
int64_t RetryPause(int64_t attempts, int64_t first = 10'000, int64_t longest = 3'600'000);
// Puts it back for `retry_at`, or ends it as failed when that is 0.
base::Result<bool> Fail(Connection& connection, const Job& job, std::string_view error, int64_t now,
                        int64_t retry_at);

// Puts back what its worker did not come to the end of, as if it had not been claimed; false as
// above.
base::Result<bool> GiveBack(Connection& connection, const Job& job, int64_t now);

struct JobCount {
  std::string kind = {};
  JobState state = JobState::kQueued;
  int64_t count = 0;
  int64_t oldest = 0;  // created
};
base::Result<std::vector<JobCount>> CountJobs(Connection& connection);
// Newest first, those below `before_id` (0 = from the newest); kind "" = all.
base::Result<std::vector<Job>> ListJobs(Connection& connection, std::string_view kind,
                                        int64_t before_id, int64_t limit);
base::Result<std::vector<Job>> OpenJobs(Connection& connection, std::string_view kind);  // by id
// All of a kind without their payloads, newest first. They are not gathered.
base::Result<void> VisitJobs(Connection& connection, std::string_view kind,
                             const std::function<void(const Job&)>& visit);
// Ended jobs older than that are deleted.
base::Result<uint64_t> PruneJobs(Connection& connection, int64_t older_than);

}  // namespace scantling::store
