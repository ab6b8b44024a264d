// The truth: what happened, append-only. All else in the store is folded out of it in the same
// transaction, and carries the number of the change that wrote it.
//
// An event's id makes its arrival idempotent; events may arrive late and in any order. Kinds:
// image_scanned, image_built, image_deployed, copy_seen, copy_gone, match_opened, match_closed,
// match_fixable, decision, advisories_loaded, scan_failed. Bodies are JSON objects
// (docs/formats/events.md).
#pragma once

#include "base/result.h"
#include "program/types.h"
#include "store/store.h"

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct Event {
  int64_t seq = 0;  // of its arrival
  std::string id;
  std::string kind;
  Millis at = 0;        // when it happened
  Millis recorded = 0;  // when it was told
  std::string subject;  // a digest, a copy's uid, a vulnerability's id, ...
  std::string body = "{}";
};

// Who tells (claims.h).
struct Teller {
  bool trusted = true;                        // sees everything
  std::vector<std::string> owners;            // else: theirs; sorted
  std::set<std::string, std::less<>> theirs;  // digests that the rules give them
};

// One serial write in progress: its connection, its number, its moment, and who tells.
struct Change {
  store::Connection& connection;
  int64_t number = 0;
  Millis now = 0;
  Teller teller = {};
};

// A moment that others tell: 0 (none told) and what lies more than five minutes ahead are the
// present, so that a wrong clock elsewhere does not hold up what comes after it until its date.
Millis NotAhead(Millis told, Millis now);

// Runs `work` in one serial transaction with the next number.
base::Result<void> WriteChange(store::Store& store, Millis now,
                               const std::function<base::Result<void>(Change&)>& work);

// False: an event with that id is there already, and nothing is to be folded.
base::Result<bool> Append(Change& change, const Event& event);
// The same where nothing depends on it.
base::Result<void> Tell(Change& change, const Event& event);

// Many at once, in their order; those that are there already are left out.
base::Result<void> TellAll(Change& change, const std::vector<Event>& events);

// A statement of which the number of rows does not matter.
base::Result<void> Run(Change& change, std::string_view sql, std::span<const store::Value> values);

struct EventQuery {
  std::string subject;  // "" any
  std::string kind;     // "" any
  Millis since = 0;     // at >= since
  Millis until = 0;     // at < until; 0 = no end
  int64_t before = 0;   // seq below; 0 = from the newest
  int64_t limit = 100;
};
// Newest first, by seq.
base::Result<void> ReadEvents(store::Connection& connection, const EventQuery& query,
                              const std::function<base::Result<void>(const Event&)>& visit);

// The SQL of "column is one of the texts of the JSON array $1", and such an array.
std::string InJsonArray(store::Dialect dialect, std::string_view column);
std::string JsonArray(const std::vector<std::string_view>& texts);

}  // namespace scantling::program
