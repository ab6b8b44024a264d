// The schema, as migrations that go forward only. Each owner of tables has a file of its own,
// schema_*.cc; schema.cc lists them in order. Once released, a migration is never edited: a change
// is a new one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace scantling::store {

struct Migration {
  int64_t version;  // 1, 2, ... without gaps
  std::string_view name;
  std::string_view sql;  // statements that SQLite and PostgreSQL both take
};

std::span<const Migration> Migrations();

extern const std::string_view kSchemaJobs;     // schema_jobs.cc: jobs, counters
extern const std::string_view kSchemaProgram;  // schema_program.cc: events and their folds
extern const std::string_view kSchemaAccess;   // schema_access.cc: users, sessions, tokens, audit

}  // namespace scantling::store
