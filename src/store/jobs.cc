// The queue in the table jobs (schema_jobs.cc). A claim is known by the worker and the number of
// claims so far: a worker whose lease ran out and whose job was claimed again changes nothing. A
// job that follows a running one has a row of its own, so that no claim of the ended one fits it.
#include "store/jobs.h"

#include <algorithm>
#include <array>

namespace scantling::store {
namespace {

constexpr std::string_view kColumns =
    "id, kind, key, payload, priority, not_before, attempts, state, worker, lease_until, error, "
    "created, changed";

int64_t Number(JobState state) { return static_cast<int64_t>(state); }

JobState StateOf(int64_t number) {
  return number >= 0 && number <= Number(JobState::kFailed) ? static_cast<JobState>(number)
                                                            : JobState::kFailed;
}

Job ReadJob(const Row& row) {
  Job job;
  job.id = row.Int(0);
  job.kind = row.Text(1);
  job.key = row.Text(2);
  job.payload = row.Text(3);
  job.priority = row.Int(4);
  job.not_before = row.Int(5);
  job.attempts = row.Int(6);
  job.state = StateOf(row.Int(7));
  job.worker = row.Text(8);
  job.lease_until = row.Int(9);
  job.error = row.Text(10);
  job.created = row.Int(11);
  job.changed = row.Int(12);
  return job;
}

base::Result<std::vector<Job>> ReadJobs(Connection& connection, const std::string& which,
                                        std::span<const Value> values) {
  std::vector<Job> out;
  SCANTLING_DO(connection.Query("SELECT " + std::string(kColumns) + " FROM jobs WHERE " + which,
                                values, [&out](const Row& row) -> base::Result<void> {
                                  out.push_back(ReadJob(row));
                                  return {};
                                }));
  return out;
}

// "kind IN ($3, $4)"
std::string KindIn(const std::vector<std::string>& kinds, std::vector<Value>& values) {
  std::string out = "kind IN (";
  for (const std::string& kind : kinds) {
    values.emplace_back(std::string_view(kind));
    out += (out.back() == '(' ? "$" : ", $") + std::to_string(values.size());
  }
  return out + ")";
}

// Both ends of a job; `state` is kDone or kFailed.
base::Result<bool> End(Connection& connection, const Job& job, JobState state,
                       std::string_view error, int64_t now) {
  const Value values[] = {job.id,       std::string_view(job.worker), job.attempts, now, error,
                          Number(state)};
  std::optional<Job> ended;
  SCANTLING_DO(connection.Query(
      "UPDATE jobs SET state = $6, lease_until = 0, error = $5, changed = $4 WHERE id = $1 AND "
      "state = 1 AND worker = $2 AND attempts = $3 RETURNING " +
          std::string(kColumns),
      values, [&ended](const Row& row) -> base::Result<void> {
        ended = ReadJob(row);
        return {};
      }));
  if (!ended) {
    return false;
  }
  if (ended->not_before != kNoOtherRun) {
    SCANTLING_DO(Enqueue(connection, *ended, now));
  }
  return true;
}

}  // namespace

std::string_view ToString(JobState state) {
  static constexpr std::array<std::string_view, 4> kWords = {"queued", "running", "done", "failed"};
  return kWords[static_cast<size_t>(state)];
}

base::Result<bool> Enqueue(Connection& connection, const Job& job, int64_t now,
                           WhileRunning running) {
  SCANTLING_TRY(const int64_t id, connection.NextIds("job"));
  const Value values[] = {id,
                          std::string_view(job.kind),
                          std::string_view(job.key),
                          std::string_view(job.payload),
                          job.priority,
                          job.not_before,
                          now,
                          int64_t{running == WhileRunning::kFollow}};
  int64_t kept = 0;
  SCANTLING_DO(connection.Query(
      "INSERT INTO jobs (id, kind, key, payload, priority, not_before, attempts, state, worker, "
      "lease_until, error, created, changed) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', 0, '', $7, "
      "$7) ON CONFLICT (kind, key) WHERE state < 2 DO UPDATE SET "
      "priority = CASE WHEN excluded.priority < jobs.priority THEN excluded.priority ELSE "
      "jobs.priority END, "
      "payload = CASE WHEN $8 = 1 THEN excluded.payload ELSE jobs.payload END, "
      "not_before = CASE WHEN excluded.not_before < jobs.not_before AND (jobs.state = 0 OR $8 = 1) "
      "THEN excluded.not_before ELSE jobs.not_before END RETURNING id",
      values, [&kept](const Row& row) -> base::Result<void> {
        kept = row.Int(0);
        return {};
      }));
  return kept == id;
}

base::Result<std::optional<Job>> Claim(Store& store, const std::vector<std::string>& kinds,
                                       std::string_view worker, int64_t now, int64_t lease_ms) {
  std::optional<Job> out;
  if (kinds.empty()) {
    return out;
  }
  // A lease that ends so far away was given by a clock that has gone back since.
  constexpr int64_t kLongest = 10;
  std::vector<Value> values = {now, now + lease_ms, worker, now + kLongest * lease_ms, kNoOtherRun};
  const std::string sql =
      "UPDATE jobs SET state = 1, worker = $3, lease_until = $2, attempts = attempts + 1, "
      "not_before = $5, changed = $1 WHERE id = (SELECT id FROM jobs WHERE " +
      KindIn(kinds, values) +
      " AND ((state = 0 AND not_before <= $1) OR (state = 1 AND (lease_until <= $1 OR "
      "lease_until > $4)))  ORDER BY "
      "priority, id LIMIT 1" +
      (store.dialect() == Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : "") + ") RETURNING " +
      std::string(kColumns);
  SCANTLING_DO(store.Write(Order::kFree, [&](Connection& connection) {
    return connection.Query(sql, values, [&out](const Row& row) -> base::Result<void> {
      out = ReadJob(row);
      return {};
    });
  }));
  return out;
}

base::Result<bool> Extend(Store& store, const Job& job, int64_t now, int64_t lease_ms) {
  const Value values[] = {job.id, std::string_view(job.worker), job.attempts, now + lease_ms};
  uint64_t changed = 0;
  SCANTLING_DO(store.Write(Order::kFree, [&](Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(changed, connection.Execute("UPDATE jobs SET lease_until = $4 WHERE id = $1 AND "
                                              "state = 1 AND worker = $2 AND attempts = $3",
                                              values));
    return {};
  }));
  return changed == 1;
}

base::Result<bool> Holds(Connection& connection, const Job& job) {
  bool out = false;
  const Value values[] = {job.id, std::string_view(job.worker), job.attempts};
  SCANTLING_DO(connection.Query(
      "SELECT 1 FROM jobs WHERE id = $1 AND state = 1 AND worker = $2 AND attempts = $3", values,
      [&out](const Row&) -> base::Result<void> {
        out = true;
        return {};
      }));
  return out;
}

base::Result<bool> Complete(Connection& connection, const Job& job, int64_t now,
                            std::string_view note) {
  return End(connection, job, JobState::kDone, note, now);
}

int64_t RetryPause(int64_t attempts, int64_t first, int64_t longest) {
  return std::min(longest, first << std::clamp<int64_t>(attempts - 1, 0, 20));
}

base::Result<bool> Fail(Connection& connection, const Job& job, std::string_view error, int64_t now,
                        int64_t retry_at) {
  if (retry_at == 0) {
    return End(connection, job, JobState::kFailed, error, now);
  }
  const Value values[] = {job.id, std::string_view(job.worker), job.attempts, now, error, retry_at};
  SCANTLING_TRY(const uint64_t changed,
                connection.Execute(
                    "UPDATE jobs SET state = 0, not_before = CASE WHEN not_before < $6 THEN "
                    "not_before ELSE $6 END, lease_until = 0, error = $5, changed = $4 WHERE id = "
                    "$1 AND state = 1 AND worker = $2 AND attempts = $3",
                    values));
  return changed == 1;
}

base::Result<bool> GiveBack(Connection& connection, const Job& job, int64_t now) {
  const Value values[] = {job.id, std::string_view(job.worker), job.attempts, now};
  SCANTLING_TRY(const uint64_t changed,
                connection.Execute("UPDATE jobs SET state = 0, attempts = attempts - 1, not_before "
                                   "= $4, lease_until = 0, changed = $4 WHERE id = $1 AND state = "
                                   "1 AND worker = $2 AND attempts = $3",
                                   values));
  return changed == 1;
}

base::Result<std::vector<JobCount>> CountJobs(Connection& connection) {
  std::vector<JobCount> out;
  SCANTLING_DO(connection.Query(
      "SELECT kind, state, COUNT(*), MIN(created) FROM jobs GROUP BY kind, "
      "state ORDER BY kind, state",
      {}, [&out](const Row& row) -> base::Result<void> {
        out.push_back({std::string(row.Text(0)), StateOf(row.Int(1)), row.Int(2), row.Int(3)});
        return {};
      }));
  return out;
}

base::Result<std::vector<Job>> ListJobs(Connection& connection, std::string_view kind,
                                        int64_t before_id, int64_t limit) {
  const Value values[] = {kind, before_id, limit};
  return ReadJobs(connection,
                  "($1 = '' OR kind = $1) AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3",
                  values);
}

base::Result<std::vector<Job>> OpenJobs(Connection& connection, std::string_view kind) {
  const Value value = kind;
  return ReadJobs(connection, "kind = $1 AND state < 2 ORDER BY id", {&value, 1});
}

base::Result<void> VisitJobs(Connection& connection, std::string_view kind,
                             const std::function<void(const Job&)>& visit) {
  return connection.Query(
      "SELECT id, kind, key, '', priority, not_before, attempts, state, worker, lease_until, "
      "error, "
      "created, changed FROM jobs WHERE kind = $1 ORDER BY id DESC",
      std::array<Value, 1>{kind}, [&](const Row& row) -> base::Result<void> {
        visit(ReadJob(row));
        return {};
      });
}

base::Result<uint64_t> PruneJobs(Connection& connection, int64_t older_than) {
  return connection.Execute("DELETE FROM jobs WHERE state >= 2 AND changed < $1",
                            std::array<Value, 1>{older_than});
}

}  // namespace scantling::store
