#include "program/running.h"

#include "base/digest.h"
#include "base/strings.h"
#include "codec/json_writer.h"
#include "program/claims.h"
#include "program/ingest.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace scantling::program {
namespace {

constexpr size_t kRowsAtOnce = 1'000;
constexpr size_t kMaxUnscanned = 1000;
constexpr size_t kSnapshotsKept = 256;

std::string LabelsJson(const SeenCopy& copy) {
  std::string out;
  codec::JsonWriter json(&out, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  for (const auto& [key, value] : copy.labels) {
    json.Text(key, value);
  }
  json.EndObject();
  return out;
}

struct Stored {
  int64_t id = 0;
  int64_t reporter = 0;
  Millis started = 0;
  Millis seen = 0;  // at least; the snapshots up to `ended` saw it, too
  Millis ended = 0;
  Millis gone = 0;    // told to be; 0 = never
  bool known = true;  // its details are (a "gone" may have come before)
};

// Moments, ascending, as differences of seven bits a byte.
std::string PackTimes(const std::vector<Millis>& times) {
  std::string out;
  Millis last = 0;
  for (const Millis at : times) {
    auto step = static_cast<uint64_t>(at - last);
    for (; step >= 128; step >>= 7) {
      out += static_cast<char>(step | 128);
    }
    out += static_cast<char>(step);
    last = at;
  }
  return out;
}

std::vector<Millis> UnpackTimes(base::Bytes packed) {
  std::vector<Millis> out;
  Millis last = 0;
  uint64_t step = 0;
  unsigned shift = 0;
  for (const std::byte byte : packed) {
    step |= (static_cast<uint64_t>(byte) & 127) << shift;
    shift = std::min(shift + 7, 56U);
    if (static_cast<uint64_t>(byte) < 128) {
      last += static_cast<Millis>(step);
      out.push_back(last);
      step = 0;
      shift = 0;
    }
  }
  return out;
}

// A copy was last seen at the latest of its sightings: snapshots with it and changes that tell of
// it. It has ended when it was told to be gone then or later; else at the first snapshot after that
// sighting, which did not have it. So the order in which messages come decides nothing, as long as
// the snapshots' moments are kept.
class Applier {
 public:
  Applier(Change& change, const RunningReport& report) : change_(change), report_(report) {}

  base::Result<RunningOutcome> Run() {
    for (const SeenCopy& copy : report_.copies) {
      Millis& started = started_.emplace(copy.digest, StartOf(copy)).first->second;
      started = std::min(started, StartOf(copy));
    }
    SCANTLING_DO(ReadReporter());
    SCANTLING_DO(ReadSnapshots());
    SCANTLING_DO(ReadCopies());
    SCANTLING_DO(CheckCopies());
    SCANTLING_DO(TakeIds());
    for (const auto& [uid, at] : report_.gone) {
      gone_.insert(uid);
    }
    for (const SeenCopy& copy : report_.copies) {
      present_.insert(copy.uid);
      SCANTLING_DO(See(copy));
    }
    SCANTLING_DO(FlushStarts());
    for (const auto& [uid, at] : report_.gone) {
      SCANTLING_DO(End(uid, at == 0 ? report_.at : at));
    }
    if (counted_) {
      std::vector<std::string> missing;
      for (const auto& [uid, stored] : copies_) {
        if (stored.reporter == reporter_ && !present_.contains(uid) && !gone_.contains(uid)) {
          missing.push_back(uid);
        }
      }
      std::sort(missing.begin(), missing.end());
      for (const std::string& uid : missing) {
        Stored& stored = copies_[uid];
        EndAt(uid, stored, EndOf(stored, LastOf(stored, before_), stored.gone), stored.gone);
      }
    }
    SCANTLING_DO(FlushEnds());
    SCANTLING_DO(Hear());
    SCANTLING_DO(TellAll(change_, events_));
    SCANTLING_DO(Finish());
    return std::move(out_);
  }

 private:
  base::Result<void> ReadReporter() {
    const store::Value name = std::string_view(report_.reporter);
    std::string kind;
    std::string cluster;
    Millis interval = 0;
    SCANTLING_DO(change_.connection.Query(
        "SELECT id, kind, cluster, interval_ms FROM reporters WHERE name = $1", {&name, 1},
        [&](const store::Row& row) -> base::Result<void> {
          reporter_ = row.Int(0);
          kind = row.Text(1);
          cluster = row.Text(2);
          interval = row.Int(3);
          return {};
        }));
    SCANTLING_DO(CheckReporter(change_, report_.reporter, reporter_ != 0));
    SCANTLING_DO(ReadSpans());
    // What it last said of itself, by its own time.
    const std::tuple was(last_heard_, std::string_view(kind), std::string_view(cluster), interval);
    const std::tuple is(report_.at, std::string_view(report_.kind),
                        std::string_view(report_.cluster), report_.interval_ms);
    if (reporter_ != 0 && (is <= was || (kind == report_.kind && cluster == report_.cluster &&
                                         interval == report_.interval_ms))) {
      return {};
    }
    if (reporter_ == 0) {
      SCANTLING_TRY(reporter_, change_.connection.NextIds("reporter"));
    }
    const store::Value values[] = {reporter_,
                                   std::string_view(report_.reporter),
                                   std::string_view(report_.kind),
                                   std::string_view(report_.cluster),
                                   report_.interval_ms,
                                   change_.number};
    return program::Run(change_,
                        "INSERT INTO reporters (id, name, kind, cluster, interval_ms, changed) "
                        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET "
                        "kind = excluded.kind, cluster = excluded.cluster, "
                        "interval_ms = excluded.interval_ms, changed = excluded.changed",
                        values);
  }

  // When it was heard of without a break.
  base::Result<void> ReadSpans() {
    const store::Value reporter = reporter_;
    return change_.connection.Query(
        "SELECT since, until FROM reporter_spans WHERE reporter = $1 ORDER BY since",
        {&reporter, 1}, [&](const store::Row& row) -> base::Result<void> {
          spans_.emplace_back(row.Int(0), row.Int(1));
          last_heard_ = std::max(last_heard_, row.Int(1));
          return {};
        });
  }

  // A span reaches over both of its neighbours that are near; theirs stay, within it.
  base::Result<void> Hear() {
    const Millis near = 3 * report_.interval_ms;
    Millis since = report_.at;
    Millis until = report_.at;
    for (const auto& [start, end] : spans_) {
      if (report_.at >= start && report_.at <= end) {
        return {};
      }
      if (end < report_.at && report_.at - end <= near) {
        since = std::min(since, start);
      }
      if (start > report_.at && start - report_.at <= near) {
        until = std::max(until, end);
      }
    }
    const store::Value values[] = {reporter_, since, until, change_.number};
    return program::Run(change_,
                        "INSERT INTO reporter_spans (reporter, since, until, changed) "
                        "VALUES ($1, $2, $3, $4) ON CONFLICT (reporter, since) DO UPDATE SET "
                        "until = excluded.until, changed = excluded.changed",
                        values);
  }

  base::Result<void> ReadSnapshots() {
    const store::Value reporter = reporter_;
    SCANTLING_DO(
        change_.connection.Query("SELECT times FROM reporter_snapshots WHERE reporter = $1",
                                 {&reporter, 1}, [&](const store::Row& row) -> base::Result<void> {
                                   before_ = UnpackTimes(row.Blob(0));
                                   return {};
                                 }));
    after_ = before_;
    if (!report_.snapshot) {
      return {};
    }
    const auto place = std::lower_bound(after_.begin(), after_.end(), report_.at);
    // What is older than all that are kept tells what ran, and not what did not.
    counted_ = after_.size() < kSnapshotsKept || place != after_.begin();
    if (!counted_ || (place != after_.end() && *place == report_.at)) {
      return {};
    }
    after_.insert(place, report_.at);
    if (after_.size() > kSnapshotsKept) {
      after_.erase(after_.begin());
    }
    const std::string packed = PackTimes(after_);
    const store::Value values[] = {reporter_, base::AsBytes(packed)};
    return program::Run(change_,
                        "INSERT INTO reporter_snapshots (reporter, times) VALUES ($1, $2) "
                        "ON CONFLICT (reporter) DO UPDATE SET times = excluded.times",
                        values);
  }

  // At least: all snapshots from its first sighting to its end had it.
  Millis LastOf(const Stored& stored, const std::vector<Millis>& snapshots) const {
    if (stored.reporter != reporter_ || (stored.ended != 0 && stored.ended == stored.gone)) {
      return stored.seen;
    }
    const auto end = stored.ended == 0
                         ? snapshots.end()
                         : std::lower_bound(snapshots.begin(), snapshots.end(), stored.ended);
    return end == snapshots.begin() ? stored.seen : std::max(stored.seen, *std::prev(end));
  }
  Millis EndOf(const Stored& stored, Millis last, Millis gone) const {
    if (gone != 0 && gone >= last) {
      return gone;
    }
    if (stored.reporter != reporter_) {  // whose snapshots are not known here
      return last > stored.ended ? 0 : stored.ended;
    }
    const auto next = std::upper_bound(after_.begin(), after_.end(), last);
    return next == after_.end() ? 0 : *next;
  }

  base::Result<void> ReadCopies() {
    const auto take = [&](const store::Row& row) -> base::Result<void> {
      copies_[std::string(row.Text(0))] =
          Stored{row.Int(1), row.Int(2), row.Int(3),          row.Int(4),
                 row.Int(5), row.Int(6), !row.Text(7).empty()};
      return {};
    };
    const std::string select =
        "SELECT uid, id, reporter, started, seen, ended, gone, container FROM copies WHERE ";
    // A snapshot is held against all that run, and a late one against what ended after it; else
    // only what is named is read.
    if (counted_) {
      const bool late = !before_.empty() && report_.at < before_.back();
      const store::Value values[] = {reporter_, report_.at};
      SCANTLING_DO(change_.connection.Query(
          select + "reporter = $1 AND " + (late ? "ended > $2" : "ended = 0"),
          {values, late ? size_t{2} : size_t{1}}, take));
    }
    std::vector<std::string_view> named;
    for (const SeenCopy& copy : report_.copies) {
      if (!copies_.contains(copy.uid)) {
        named.push_back(copy.uid);
      }
    }
    for (const auto& [uid, at] : report_.gone) {
      if (!copies_.contains(uid)) {
        named.push_back(uid);
      }
    }
    if (named.empty()) {
      return {};
    }
    const std::string array = JsonArray(named);
    const store::Value value = std::string_view(array);
    return change_.connection.Query(select + InJsonArray(change_.connection.dialect(), "uid"),
                                    {&value, 1}, take);
  }

  // Copies of another reporter are told of by who sees everything.
  base::Result<void> CheckCopies() {
    for (const auto& [uid, stored] : copies_) {
      if (!change_.teller.trusted && stored.reporter != reporter_) {
        return base::Error(base::ErrorCode::kUsage,
                           "the copy \"" + base::ToUtf8(uid) + "\" is another reporter's");
      }
    }
    return {};
  }

  // Ids for the copies that were not known, all at once.
  base::Result<void> TakeIds() {
    std::set<std::string_view> fresh;
    for (const SeenCopy& copy : report_.copies) {
      if (!copies_.contains(copy.uid)) {
        fresh.insert(copy.uid);
      }
    }
    for (const auto& [uid, at] : report_.gone) {
      if (!copies_.contains(uid)) {
        fresh.insert(uid);
      }
    }
    if (!fresh.empty()) {
      SCANTLING_TRY(next_id_,
                    change_.connection.NextIds("copy", static_cast<int64_t>(fresh.size())));
    }
    return {};
  }

  Millis StartOf(const SeenCopy& copy) const {
    return copy.started != 0 ? copy.started : copy.at != 0 ? copy.at : report_.at;
  }
  // The image of a copy; many copies of an image come in one message.
  base::Result<int64_t> ContentOfCopy(const SeenCopy& copy) {
    const auto [known, first] = contents_.emplace(
        std::pair(std::string_view(copy.digest), std::string_view(copy.image_id)), 0);
    if (first && !copy.digest.empty()) {
      const Millis started = started_[copy.digest];
      SCANTLING_TRY(known->second, ContentOf(change_, copy.digest, started));
      if (change_.teller.trusted) {
        SCANTLING_DO(JoinDigests(change_, copy.digest, copy.image_id, started));
      }
    }
    return known->second;
  }

  base::Result<void> See(const SeenCopy& copy) {
    Millis at = copy.at == 0 ? report_.at : copy.at;
    if (report_.snapshot && !gone_.contains(copy.uid)) {
      at = std::max(at, report_.at);
    }
    const Millis started = StartOf(copy);
    const auto found = copies_.find(copy.uid);
    if (found != copies_.end() && found->second.known) {
      return SeeAgain(copy, at, started, found->second);
    }
    SCANTLING_TRY(const int64_t content, ContentOfCopy(copy));
    Stored stored{0, reporter_, started, at, 0, 0, true};
    if (found != copies_.end()) {  // it was told to be gone before it was told of
      stored.id = found->second.id;
      stored.gone = found->second.gone;
    } else {
      stored.id = next_id_++;
    }
    stored.ended = EndOf(stored, at, stored.gone);
    const std::string& labels = labels_.emplace_back(LabelsJson(copy));
    const store::Value values[] = {
        stored.id,
        std::string_view(copy.uid),
        reporter_,
        std::string_view(content == 0 ? std::string_view() : copy.digest),
        std::string_view(copy.reference),
        std::string_view(report_.environment),
        std::string_view(report_.cluster),
        std::string_view(copy.name_space),
        std::string_view(copy.workload_kind),
        std::string_view(copy.workload),
        std::string_view(copy.pod),
        std::string_view(copy.container),
        std::string_view(copy.kind),
        std::string_view(copy.node),
        std::string_view(labels),
        started,
        stored.seen,
        stored.ended,
        stored.gone,
        change_.number};
    starts_.insert(starts_.end(), std::begin(values), std::end(values));
    if (labels_.size() >= kRowsAtOnce) {
      SCANTLING_DO(FlushStarts());
    }
    copies_[copy.uid] = stored;
    ++out_.started;
    Tell("copy_seen", copy.uid, started, copy);
    return {};
  }

  base::Result<void> SeeAgain(const SeenCopy& copy, Millis at, Millis started, Stored& stored) {
    const Millis last = std::max(LastOf(stored, before_), at);
    Stored is = stored;
    is.started = std::min(stored.started, started);
    is.ended = EndOf(stored, last, stored.gone);
    if (LastOf(is, after_) < last) {
      is.seen = last;
    }
    const bool shown = is.started != stored.started || is.ended != stored.ended;
    if (!shown && is.seen == stored.seen) {
      return {};
    }
    if (is.started != stored.started) {
      SCANTLING_DO(ContentOfCopy(copy));
    }
    SCANTLING_DO(FlushStarts());  // it may be among them
    const store::Value values[] = {is.id, is.started, is.seen, is.ended, change_.number};
    SCANTLING_DO(
        shown ? program::Run(change_,
                             "UPDATE copies SET started = $2, seen = $3, ended = $4, "
                             "changed = $5 WHERE id = $1",
                             values)
              : program::Run(change_,
                             "UPDATE copies SET started = $2, seen = $3, ended = $4 WHERE id = $1",
                             {values, 4}));
    if (is.ended == 0 && stored.ended != 0) {
      ++out_.started;
      Tell("copy_seen", copy.uid, at, copy);
    }
    stored = is;
    return {};
  }

  base::Result<void> End(const std::string& uid, Millis at) {
    const auto found = copies_.find(uid);
    if (found == copies_.end()) {
      // Told to be gone before it was told of: kept, so that the late start does not revive it.
      const int64_t id = next_id_++;
      const store::Value values[] = {id,
                                     std::string_view(uid),
                                     reporter_,
                                     at,
                                     change_.number,
                                     std::string_view(report_.environment),
                                     std::string_view(report_.cluster)};
      SCANTLING_DO(
          program::Run(change_,
                       "INSERT INTO copies (id, uid, reporter, digest, reference, environment, "
                       "cluster, namespace, workload_kind, workload, pod, container, kind, node, "
                       "labels, started, seen, ended, gone, changed) VALUES ($1, $2, $3, '', '', "
                       "$6, $7, '', '', '', '', '', '', '', '{}', $4, 0, $4, $4, $5)",
                       values));
      copies_[uid] = Stored{id, reporter_, at, 0, at, at, false};
      Tell("copy_gone", uid, at, "told");
      return {};
    }
    Stored& stored = found->second;
    const Millis last = LastOf(stored, present_.contains(uid) ? after_ : before_);
    const Millis gone = std::max(stored.gone, at);
    // One that was seen later than it was told to be gone is not.
    EndAt(uid, stored, EndOf(stored, last, gone), gone >= last ? gone : stored.gone);
    return {};
  }
  void EndAt(const std::string& uid, Stored& stored, Millis ended, Millis gone) {
    if (ended == stored.ended && gone == stored.gone) {
      return;
    }
    const store::Value values[] = {stored.id, ended, gone, change_.number};
    ends_.insert(ends_.end(), std::begin(values), std::end(values));
    out_.ended += stored.ended == 0 && ended != 0 ? 1 : 0;
    if (ended != stored.ended && ended != 0) {
      Tell("copy_gone", uid, ended, ended == gone ? "told" : "not in the snapshot");
    }
    stored.ended = ended;
    stored.gone = gone;
  }

  // Rows wait to be written together: a database that is elsewhere answers once for all of them.
  base::Result<void> FlushStarts() {
    if (!starts_.empty()) {
      SCANTLING_DO(change_.connection.ExecuteMany(
          "INSERT INTO copies (id, uid, reporter, digest, reference, environment, cluster, "
          "namespace, workload_kind, workload, pod, container, kind, node, labels, started, seen, "
          "ended, gone, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
          "$14, $15, $16, $17, $18, $19, $20) ON CONFLICT (id) DO UPDATE SET digest = "
          "excluded.digest, "
          "reference = excluded.reference, namespace = excluded.namespace, "
          "workload_kind = excluded.workload_kind, workload = excluded.workload, "
          "pod = excluded.pod, container = excluded.container, kind = excluded.kind, "
          "node = excluded.node, labels = excluded.labels, started = excluded.started, "
          "seen = excluded.seen, ended = excluded.ended, gone = excluded.gone, "
          "changed = excluded.changed",
          20, starts_));
    }
    starts_.clear();
    labels_.clear();
    return {};
  }
  base::Result<void> FlushEnds() {
    if (!ends_.empty()) {
      SCANTLING_DO(change_.connection.ExecuteMany(
          "UPDATE copies SET ended = $2, gone = $3, changed = $4 WHERE id = $1", 4, ends_));
    }
    ends_.clear();
    return {};
  }

  void Tell(std::string_view kind, const std::string& uid, Millis at, const SeenCopy& copy) {
    std::string body;
    codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
    json.BeginObject();
    json.Text("reporter", report_.reporter);
    json.Text("digest", copy.digest);
    json.Text("reference", copy.reference);
    json.Text("cluster", report_.cluster);
    json.Text("namespace", copy.name_space);
    json.Text("workload", copy.workload);
    json.Text("container", copy.container);
    json.EndObject();
    Keep(kind, uid, at, std::move(body));
  }
  void Tell(std::string_view kind, const std::string& uid, Millis at, std::string_view how) {
    std::string body;
    codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
    json.BeginObject();
    json.Text("reporter", report_.reporter);
    json.Text("how", how);
    json.EndObject();
    Keep(kind, uid, at, std::move(body));
  }
  void Keep(std::string_view kind, const std::string& uid, Millis at, std::string body) {
    Event event;
    event.kind = kind;
    event.id = std::string(kind) + ":" + uid + ":" + std::to_string(at);
    event.at = at;
    event.subject = uid;
    event.body = std::move(body);
    events_.push_back(std::move(event));
  }

  base::Result<void> Finish() {
    const store::Value reporter = reporter_;
    SCANTLING_DO(
        change_.connection.Query("SELECT COUNT(*) FROM copies WHERE reporter = $1 AND ended = 0",
                                 {&reporter, 1}, [&](const store::Row& row) -> base::Result<void> {
                                   out_.running = static_cast<uint64_t>(row.Int(0));
                                   return {};
                                 }));
    std::set<std::string_view> digests;
    for (const SeenCopy& copy : report_.copies) {
      if (!copy.digest.empty()) {
        digests.insert(copy.digest);
      }
    }
    const std::string array = JsonArray({digests.begin(), digests.end()});
    const std::string named = InJsonArray(change_.connection.dialect(), "digest");
    const store::Value value = std::string_view(array);
    std::set<std::string, std::less<>> scanned;
    SCANTLING_DO(change_.connection.Query(
        "SELECT digest FROM contents WHERE (scanned <> 0 OR state = 'alias') AND " + named +
            " UNION SELECT digest FROM digests WHERE " + named,
        {&value, 1}, [&](const store::Row& row) -> base::Result<void> {
          scanned.emplace(row.Text(0));
          return {};
        }));
    for (const std::string_view digest : digests) {
      if (!scanned.contains(digest) && out_.unscanned.size() < kMaxUnscanned &&
          base::Digest::Parse(digest)) {
        out_.unscanned.emplace_back(digest);
      }
    }
    return {};
  }

  Change& change_;
  const RunningReport& report_;
  int64_t reporter_ = 0;
  Millis last_heard_ = 0;
  std::vector<std::pair<Millis, Millis>> spans_;
  std::vector<Millis> before_;  // its snapshots without this message, and with it
  std::vector<Millis> after_;
  bool counted_ = false;  // this message is a snapshot, and among them
  std::set<std::string_view> present_;
  std::set<std::string_view> gone_;
  std::unordered_map<std::string, Stored> copies_;
  std::map<std::pair<std::string_view, std::string_view>, int64_t> contents_;  // digest, image id
  std::map<std::string_view, Millis> started_;  // by digest: the first of the message's copies
  int64_t next_id_ = 0;
  std::vector<store::Value> starts_;  // 20 of each row; their texts are the report's and labels_'
  std::deque<std::string> labels_;    // whose addresses stay
  std::vector<store::Value> ends_;    // id, ended, gone, number of the change
  std::vector<Event> events_;
  RunningOutcome out_;
};

}  // namespace

base::Result<RunningOutcome> ApplyRunning(Change& change, const RunningReport& report) {
  RunningReport dated = report;
  dated.at = NotAhead(dated.at, change.now);
  for (SeenCopy& copy : dated.copies) {
    copy.started = copy.started == 0 ? 0 : NotAhead(copy.started, change.now);
    copy.at = copy.at == 0 ? 0 : NotAhead(copy.at, change.now);
  }
  for (auto& [uid, at] : dated.gone) {
    at = at == 0 ? 0 : NotAhead(at, change.now);
  }
  return Applier(change, dated).Run();
}

}  // namespace scantling::program
