// Tables of the store itself: counters (the numbers of NextIds; "change" counts the serial writes)
// and the queue of jobs.h.
#include "store/schema.h"

namespace scantling::store {

const std::string_view kSchemaJobs = R"sql(
CREATE TABLE counters (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('change', 0);

-- state: 0 queued, 1 running, 2 done, 3 failed.
CREATE TABLE jobs (
  id BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  payload TEXT NOT NULL,
  priority BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  state BIGINT NOT NULL,
  worker TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  error TEXT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE UNIQUE INDEX jobs_open ON jobs (kind, key) WHERE state < 2;
CREATE INDEX jobs_next ON jobs (kind, state, priority, id);
CREATE INDEX jobs_ended ON jobs (state, changed);
)sql";

}  // namespace scantling::store
