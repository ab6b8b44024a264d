// What runs: reporters (a host's agent, a cluster's watcher, a file) tell of their copies, whole
// (a snapshot) or what changed. docs/formats/running.md has the JSON, scantling.running/1.
//
// A copy is an edge in time to a digest: it starts when it was first seen and ends when it was told
// to be gone, or was missing from a later snapshot of its reporter. A reporter that falls silent
// ends nothing: its copies become unknown (Reporter::HeardAt). Messages may come twice, late and in
// any order: the same set of messages gives the same rows (of a reporter's snapshots, the last
// 256).
#pragma once

#include "base/result.h"
#include "program/events.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scantling::program {

struct SeenCopy {
  std::string uid;        // unique at its reporter: the container's id
  std::string digest;     // of the image, "sha256:..."; "" when none can be told
  std::string image_id;   // of the image's configuration, where the runtime tells both
  std::string reference;  // as the runtime names it
  std::string name_space;
  std::string workload_kind;  // "Deployment", "StatefulSet", "container"
  std::string workload;
  std::string pod;
  std::string container;
  std::string kind = "container";  // "init", "ephemeral"
  std::string node;
  std::vector<std::pair<std::string, std::string>> labels;  // sorted
  Millis started = 0;                                       // 0: when it was seen
  Millis at = 0;                                            // of this sighting; 0: of the message
};

struct RunningReport {
  std::string reporter;  // its name: "host web-1", "cluster prod"
  std::string kind;      // "host", "kubernetes", "file"
  std::string cluster;
  std::string environment;
  Millis interval_ms = 60'000;  // it reports at least so often
  Millis at = 0;
  bool snapshot = false;  // all that run; else what changed
  std::vector<SeenCopy> copies;
  std::vector<std::pair<std::string, Millis>> gone;  // uid, when
};

// Errors name the place. Limits: 200,000 copies, texts of 1,024 bytes (labels 256 of 512).
base::Result<RunningReport> ParseRunning(std::string_view json);

struct RunningOutcome {
  uint64_t started = 0;
  uint64_t ended = 0;
  uint64_t running = 0;                // of this reporter, afterwards
  std::vector<std::string> unscanned;  // digests without an inventory, at most 1,000; sorted
};
base::Result<RunningOutcome> ApplyRunning(Change& change, const RunningReport& report);

// `kubectl get pods -A -o json` (a v1 PodList, or a List of Pods) as a snapshot.
base::Result<RunningReport> ParsePodList(std::string_view json, std::string_view cluster,
                                         Millis at);

}  // namespace scantling::program
