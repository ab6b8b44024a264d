// History: one line of JSON for every run, scantling.history/1, in files DIR/2026-01.jsonl
// (docs/formats/policy.md). A line has what rules need of a report, and what was decided, so that a
// policy can be tried on what was (replay.h).
//
// Not kept: components without findings, files, actions, advisories' ranges, how things matched.
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "model/report.h"
#include "policy/rules/variables.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::policy {

inline constexpr std::string_view kHistorySchema = "scantling.history/1";
inline constexpr uint64_t kMaxHistoryLine = uint64_t{64} << 20;

// The line of one run, with its '\n'. Write it with one write() to a file that is open with
// O_APPEND. The verdict in it is report.verdict.
std::string HistoryLine(const model::Report& report, const RunFacts& facts);

struct HistoryEntry {
  std::string where;       // "history/2026-01.jsonl:12"
  std::string repository;  // of the image's name; its source where it has no name
  // Lean: findings with what conditions may ask, the components that have some, layers, verdict.
  model::Report report;
  // Environment, team, exposure, the run's time, counts of what is not kept.
  RunFacts facts;
  std::vector<std::string> first_seen;  // of each finding: date or ""
};

// A whole report as an entry, for who keeps scantling.report/1 files. `when`: of the run; -1: when
// the image was made.
HistoryEntry EntryFromReport(model::Report report, std::string where, base::Seconds when);

// Points entry.facts.first_seen into entry.first_seen. The entry must stay where it is.
void BindFirstSeen(HistoryEntry& entry);

// Reads lines; keeps its buffers. Thread-compatible: one for each thread.
class HistoryReader {
 public:
  // The error does not name `where`.
  base::Result<HistoryEntry> Read(std::string_view line, std::string where);

 private:
  codec::Json json_;
};

// The date alone, for leaving lines out without reading them; nullopt when the line does not begin
// as HistoryLine() writes it.
std::optional<base::Seconds> DateOfLine(std::string_view line);

// The files of a history's folder, sorted by name; only NAME.jsonl. An error when there is no such
// folder.
base::Result<std::vector<std::string>> HistoryFiles(const std::string& folder);

}  // namespace scantling::policy
