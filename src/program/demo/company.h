// The demonstration company, demo.example: 400 images, 6,000 running copies in four clusters and on
// twelve hosts, and what happened in its last 90 days: builds, deployments, rollouts, advisories
// that came out, decisions, a host that fell silent, images that nobody scanned.
//
// It is told as a real company tells it, through the functions that take in real data (ingest,
// running, builds, decisions, re-judging), by a clock that goes through the 90 days. Everything is
// made of numbers: the same end gives the same store.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "program/types.h"
#include "store/store.h"

#include <memory>

namespace scantling::program::demo {

inline constexpr int kImages = 400;
inline constexpr int kCopies = 6'000;
inline constexpr int kDays = 90;

// Fills an empty store up to `end`. The advisories in force at the end are those of
// MakeAdvisories(end, 0), or the user's own, which come ten days before.
base::Result<void> FillCompany(store::Store& store, Millis end,
                               std::shared_ptr<const advisory::Database> maybe_own);

}  // namespace scantling::program::demo
