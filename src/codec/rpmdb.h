// rpm's package database, in its three formats, from bytes in memory: SQLite (rpmdb.sqlite, since
// rpm 4.16), ndb (Packages.db, SUSE) and Berkeley DB hash (Packages, before). Each gives the header
// blobs of the installed packages.
//
// https://www.sqlite.org/fileformat2.html ; rpm's lib/backend/ndb/rpmpkg.c (ndb has no other
// specification); Berkeley DB's dbinc/db_page.h (hash and overflow pages). All three are our own
// readers: nothing is copied but what is scattered over pages, and a damaged part costs only
// itself. Not handled: SQLite's write-ahead log (the caller sees one file; a database in that mode
// is read without it), encrypted Berkeley databases, duplicates in them (rpm makes none), the index
// tables.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

enum class RpmDbFormat : uint8_t { kSqlite, kNdb, kBerkeleyDb };
std::string_view ToString(RpmDbFormat format);  // "sqlite", "ndb", "bdb"

// By the first bytes; nullopt: none of the three.
std::optional<RpmDbFormat> DetectRpmDb(base::Bytes data);

struct RpmDbSummary {
  RpmDbFormat format = RpmDbFormat::kSqlite;
  uint64_t headers = 0;
  std::vector<std::string> problems;  // parts that could not be read; the first few
  uint64_t problem_count = 0;

  void AddProblem(std::string text);
};

// Calls `visit` with each header blob, in the order of the file; the bytes are valid during the
// call only. An error: not a database at all, or nothing of it can be found. Damage inside is in
// `problems`.
base::Result<RpmDbSummary> ReadRpmDb(base::Bytes data, const base::Limits& limits,
                                     const std::function<void(base::Bytes header)>& visit);

// The three readers; ReadRpmDb picks one by the magic. Each fills `summary`.
using RpmDbVisit = std::function<void(base::Bytes header)>;
base::Result<void> ReadRpmSqlite(base::Bytes data, const base::Limits& limits,
                                 RpmDbSummary& summary, const RpmDbVisit& visit);
base::Result<void> ReadRpmNdb(base::Bytes data, const base::Limits& limits, RpmDbSummary& summary,
                              const RpmDbVisit& visit);
base::Result<void> ReadRpmBerkeleyDb(base::Bytes data, const base::Limits& limits,
                                     RpmDbSummary& summary, const RpmDbVisit& visit);

}  // namespace scantling::codec
