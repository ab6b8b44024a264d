#include "server/registry_work.h"

#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "server/registry_look.h"
#include "store/jobs.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sys/resource.h>

namespace scantling::server {
namespace {

using image::registry::Client;
using image::registry::Reference;
using program::Millis;
using program::Watch;

constexpr int64_t kResolveAttempts = 5;
constexpr Millis kRunningEvery = 10'000;
constexpr Millis kClocksDiffer = 60'000;
constexpr int kNice = 10;
constexpr int64_t kLookPriority = 10;

base::Error TooLong(const RegistryWorkOptions& options) {
  return base::LimitMet("it took longer than " + std::to_string(options.longest_scan_ms / 60'000) +
                        " minutes");
}

store::Job CheckJob(int64_t watch, int64_t priority, std::string progress) {
  store::Job job;
  job.kind = kCheckJob;
  job.key = std::to_string(watch);
  job.payload = std::move(progress);
  job.priority = priority;
  return job;
}

base::Error Gone(int64_t id) {
  return base::NotFound("the watched registry " + std::to_string(id) + " is no more, or is paused");
}

}  // namespace

base::Result<bool> QueueResolve(store::Connection& connection, int64_t watch,
                                std::string_view repository, std::string_view tag, int64_t now) {
  store::Job job;
  job.kind = "resolve";
  job.key = std::to_string(watch) + " " + std::string(repository) + ":" + std::string(tag);
  codec::JsonWriter json(&job.payload, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("watch", watch);
  json.Text("repository", repository);
  json.Text("tag", tag);
  json.EndObject();
  // What runs now may have asked before this push.
  return store::Enqueue(connection, job, now, store::WhileRunning::kFollow);
}

base::Result<bool> QueueCheck(store::Connection& connection, int64_t watch, int64_t priority,
                              store::WhileRunning running, int64_t now) {
  return store::Enqueue(connection, CheckJob(watch, priority, "{}"), now, running);
}

// A job that is ours, and a thread that keeps it so. `stop` is requested when the lease was lost,
// when it has taken too long, and when the process ends.
struct RegistryWork::Claimed {
  Claimed(store::Store& store, store::Job claimed, const RegistryWorkOptions& options,
          const std::function<Millis()>& now, const std::stop_token& outer)
      : job(std::move(claimed)),
        longest(options.longest_scan_ms),
        started(now()),
        ends_(outer, Ender{&stop}),
        keeper_([&, now](const std::stop_token& done) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any wait;
          while (!wait.wait_for(lock, done, std::chrono::milliseconds(options.lease_ms / 3),
                                [&] { return done.stop_requested(); })) {
            if (TooLong(now())) {
              stop.request_stop();
            }
            const auto extended = store::Extend(store, job, now(), options.lease_ms);
            // A store that is away for a moment may be back before the lease is over.
            if (extended && !*extended) {
              stop.request_stop();
              return;
            }
          }
        }) {}

  struct Ender {
    std::stop_source* source;
    void operator()() const { source->request_stop(); }
  };
  // By the clock, not by who noticed first: the keeper may be waiting for the store.
  bool TooLong(Millis now) const { return now - started > longest; }
  const store::Job job;
  const Millis longest;
  const Millis started;
  std::stop_source stop;

 private:
  std::stop_callback<Ender> ends_;
  std::jthread keeper_;
};

RegistryWork::RegistryWork(program::Service& service, RegistryWorkOptions options)
    : service_(service), options_(std::move(options)) {}

RegistryWork::~RegistryWork() { Stop(); }

void RegistryWork::Start() {
  const auto start = [this](std::vector<std::string> kinds) {
    threads_.emplace_back(
        [this, kinds = std::move(kinds)](const std::stop_token& stop) { Loop(kinds, stop); });
  };
  // A push is not kept waiting by a look at a thousand repositories.
  start({"resolve"});
  start({std::string(kCheckJob)});
  for (unsigned i = 0; options_.scan && i < options_.scans; ++i) {
    start({std::string(program::kScanJob)});
  }
}

void RegistryWork::Stop() {
  for (std::jthread& thread : threads_) {
    thread.request_stop();
  }
  threads_.clear();
}

void RegistryWork::Loop(const std::vector<std::string>& kinds, const std::stop_token& stop) {
  if (kinds.front() == program::kScanJob) {
    // Scans take what requests leave of the processor: this thread, and those that it starts.
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
  }
  std::string last;
  while (!stop.stop_requested()) {
    auto ran = RunOne(kinds, stop);
    if (ran && *ran) {
      last.clear();
      continue;
    }
    if (!ran && ran.error().Message() != last) {
      last = ran.error().Message();
      options_.log("registries", last);
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, std::chrono::milliseconds(1000), [] { return false; });
  }
}

base::Result<void> RegistryWork::Plan() {
  store::Store& store = service_.store();
  const Millis now = service_.now();
  std::vector<Watch> watches;
  SCANTLING_DO(store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(watches, program::ReadWatches(connection));
    return {};
  }));
  std::erase_if(watches, [](const Watch& watch) { return !watch.enabled; });
  // A moment further away than an interval was set by a clock that has gone back since; those of
  // two servers may differ a little.
  const auto due = [now](const Watch& watch) {
    return watch.next <= now || watch.next - watch.interval_ms > now + kClocksDiffer;
  };
  if (std::any_of(watches.begin(), watches.end(), due)) {
    auto written =
        store.Write(store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
          for (const Watch& watch : watches) {
            if (!due(watch)) {
              continue;
            }
            // Who moves it on queues it.
            const store::Value values[] = {watch.id, watch.next, now + watch.interval_ms};
            SCANTLING_TRY(const uint64_t moved,
                          connection.Execute(
                              "UPDATE watches SET next = $3 WHERE id = $1 AND next = $2", values));
            if (moved == 1) {
              SCANTLING_DO(QueueCheck(connection, watch.id, kLookPriority,
                                      store::WhileRunning::kMerge, now));
            }
          }
          return {};
        });
    SCANTLING_DO(std::move(written));
  }
  if (watches.empty()) {
    return {};
  }
  // What runs and is not known is looked for when something has changed.
  SCANTLING_TRY(const int64_t change, store.ChangeCounter());
  if (change == running_change_ ||
      (now >= running_looked_at_ && now - running_looked_at_ < kRunningEvery)) {
    return {};
  }
  running_looked_at_ = now;
  SCANTLING_TRY(const uint64_t queued, program::QueueRunning(store, watches, now));
  running_change_ = change;  // not before: what failed is done again
  if (queued > 0) {
    options_.log("registries", std::to_string(queued) + " running images are queued for a scan");
  }
  return {};
}

base::Result<image::registry::Options> RegistryWork::OptionsFor(const Watch& watch,
                                                                const std::stop_token& stop) const {
  image::registry::Options out = options_.registry;
  out.stop = stop;
  if (!watch.credentials.empty()) {
    const std::string path = options_.credentials_folder + "/" + watch.credentials;
    if (options_.credentials_folder.empty() || ::access(path.c_str(), R_OK) != 0) {
      return base::Error(base::ErrorCode::kUsage,
                         "the credentials \"" + watch.credentials +
                             "\" cannot be read: put them there with: podman login --authfile " +
                             path + " " + watch.registry);
    }
    out.credential_files = {path};
  }
  if (watch.insecure) {
    out.insecure.push_back(watch.registry);
    // A password would cross the network in the clear, or go to whoever answers.
    if (!image::registry::IsLoopback(watch.registry)) {
      out.credential_files.clear();
    }
  }
  return out;
}

base::Result<bool> RegistryWork::RunOne(const std::vector<std::string>& kinds,
                                        const std::stop_token& stop) {
  store::Store& store = service_.store();
  const auto now = [this] { return service_.now(); };
  SCANTLING_TRY(std::optional<store::Job> job,
                store::Claim(store, kinds, options_.worker, now(), options_.lease_ms));
  if (!job) {
    return false;
  }
  const Claimed claimed(store, *std::move(job), options_, now, stop);
  auto done = claimed.job.kind == kCheckJob   ? Check(claimed)
              : claimed.job.kind == "resolve" ? Resolve(claimed)
                                              : Scan(claimed);
  if (!done) {
    const bool stopped = stop.stop_requested();
    const base::Error error = claimed.TooLong(now()) ? TooLong(options_) : std::move(done).error();
    if (!stopped) {
      options_.log(claimed.job.kind, claimed.job.key + ": " + error.Message());
    }
    SCANTLING_DO(EndWithError(claimed.job, error, stopped));
  }
  return true;
}

base::Result<void> RegistryWork::EndWithError(const store::Job& job, const base::Error& error,
                                              bool stopped) {
  const Millis now = service_.now();
  const bool scan = job.kind == program::kScanJob;
  const int64_t attempts = scan ? program::kScanAttempts : kResolveAttempts;
  Millis again = 0;
  if (IsNetwork(error) && job.kind != kCheckJob && job.attempts < attempts) {
    again = now + store::RetryPause(job.attempts);
  }
  if (scan) {
    auto kept = service_.Write([&](program::Change& change) {
      return stopped ? program::GiveScanBack(change, job)
                     : program::KeepFailure(change, job, error, again);
    });
    // Whoever has the job now tells what becomes of it.
    return kept || kept.error().code() != base::ErrorCode::kUsage ? std::move(kept)
                                                                  : base::Result<void>();
  }
  return service_.store().Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        SCANTLING_DO(stopped ? store::GiveBack(connection, job, now)
                             : store::Fail(connection, job, error.Message(), now, again));
        return {};
      });
}

base::Result<void> RegistryWork::Resolve(const Claimed& claimed) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(claimed.job.payload));
  const int64_t id = root["watch"].Int().value_or(0);
  const std::string repository(root["repository"].Text());
  const std::string tag(root["tag"].Text());
  Watch watch;
  SCANTLING_DO(service_.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(watch, program::ReadWatch(connection, id));
    return {};
  }));
  if (!watch.enabled) {
    return Gone(id);
  }
  SCANTLING_TRY(image::registry::Options options, OptionsFor(watch, claimed.stop.get_token()));
  const Client client(std::move(options));
  Reference reference;
  reference.registry = watch.registry;
  reference.repository = repository;
  reference.tag = tag;
  const Millis asked = service_.now();
  auto digest = client.Resolve(reference);
  if (!digest) {
    bool ended = false;
    if (digest.error().code() == base::ErrorCode::kNotFound) {
      SCANTLING_TRY(ended, EndTag(client, watch, reference));
    }
    if (!ended) {
      return std::move(digest).error();
    }
  } else {
    SCANTLING_DO(program::RecordTags(service_.store(), watch, repository,
                                     {{tag, digest->ToString(), asked}},
                                     program::ScanPriority::kPushed, service_.now()));
  }
  return service_.store().Write(
      store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        SCANTLING_DO(store::Complete(connection, claimed.job, service_.now()));
        return {};
      });
}

base::Result<bool> RegistryWork::EndTag(const Client& client, const Watch& watch,
                                        const Reference& gone) {
  const Millis asked = service_.now();
  const auto tags = client.Tags(gone);
  if (!tags || std::find(tags->begin(), tags->end(), gone.tag) != tags->end()) {
    return false;
  }
  SCANTLING_TRY(const uint64_t ended,
                program::RecordMissing(service_.store(), watch, gone.repository, *tags, asked,
                                       service_.now()));
  return ended > 0;
}

base::Result<void> RegistryWork::Check(const Claimed& claimed) {
  store::Store& store = service_.store();
  const int64_t id = base::ParseNumber<int64_t>(claimed.job.key).value_or(0);
  SCANTLING_TRY(LookProgress progress, ParseLookProgress(claimed.job.payload));
  Watch watch;
  SCANTLING_DO(store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(watch, program::ReadWatch(connection, id));
    return {};
  }));
  if (!watch.enabled) {
    return Gone(id);
  }
  base::Result<Look::Outcome> outcome = Look::Outcome{};
  auto options = OptionsFor(watch, claimed.stop.get_token());
  if (!options) {
    outcome = std::move(options).error();
  } else {
    const Client client(*std::move(options));
    const Look look{client, watch, [this] { return service_.now(); }, claimed.stop.get_token(),
                    claimed.started + options_.look_part_ms};
    base::Result<void> stored;  // an error of our own store is no state of the registry
    outcome = look.GoOn(
        progress,
        [&](const std::string& repository, const std::vector<program::TagDigest>& found,
            const Look::Listed& listed) -> base::Result<void> {
          auto recorded = program::RecordTags(store, watch, repository, found,
                                              program::ScanPriority::kBackground, service_.now());
          if (recorded) {
            recorded = program::RecordMissing(store, watch, repository, listed.tags, listed.at,
                                              service_.now());
          }
          if (!recorded) {
            stored = base::Result<void>(recorded.error().Clone());
            return std::move(recorded).error();
          }
          return {};
        });
    SCANTLING_DO(std::move(stored));
  }
  const Millis now = service_.now();
  if (outcome && outcome->part == Look::Part::kInterrupted && claimed.TooLong(now)) {
    if (outcome->repository.empty()) {
      outcome = TooLong(options_);
    } else {
      progress.Problem(outcome->repository + ": " + TooLong(options_).Message() +
                       "; not all of its tags were looked at");
      progress.after = outcome->repository;
    }
  }
  if (outcome && outcome->part != Look::Part::kComplete) {
    return store.Write(
        store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
          SCANTLING_TRY(const bool ours, store::Complete(connection, claimed.job, now));
          if (ours) {
            // Behind those that wait; one that was asked for meanwhile begins at the start.
            SCANTLING_DO(store::Enqueue(
                connection, CheckJob(id, kLookPriority, LookProgressJson(progress)), now));
          }
          return {};
        });
  }
  const bool failed = !outcome || progress.NothingRead();
  const std::string problems = outcome ? progress.Problems() : outcome.error().Message();
  auto written =
      store.Write(store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
        const program::WatchLook look{failed             ? program::kWatchFailed
                                      : problems.empty() ? program::kWatchOk
                                                         : program::kWatchPartial,
                                      problems, now, static_cast<int64_t>(progress.repositories),
                                      static_cast<int64_t>(progress.tags)};
        SCANTLING_DO(program::StoreLook(connection, watch, look));
        SCANTLING_DO(failed ? store::Fail(connection, claimed.job, problems, now, 0)
                            : store::Complete(connection, claimed.job, now));
        return {};
      });
  SCANTLING_DO(std::move(written));
  if (failed) {
    options_.log("check", watch.registry + ": " + problems);
  }
  return {};
}

base::Result<void> RegistryWork::Scan(const Claimed& claimed) {
  const store::Job& job = claimed.job;
  if (job.attempts > program::kScanAttempts) {
    return base::LimitMet("the worker ended " + std::to_string(job.attempts - 1) +
                          " times while it scanned this image");
  }
  SCANTLING_TRY(const program::ScanTask task, program::ParseScanTask(job.payload));
  std::vector<Watch> watches;
  SCANTLING_DO(service_.store().Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(watches, program::ReadWatches(connection));
    return {};
  }));
  const auto own = std::find_if(watches.begin(), watches.end(), [&](const Watch& one) {
    return one.id == task.watch && one.enabled && one.registry == task.registry;
  });
  std::string repository;
  const Watch* watch =
      own != watches.end()
          ? &*own
          : program::FindWatch(watches, task.registry + "/" + task.repository, repository);
  if (watch == nullptr) {
    return base::NotFound("the registry " + task.registry + " is not watched any more");
  }
  if (service_.database() == nullptr) {  // before the whole image is read
    return base::Error(base::ErrorCode::kIo, "no advisory database is loaded");
  }
  SCANTLING_DO(
      service_.Write([&](program::Change& change) { return program::BeginScan(change, job); }));
  SCANTLING_TRY(image::registry::Options options, OptionsFor(*watch, claimed.stop.get_token()));
  const Client client(std::move(options));
  SCANTLING_TRY(model::Inventory inventory,
                options_.scan({task.registry + "/" + task.repository + "@" + task.digest,
                               watch->platform, client}));
  if (claimed.stop.stop_requested()) {
    return base::Error(base::ErrorCode::kIo, "the scan was broken off");
  }
  const auto database = service_.database();
  return service_.Write([&](program::Change& change) -> base::Result<void> {
    SCANTLING_DO(program::KeepScan(change, job, task, std::move(inventory), *database));
    return {};
  });
}

}  // namespace scantling::server
