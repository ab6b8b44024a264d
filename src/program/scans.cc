#include "program/scans.h"

#include "base/digest.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "program/claims.h"
#include "program/components.h"
#include "program/fleet.h"
#include "program/text.h"

#include <algorithm>
#include <set>

namespace scantling::program {
namespace {

constexpr size_t kMaxRunning = 500;  // queued at once

struct State {
  int64_t content = 0;  // 0 = not known
  std::string state;
  Millis since = 0;
};

// Of whatever the digest is known as.
base::Result<State> StateOf(store::Connection& connection, std::string_view digest) {
  State out;
  const store::Value value = digest;
  SCANTLING_DO(connection.Query(
      "SELECT id, state, state_since FROM contents WHERE id = (SELECT content FROM digests "
      "WHERE digest = $1) OR (digest = $1 AND state <> 'alias') ORDER BY id LIMIT 1",
      {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
        out = {row.Int(0), std::string(row.Text(1)), row.Int(2)};
        return {};
      }));
  return out;
}

bool WantsScan(const State& state, Millis now) {
  return state.content == 0 || state.state == kStateNever ||
         (state.state == kStateFailed && now - state.since >= kFailedScanAgain);
}

base::Error Lost() {
  return {base::ErrorCode::kUsage, "the job's lease was lost; another worker has it"};
}

base::Result<void> TellFailure(Change& change, const store::Job& job, std::string_view reason) {
  Event event;
  event.kind = "scan_failed";
  event.id = "scan_failed:" + std::to_string(job.id);
  event.at = change.now;
  event.subject = job.key;
  event.body.clear();
  codec::JsonWriter json(&event.body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("reason", reason);
  json.Int("attempts", job.attempts);
  json.EndObject();
  return Tell(change, event);
}

// An image that no tag leads to is known by its repository, so that rules find its owner.
base::Result<void> NameUnnamed(Change& change, int64_t content, std::string_view digest,
                               const std::string& repository) {
  bool named = false;
  const store::Value value = content;
  SCANTLING_DO(change.connection.Query("SELECT 1 FROM names WHERE content = $1 LIMIT 1",
                                       {&value, 1}, [&](const store::Row&) -> base::Result<void> {
                                         named = true;
                                         return {};
                                       }));
  if (!named) {
    SCANTLING_TRY(named, NameContent(change, repository, content, digest, change.now));
  }
  return {};
}

// An index that had an inventory of its own (a submitted one) is as if it had none: what the server
// read of its image is known instead, and JoinDigests makes both one.
base::Result<void> DropInventory(Change& change, std::string_view digest, int64_t image) {
  const store::Value whole[] = {digest, image};
  SCANTLING_DO(Run(change,
                   "DELETE FROM inventories WHERE content = (SELECT id FROM contents WHERE "
                   "digest = $1 AND id <> $2 AND state <> 'alias')",
                   whole));
  const std::string none = PackUses({});  // what is folded already has to hear of it
  const store::Value values[] = {digest, image, change.number, base::AsBytes(none)};
  return Run(change,
             "UPDATE contents SET scanned = 0, components = $4, changed = $3 WHERE digest = $1 "
             "AND id <> $2 AND state <> 'alias'",
             values);
}

// What a name points at now; 0 = nothing.
base::Result<int64_t> NamedContent(store::Connection& connection, std::string_view repository,
                                   std::string_view tag) {
  int64_t out = 0;
  const store::Value values[] = {repository, tag};
  SCANTLING_DO(connection.Query(
      "SELECT content FROM names WHERE repository = $1 AND tag = $2 ORDER BY since DESC "
      "LIMIT 1",
      values, [&](const store::Row& row) -> base::Result<void> {
        out = row.Int(0);
        return {};
      }));
  return out;
}

}  // namespace

// Never that of an alias, whose row only says where to look.
base::Result<void> SetScanState(Change& change, std::string_view digest, std::string_view state,
                                std::string_view detail) {
  SCANTLING_TRY(const State is, StateOf(change.connection, digest));
  return is.content == 0 ? base::Result<void>()
                         : TellScanState(change, is.content, {state, detail, change.now, kOwnScan});
}

std::string ScanTaskJson(const ScanTask& task) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Int("watch", task.watch);
  json.Text("registry", task.registry);
  json.Text("repository", task.repository);
  json.Text("digest", task.digest);
  json.EndObject();
  return out;
}

base::Result<ScanTask> ParseScanTask(std::string_view payload) {
  codec::Json parser;
  SCANTLING_TRY(const codec::JsonValue root, parser.Parse(payload));
  return ScanTask{root["watch"].Int().value_or(0), std::string(root["registry"].Text()),
                  std::string(root["repository"].Text()), std::string(root["digest"].Text())};
}

base::Result<bool> QueueScan(Change& change, const ScanTask& task, ScanWhen when,
                             ScanPriority priority) {
  SCANTLING_TRY(const int64_t content, ContentOf(change, task.digest, change.now));
  if (content == 0) {
    return base::Invalid("\"" + task.digest + "\" is no digest");
  }
  SCANTLING_TRY(const State state, StateOf(change.connection, task.digest));
  if (when == ScanWhen::kWhenUnknown && !WantsScan(state, change.now)) {
    return false;
  }
  store::Job job;
  job.kind = kScanJob;
  job.key = task.digest;
  job.payload = ScanTaskJson(task);
  job.priority = static_cast<int64_t>(priority);
  SCANTLING_TRY(const bool queued, store::Enqueue(change.connection, job, change.now));
  if (queued) {
    SCANTLING_DO(SetScanState(change, task.digest, kStateQueued, ""));
  }
  return queued;
}

base::Result<void> BeginScan(Change& change, const store::Job& job) {
  SCANTLING_TRY(const bool ours, store::Holds(change.connection, job));
  if (!ours) {
    return Lost();
  }
  return SetScanState(change, job.key, kStateRunning,
                      job.attempts > 1 ? "attempt " + std::to_string(job.attempts) + " of " +
                                             std::to_string(kScanAttempts)
                                       : "");
}

base::Result<Stored> KeepScan(Change& change, const store::Job& job, const ScanTask& task,
                              model::Inventory inventory, const advisory::Database& database) {
  SCANTLING_TRY(const bool ours, store::Complete(change.connection, job, change.now));
  if (!ours) {
    return Lost();
  }
  Submission submission;
  submission.report.inventory = std::move(inventory);
  // Its names are those that the registry was seen to give it, at those times.
  submission.report.inventory.image.reference.clear();
  submission.document = "job:" + std::to_string(job.id);
  submission.via = "server";
  if (submission.report.inventory.image.digest.empty()) {
    submission.digest = task.digest;
  }
  SCANTLING_TRY(Stored stored, StoreInventory(change, submission, database));
  SCANTLING_DO(DropInventory(change, task.digest, stored.content));
  SCANTLING_DO(JoinDigests(change, stored.digest, task.digest, change.now));
  SCANTLING_DO(NoteRepository(change, stored.content, task.registry + "/" + task.repository));
  SCANTLING_DO(
      NameUnnamed(change, stored.content, stored.digest, task.registry + "/" + task.repository));
  // Whatever came of the document, the scan is over.
  SCANTLING_TRY(const State is, StateOf(change.connection, stored.digest));
  if (is.state == kStateQueued || is.state == kStateRunning) {
    SCANTLING_DO(SetScanState(change, stored.digest,
                              stored.components == 0 ? kStateUnsupported : kStateOk, ""));
  }
  return stored;
}

base::Result<void> KeepFailure(Change& change, const store::Job& job, const base::Error& error,
                               Millis again) {
  const std::string reason = Storable(error.Message());
  SCANTLING_TRY(const bool ours, store::Fail(change.connection, job, reason, change.now, again));
  if (!ours) {
    return Lost();
  }
  if (again != 0) {
    return SetScanState(change, job.key, kStateQueued,
                        "attempt " + std::to_string(job.attempts) + " of " +
                            std::to_string(kScanAttempts) + " failed: " + reason +
                            "; the next at " + FormatMillis(again / 1000 * 1000));
  }
  SCANTLING_DO(TellFailure(change, job, reason));
  return SetScanState(
      change, job.key,
      error.code() == base::ErrorCode::kUnsupported ? kStateUnsupported : kStateFailed, reason);
}

base::Result<void> GiveScanBack(Change& change, const store::Job& job) {
  SCANTLING_TRY(const bool ours, store::GiveBack(change.connection, job, change.now));
  if (!ours) {
    return Lost();
  }
  return SetScanState(change, job.key, kStateQueued, "");
}

base::Result<uint64_t> RecordTags(store::Store& store, const Watch& watch,
                                  std::string_view repository, const std::vector<TagDigest>& tags,
                                  ScanPriority priority, Millis now) {
  const std::string name = watch.registry + "/" + std::string(repository);
  std::vector<const TagDigest*> news;
  SCANTLING_DO(store.Read([&](store::Connection& connection) -> base::Result<void> {
    for (const TagDigest& tag : tags) {
      SCANTLING_TRY(const State state, StateOf(connection, tag.digest));
      SCANTLING_TRY(const int64_t named, NamedContent(connection, name, tag.tag));
      if (state.content == 0 || state.content != named || WantsScan(state, now)) {
        news.push_back(&tag);
      }
    }
    return {};
  }));
  uint64_t queued = 0;
  if (news.empty()) {
    return queued;
  }
  SCANTLING_DO(WriteChange(store, now, [&](Change& change) -> base::Result<void> {
    for (const TagDigest* tag : news) {
      const Millis at = NotAhead(tag->at, change.now);
      SCANTLING_TRY(const int64_t content, ContentOf(change, tag->digest, at));
      SCANTLING_TRY(const bool named,
                    NameContent(change, name + ":" + tag->tag, content, tag->digest, at));
      if (!named) {
        continue;
      }
      SCANTLING_TRY(
          const bool fresh,
          QueueScan(change, {watch.id, watch.registry, std::string(repository), tag->digest},
                    ScanWhen::kWhenUnknown, priority));
      queued += fresh ? 1 : 0;
    }
    return {};
  }));
  return queued;
}

base::Result<uint64_t> RecordMissing(store::Store& store, const Watch& watch,
                                     std::string_view repository,
                                     const std::vector<std::string>& tags, Millis at, Millis now) {
  const std::string name = watch.registry + "/" + std::string(repository);
  const std::set<std::string_view> there(tags.begin(), tags.end());
  std::vector<std::string> missing;
  const store::Value values[] = {std::string_view(name), at};
  SCANTLING_DO(store.Read([&](store::Connection& connection) {
    return connection.Query(
        "SELECT tag FROM names WHERE repository = $1 AND until = 0 AND content <> 0 AND "
        "since <= $2 AND tag <> '' ORDER BY tag",
        values, [&](const store::Row& row) -> base::Result<void> {
          if (!there.contains(row.Text(0))) {
            missing.emplace_back(row.Text(0));
          }
          return {};
        });
  }));
  if (missing.empty()) {
    return 0;
  }
  auto written = WriteChange(store, now, [&](Change& change) -> base::Result<void> {
    for (const std::string& tag : missing) {
      SCANTLING_DO(EndName(change, name + ":" + tag, NotAhead(at, change.now)));
    }
    return {};
  });
  SCANTLING_DO(std::move(written));
  return missing.size();
}

base::Result<std::vector<std::string>> TagsOf(store::Connection& connection, const Watch& watch,
                                              std::string_view repository,
                                              std::string_view digest) {
  std::vector<std::string> out;
  const std::string name = watch.registry + "/" + std::string(repository);
  const store::Value values[] = {std::string_view(name), digest};
  SCANTLING_DO(connection.Query(
      "SELECT tag FROM names WHERE repository = $1 AND until = 0 AND digest = $2 AND tag <> '' "
      "ORDER BY tag",
      values, [&](const store::Row& row) -> base::Result<void> {
        out.emplace_back(row.Text(0));
        return {};
      }));
  return out;
}

base::Result<uint64_t> QueueRunning(store::Store& store, const std::vector<Watch>& watches,
                                    Millis now) {
  std::vector<ScanTask> tasks;
  SCANTLING_DO(store.Read([&](store::Connection& connection) -> base::Result<void> {
    const store::Value before = now - kFailedScanAgain;
    // The limit is one of those that are watched, which SQL cannot tell.
    return connection.Query(
        "SELECT DISTINCT copies.digest, copies.reference FROM copies JOIN contents ON "
        "contents.digest = copies.digest WHERE copies.ended = 0 AND (contents.state = 'never' OR "
        "(contents.state = 'failed' AND contents.state_since <= $1)) ORDER BY 1, 2",
        {&before, 1}, [&](const store::Row& row) -> base::Result<void> {
          if (tasks.size() >= kMaxRunning) {
            return {};
          }
          std::string repository;
          const Watch* watch = FindWatch(watches, row.Text(1), repository);
          if (watch != nullptr && (tasks.empty() || tasks.back().digest != row.Text(0))) {
            tasks.push_back(
                {watch->id, watch->registry, std::move(repository), std::string(row.Text(0))});
          }
          return {};
        });
  }));
  uint64_t queued = 0;
  if (tasks.empty()) {
    return queued;
  }
  SCANTLING_DO(WriteChange(store, now, [&](Change& change) -> base::Result<void> {
    for (const ScanTask& task : tasks) {
      SCANTLING_TRY(const bool fresh,
                    QueueScan(change, task, ScanWhen::kWhenUnknown, ScanPriority::kPushed));
      queued += fresh ? 1 : 0;
    }
    return {};
  }));
  return queued;
}

}  // namespace scantling::program
