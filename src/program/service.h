// The program of one process: the store, the fold that follows it, and the advisory database in
// force. Everything that server/ does goes through here. Thread-safe.
//
// Reading: a View of now is kept and made anew when the fleet has changed; while a view costs more
// than a few milliseconds to make, one may be shown that is older by at most ten times its cost.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "program/decisions.h"
#include "program/documents.h"
#include "program/fleet.h"
#include "program/ingest.h"
#include "program/rejudge.h"
#include "program/running.h"
#include "program/view.h"
#include "store/store.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace scantling::program {

struct ServiceOptions {
  std::function<Millis()> now;
  unsigned jobs = 2;  // threads of re-judging
  Millis stale_after = 14 * kMillisPerDay;
};

class Service {
 public:
  // The store is borrowed and outlives it.
  Service(store::Store& store, ServiceOptions options);

  store::Store& store() { return store_; }
  Millis now() const { return options_.now(); }

  // The database in force. `judge` = hold everything that is stored against it (what is needed
  // when it is not the one that the store was judged by).
  base::Result<Judged> UseDatabase(std::shared_ptr<const advisory::Database> database);
  std::shared_ptr<const advisory::Database> database() const;

  // as_of 0 = now. The view lives until `read` returns.
  base::Result<void> Read(Millis as_of, const std::function<base::Result<void>(const View&)>& read);

  base::Result<Stored> Submit(const Submission& submission, const Teller& teller = {});
  base::Result<RunningOutcome> Running(const RunningReport& report, const Teller& teller = {});
  // Any other serial write.
  base::Result<void> Write(const std::function<base::Result<void>(Change&)>& work);

  // The whole report of an image as of now: inventory, findings with priorities, actions.
  base::Result<model::Report> ReportOf(uint32_t content, const View& view);

 private:
  base::Result<void> Follow();  // refreshes the fleet when the store has changed

  store::Store& store_;
  ServiceOptions options_;
  mutable std::mutex database_mutex_;
  std::shared_ptr<const advisory::Database> database_;
  std::shared_mutex mutex_;  // of the fleet and the view below
  Fleet fleet_;
  int64_t followed_ = -1;  // change counter that the fleet has seen
  std::unique_ptr<View> view_;
  Millis view_made_ = 0;
  Millis view_cost_ = 0;
  int64_t view_change_ = -1;
};

}  // namespace scantling::program
