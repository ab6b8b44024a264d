#include "program/service.h"

#include "rank/matched_report.h"
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
    // A view of the future is none: the clock has gone back.
    return view_ != nullptr && view_change_ == followed_ && now >= view_made_ &&
           now - view_made_ < 60'000 && now < view_->next();
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

base::Result<Stored> Service::Submit(const Submission& submission, const Teller& teller) {
  const std::shared_ptr<const advisory::Database> database = this->database();
  if (database == nullptr) {
    return base::Error(base::ErrorCode::kIo, "no advisory database is loaded");
  }
  Stored out;
  SCANTLING_DO(Write([&](Change& change) -> base::Result<void> {
    change.teller = teller;
    SCANTLING_TRY(out, StoreInventory(change, submission, *database));
    return {};
  }));
  return out;
}

base::Result<RunningOutcome> Service::Running(const RunningReport& report, const Teller& teller) {
  RunningOutcome out;
  SCANTLING_DO(Write([&](Change& change) -> base::Result<void> {
    change.teller = teller;
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
  model::Report stored;
  auto read = store_.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(stored, ReadInventory(connection, view.fleet().contents()[content].id));
    return {};
  });
  SCANTLING_DO(std::move(read));
  SCANTLING_TRY(model::Report report,
                rank::MatchedReport(std::move(stored.inventory), *database, options_.jobs));
  std::sort(report.inventory.diagnostics.begin(), report.inventory.diagnostics.end());
  std::unordered_map<std::string_view, std::string_view> names;  // ref -> name of the component
  for (const model::Component& component : report.inventory.components) {
    names.emplace(component.ref, component.name);
  }
  for (model::Finding& finding : report.findings) {
    if (view.Accepted(content, finding.id, names[finding.component])) {
      finding.treatment.emplace().kind = model::TreatmentKind::kAccepted;
    }
  }
  rank::RankOptions options;
  options.jobs = options_.jobs;
  options.known_holes = rank::HolesOf(*database);
  // What the scan found out about the base stands: it may have had more to go by.
  const bool based = stored.base_layers >= 0 && static_cast<size_t>(stored.base_layers) <=
                                                    report.inventory.image.layers.size();
  if (based) {
    options.base = std::to_string(stored.base_layers);
  }
  SCANTLING_DO(rank::RankFindings(report, options));
  if (based) {
    report.base_name = std::move(stored.base_name);
    report.base_known_by = std::move(stored.base_known_by);
  }
  rank::PlanActions(report, options);
  return report;
}

}  // namespace scantling::program
