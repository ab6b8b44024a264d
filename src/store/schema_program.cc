// Tables of the room `program`: the events, which are the truth, and what is folded out of them.
//
// Every row that a reader follows carries `changed`, the number of the serial write that wrote it
// (Store::ChangeCounter): a reader asks for what is above the number that it has seen. Times are
// milliseconds; 0 = unknown, for `until`/`ended`/`closed` = not yet.
#include "store/schema.h"

namespace scantling::store {

const std::string_view kSchemaProgram = R"sql(
-- What happened, in the order of arrival. `id` makes an arrival idempotent; `at` is when it happened,
-- `recorded` when it was told; `subject` is what it is about.
CREATE TABLE events (
  seq BIGINT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  recorded BIGINT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX events_subject ON events (subject, at);
CREATE INDEX events_kind ON events (kind, seq);

-- An image's content, once, by digest. A row is made when the digest is first heard of; `state` is
-- of the last scan: never, queued, running, ok, failed, unsupported.
CREATE TABLE contents (
  id BIGINT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  state_since BIGINT NOT NULL,
  scanned BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  created BIGINT NOT NULL,
  platform TEXT NOT NULL,
  distro TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  layers BIGINT NOT NULL,
  base_name TEXT NOT NULL,
  base_digest TEXT NOT NULL,
  labels TEXT NOT NULL,
  skipped BIGINT NOT NULL,
  components BYTEA,
  base_layers BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE INDEX contents_changed ON contents (changed);
-- Beside it, so that following the rows above reads little: the whole inventory, packed.
CREATE TABLE inventories (
  content BIGINT NOT NULL PRIMARY KEY,
  document BYTEA NOT NULL
);
-- Other digests of the same content: of the configuration, of an index.
CREATE TABLE digests (
  digest TEXT NOT NULL PRIMARY KEY,
  content BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE INDEX digests_changed ON digests (changed);

-- A component version as matching sees it: equal in all that a verdict depends on.
CREATE TABLE components (
  id BIGINT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  owner BIGINT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  purl TEXT NOT NULL,
  name_space TEXT NOT NULL,
  body TEXT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE INDEX components_changed ON components (changed);

-- A name is an edge in time to a content.
CREATE TABLE names (
  repository TEXT NOT NULL,
  tag TEXT NOT NULL,
  content BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  PRIMARY KEY (repository, tag, since)
);
CREATE INDEX names_changed ON names (changed);

CREATE TABLE reporters (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  cluster TEXT NOT NULL,
  interval_ms BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
-- When a reporter was heard from without a break.
CREATE TABLE reporter_spans (
  reporter BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  PRIMARY KEY (reporter, since)
);
CREATE INDEX reporter_spans_changed ON reporter_spans (changed);

-- A running copy is an edge in time to a digest.
CREATE TABLE copies (
  id BIGINT NOT NULL PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  reporter BIGINT NOT NULL,
  digest TEXT NOT NULL,
  reference TEXT NOT NULL,
  environment TEXT NOT NULL,
  cluster TEXT NOT NULL,
  namespace TEXT NOT NULL,
  workload_kind TEXT NOT NULL,
  workload TEXT NOT NULL,
  pod TEXT NOT NULL,
  container TEXT NOT NULL,
  kind TEXT NOT NULL,
  node TEXT NOT NULL,
  labels TEXT NOT NULL,
  started BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  ended BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE INDEX copies_changed ON copies (changed);
CREATE INDEX copies_reporter ON copies (reporter, ended);

CREATE TABLE vulnerabilities (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  aliases TEXT NOT NULL,
  summary TEXT NOT NULL,
  level BIGINT NOT NULL,
  score DOUBLE PRECISION NOT NULL,
  epss DOUBLE PRECISION NOT NULL,
  epss_percentile DOUBLE PRECISION NOT NULL,
  kev_added BIGINT NOT NULL,
  kev_due BIGINT NOT NULL,
  exploit BIGINT NOT NULL,
  published BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE INDEX vulnerabilities_changed ON vulnerabilities (changed);

-- A finding is stored once per component version and vulnerability; images and copies join.
CREATE TABLE matches (
  component BIGINT NOT NULL,
  vulnerability BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  open_cause TEXT NOT NULL,
  close_cause TEXT NOT NULL,
  level BIGINT NOT NULL,
  score DOUBLE PRECISION NOT NULL,
  fix_state BIGINT NOT NULL,
  fix_since BIGINT NOT NULL,
  fixed_versions TEXT NOT NULL,
  body TEXT NOT NULL,
  changed BIGINT NOT NULL,
  PRIMARY KEY (component, vulnerability, opened)
);
CREATE INDEX matches_changed ON matches (changed);

-- What people decided about findings: acknowledged, accepted, assigned.
CREATE TABLE decisions (
  id BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  vulnerability TEXT NOT NULL,
  component TEXT NOT NULL,
  repository TEXT NOT NULL,
  owner TEXT NOT NULL,
  author TEXT NOT NULL,
  approver TEXT NOT NULL,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  ended BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
CREATE INDEX decisions_changed ON decisions (changed);

-- Documents of which the last one holds: "owners", "advisories", "channels", "registries", "views/NAME".
CREATE TABLE documents (
  name TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  changed BIGINT NOT NULL
);
)sql";

}  // namespace scantling::store
