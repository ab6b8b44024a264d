// Component versions against the advisory database: what is stored is once per (component version,
// vulnerability), so a new database touches the versions that it names and no image.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "program/events.h"

#include <cstdint>
#include <string>
#include <vector>

namespace scantling::program {

struct Judged {
  uint64_t versions = 0;  // component versions that were matched
  uint64_t opened = 0;
  uint64_t closed = 0;
  uint64_t updated = 0;  // a fix came, a severity changed
};

// Matches component versions that are new here; causes "scanned".
base::Result<Judged> JudgeVersions(Change& change, const std::vector<int64_t>& ids,
                                   const advisory::Database& database);

// All of them, against a database that may be new. Opened, closed and changed matches are events
// with their cause: "new advisory", "advisory changed", "withdrawn". With up to `jobs` threads.
// Matching happens before the transaction, so that others write meanwhile; versions that appear in
// between are matched in it.
base::Result<Judged> Rejudge(store::Store& store, const advisory::Database& database, Millis now,
                             unsigned jobs);

// What the store was judged by last, in words, when its newest source is newer than the database's;
// else "".
base::Result<std::string> NewerAdvisories(store::Store& store, const advisory::Database& database);

}  // namespace scantling::program
