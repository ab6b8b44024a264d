// What a report begins with, for whoever judges an inventory: the scan on the command line and the
// server's page of one image are made by the same two calls, so that they say the same.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "model/report.h"
#include "rank/rank.h"

namespace scantling::rank {

// Inventory, findings (not ranked yet), coverage, the database's sources and the end of life of the
// distribution. Diagnostics are the inventory's and matching's, not sorted.
base::Result<model::Report> MatchedReport(model::Inventory inventory,
                                          const advisory::Database& database, unsigned jobs);

// RankOptions::known_holes by that database, which outlives it.
KnownHoles HolesOf(const advisory::Database& database);

}  // namespace scantling::rank
