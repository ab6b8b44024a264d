// The work on watched registries beside requests: looks that are due, tags that a registry told of,
// scans. All of it is jobs in the store, so that any number of servers and workers share it, and a
// worker that dies is followed by another when its lease runs out.
//
// Kinds of jobs: "check" (a look at a whole watch, key = its id, with how far it came), "resolve"
// (one tag, key = "ID REPOSITORY:TAG"), "scan" (program/scans.h). Looks, and their requests, follow
// one another; scans go on in `scans` threads. A registry that cannot be reached is a state of its
// watch, with the reason and the moment of the next try.
#pragma once

#include "base/result.h"
#include "image/registry/client.h"
#include "model/inventory.h"
#include "program/scans.h"
#include "program/service.h"
#include "program/watches.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace scantling::server {

inline constexpr std::string_view kCheckJob = "check";

struct ImageRequest {
  std::string reference;  // "registry/team/shop@sha256:..."
  std::string platform;   // "" = this machine's
  const image::registry::Client& registry;
};
using ScanImage = std::function<base::Result<model::Inventory>(const ImageRequest&)>;

struct RegistryWorkOptions {
  ScanImage scan;  // empty: scans are left to other processes
  // What all watches share: certificates, the policy of addresses, retries. Its credential files
  // are those of watches that name none.
  image::registry::Options registry;
  std::string credentials_folder;  // of the files that watches name; "" = there are none
  unsigned scans = 1;              // at once
  program::Millis lease_ms = 30'000;
  program::Millis longest_scan_ms = 1'800'000;                  // also of a look at one repository
  program::Millis look_part_ms = 120'000;                       // then other looks have their turn
  std::string worker;                                           // unique among all processes
  std::function<void(std::string_view, std::string_view)> log;  // what, text
};

// The job that has one tag looked at, in the caller's transaction; another one follows one that
// runs. False: it is open already.
base::Result<bool> QueueResolve(store::Connection& connection, int64_t watch,
                                std::string_view repository, std::string_view tag, int64_t now);
// The job that has a whole watch looked at.
base::Result<bool> QueueCheck(store::Connection& connection, int64_t watch, int64_t priority,
                              store::WhileRunning running, int64_t now);

class RegistryWork {
 public:
  // The service is borrowed and outlives it. Start() begins the threads.
  RegistryWork(program::Service& service, RegistryWorkOptions options);
  ~RegistryWork();
  RegistryWork(const RegistryWork&) = delete;
  RegistryWork& operator=(const RegistryWork&) = delete;

  void Start();
  // A scan or a look that is going on is broken off and goes back into the queue.
  void Stop();
  // Queues what is due; any number of processes may. One thread at a time.
  base::Result<void> Plan();

 private:
  struct Claimed;
  base::Result<bool> RunOne(const std::vector<std::string>& kinds, const std::stop_token& stop);
  base::Result<void> Check(const Claimed& claimed);
  base::Result<void> Resolve(const Claimed& claimed);
  // Whether its name ended: the registry gives its whole list of tags, without that one.
  base::Result<bool> EndTag(const image::registry::Client& client, const program::Watch& watch,
                            const image::registry::Reference& gone);
  base::Result<void> Scan(const Claimed& claimed);
  base::Result<image::registry::Options> OptionsFor(const program::Watch& watch,
                                                    const std::stop_token& stop) const;
  base::Result<void> EndWithError(const store::Job& job, const base::Error& error, bool stopped);
  void Loop(const std::vector<std::string>& kinds, const std::stop_token& stop);

  program::Service& service_;
  RegistryWorkOptions options_;
  std::mutex mutex_;  // of `wake_`, which nobody but Stop() ends before its time
  std::condition_variable_any wake_;
  program::Millis running_looked_at_ = 0;
  int64_t running_change_ = -1;
  std::vector<std::jthread> threads_;
};

}  // namespace scantling::server
