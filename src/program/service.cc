#include "program/service.h"

#include "base/strings.h"
#include "base/time.h"
#include "match/match.h"
#include "rank/rank.h"

#include <algorithm>
#include <unordered_map>

namespace scantling::program {
namespace {

constexpr Millis kQuick = 5;  // a view that is made in this time is always fresh

}  // namespace

Service::Service(store::Store& store, ServiceOptions options)
    : store_(store), options_(std::move(options)) {}

base::Result<Judged> Service::UseDatabase(std::shared_ptr<const advisory::Database> database) {
  {
    const std::lock_guard lock(database_mutex_);
    database_ = database;
  }
  std::string judged_by;
  SCANTLING_DO(Read(0, [&](const View& view) -> base::Result<void> {
    judged_by = view.fleet().advisories().digest;
    return {};
  }));
  if (judged_by == database->Info().digest) {
    return Judged{};
  }
  return Rejudge(store_, *database, now(), options_.jobs);
}

std::shared_ptr<const advisory::Database> Service::database() const {
  const std::lock_guard lock(database_mutex_);
  return database_;
}

base::Result<void> Service::Follow() {
  SCANTLING_TRY(const int64_t counter, store_.ChangeCounter());
  if (counter == followed_) {
    return {};
  }
  view_.reset();
  SCANTLING_DO(fleet_.Refresh(store_));
  followed_ = counter;
  return {};
}

base::Result<void> Service::Read(Millis as_of,
                                 const std::function<base::Result<void>(const View&)>& read) {
  const Millis now = options_.now();
  const auto fresh_enough = [&] {
    return view_ != nullptr && view_change_ == followed_ && now - view_made_ < 60'000;
  };
  SCANTLING_TRY(const int64_t counter, store_.ChangeCounter());
  {
    std::shared_lock lock(mutex_);
    // A view that costs much may lag behind by as much as ten times its cost.
    const bool may_lag = view_ != nullptr && view_cost_ > kQuick &&
                         now - view_made_ < 10 * view_cost_ && now >= view_made_;
    if (fresh_enough() && (counter == followed_ || may_lag)) {
      if (as_of == 0) {
        return read(*view_);
      }
      const View past(fleet_, {as_of, options_.stale_after});
      return read(past);
    }
  }
  {
    const std::unique_lock lock(mutex_);
    SCANTLING_DO(Follow());
    if (!fresh_enough()) {
      const Millis started = options_.now();
      view_ = std::make_unique<View>(fleet_, ViewOptions{started, options_.stale_after});
      view_made_ = started;
      view_cost_ = options_.now() - started;
      view_change_ = followed_;
    }
  }
  std::shared_lock lock(mutex_);
  if (view_ == nullptr) {  // somebody else followed a change in between
    lock.unlock();
    return Read(as_of, read);
  }
  if (as_of == 0) {
    return read(*view_);
  }
  const View past(fleet_, {as_of, options_.stale_after});
  return read(past);
}

base::Result<void> Service::Write(const std::function<base::Result<void>(Change&)>& work) {
  return WriteChange(store_, options_.now(), work);
}

base::Result<Stored> Service::Submit(const Submission& submission) {
  const std::shared_ptr<const advisory::Database> database = this->database();
  if (database == nullptr) {
    return base::Error(base::ErrorCode::kIo, "no advisory database is loaded");
  }
  Stored out;
  SCANTLING_DO(Write([&](Change& change) -> base::Result<void> {
    SCANTLING_TRY(out, StoreInventory(change, submission, *database));
    return {};
  }));
  return out;
}

base::Result<RunningOutcome> Service::Running(const RunningReport& report) {
  RunningOutcome out;
  SCANTLING_DO(Write([&](Change& change) -> base::Result<void> {
    SCANTLING_TRY(out, ApplyRunning(change, report));
    return {};
  }));
  return out;
}

base::Result<model::Report> Service::ReportOf(uint32_t content, const View& view) {
  const std::shared_ptr<const advisory::Database> database = this->database();
  if (database == nullptr) {
    return base::Error(base::ErrorCode::kIo, "no advisory database is loaded");
  }
  model::Report report;
  auto read = store_.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(report, ReadInventory(connection, view.fleet().contents()[content].id));
    return {};
  });
  SCANTLING_DO(std::move(read));
  SCANTLING_TRY(match::MatchResult matched, match::Match(report.inventory, *database));
  report.database = database->Info();
  report.ecosystems = std::move(matched.ecosystems);
  report.findings = std::move(matched.findings);
  for (model::Finding& finding : report.findings) {
    const uint32_t vulnerability = view.fleet().FindVulnerability(finding.id);
    if (vulnerability == kNone) {
      continue;
    }
    const auto component =
        std::find_if(report.inventory.components.begin(), report.inventory.components.end(),
                     [&](const model::Component& one) { return one.ref == finding.component; });
    for (const uint32_t index : view.fleet().vulnerabilities()[vulnerability].matches) {
      const Match& match = view.fleet().matches()[index];
      if (component != report.inventory.components.end() && match.OpenAt(view.as_of()) &&
          view.fleet().components()[match.component].name == component->name &&
          view.Accepted(content, match)) {
        finding.treatment = model::Treatment{};
        finding.treatment->kind = model::TreatmentKind::kAccepted;
        break;
      }
    }
  }
  SCANTLING_DO(rank::RankFindings(report, {}));
  rank::PlanActions(report, {});
  return report;
}

base::Result<std::string> ReadDocument(store::Connection& connection, std::string_view name) {
  std::string body;
  bool found = false;
  const store::Value value = name;
  SCANTLING_DO(connection.Query("SELECT body FROM documents WHERE name = $1", {&value, 1},
                                [&](const store::Row& row) -> base::Result<void> {
                                  body = row.Text(0);
                                  found = true;
                                  return {};
                                }));
  if (!found) {
    return base::NotFound("there is no \"" + std::string(name) + "\" yet");
  }
  return body;
}

base::Result<void> WriteDocument(Change& change, std::string_view name, std::string_view body) {
  const store::Value values[] = {name, body, change.now, change.number};
  SCANTLING_TRY(const uint64_t rows,
                change.connection.Execute(
                    "INSERT INTO documents (name, body, at, changed) VALUES ($1, $2, $3, $4) "
                    "ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at, "
                    "changed = excluded.changed",
                    values));
  static_cast<void>(rows);
  return {};
}

}  // namespace scantling::program
