// Scans that the server makes itself, as a machine of states that everybody can see:
//
//   queued -> running -> ok | failed: why | unsupported: why
//               |  ^
//               v  | (the lease ran out, or the network failed: again, later, kScanAttempts times)
//             queued: why
//
// A scan is a job of kind "scan" whose key is the digest, so that a digest has one open job at most
// (store/jobs.h). The state in `contents` is written in the transaction that changes the job. An
// image that was scanned before keeps its inventory while it is scanned again, and when that fails.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "program/events.h"
#include "program/ingest.h"
#include "program/watches.h"
#include "store/jobs.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

inline constexpr std::string_view kScanJob = "scan";
inline constexpr int64_t kScanAttempts = 5;
// A digest whose scan failed and that a registry still names is tried again after that time.
inline constexpr Millis kFailedScanAgain = kMillisPerDay;

enum class ScanPriority : uint8_t { kSomebodyWaits = 0, kPushed = 5, kBackground = 10 };

struct ScanTask {
  int64_t watch = 0;  // whose credentials and settings are used
  std::string registry;
  std::string repository;
  std::string digest;
};
std::string ScanTaskJson(const ScanTask& task);
base::Result<ScanTask> ParseScanTask(std::string_view payload);

// The state of the image's scan, of types.h, and why, in words. Nothing for an image that is not
// known.
base::Result<void> SetScanState(Change& change, std::string_view digest, std::string_view state,
                                std::string_view detail);

// kWhenUnknown: never scanned, or failed a day ago. False: there is nothing to do, or a job is open
// already (which then has the better priority of both).
enum class ScanWhen : uint8_t { kWhenUnknown, kAlways };
base::Result<bool> QueueScan(Change& change, const ScanTask& task, ScanWhen when,
                             ScanPriority priority);

// What a worker tells of its job. Errors where the job is not its own any more: nothing is kept.
base::Result<void> BeginScan(Change& change, const store::Job& job);
// The inventory of the job's digest, which may be that of one image of an index; both digests are
// one image then.
base::Result<Stored> KeepScan(Change& change, const store::Job& job, const ScanTask& task,
                              model::Inventory inventory, const advisory::Database& database);
// `again` = the moment of the next attempt; 0 = it has failed.
base::Result<void> KeepFailure(Change& change, const store::Job& job, const base::Error& error,
                               Millis again);

// The worker ends before its scan: that is no attempt.
base::Result<void> GiveScanBack(Change& change, const store::Job& job);

// A tag and what the registry has under it.
struct TagDigest {
  std::string tag;
  std::string digest;
  Millis at = 0;  // when the registry was asked
};
// Names become edges, unknown digests are queued. Nothing is written when all of it is known. How
// many scans were queued.
base::Result<uint64_t> RecordTags(store::Store& store, const Watch& watch,
                                  std::string_view repository, const std::vector<TagDigest>& tags,
                                  ScanPriority priority, Millis now);

// The whole list of a repository's tags at that moment, of a registry that gave it without an
// error: known names of the repository that are not in it end then. How many.
base::Result<uint64_t> RecordMissing(store::Store& store, const Watch& watch,
                                     std::string_view repository,
                                     const std::vector<std::string>& tags, Millis at, Millis now);
// The tags of the repository that point at the digest now.
base::Result<std::vector<std::string>> TagsOf(store::Connection& connection, const Watch& watch,
                                              std::string_view repository, std::string_view digest);

// Queues what runs, is in a watched registry, and was never scanned or failed a day ago. How many.
base::Result<uint64_t> QueueRunning(store::Store& store, const std::vector<Watch>& watches,
                                    Millis now);

}  // namespace scantling::program
