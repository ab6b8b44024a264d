// Watched registries (program/watches.h): what is looked at, and what became of the last look.
#include "store/schema.h"

namespace scantling::store {

const std::string_view kSchemaWatches = R"sql(
-- `repositories`: a JSON list of patterns; `credentials`: the name of a file on the server. `hook` is the
-- secret of the address that the registry tells pushes to: a signature is checked with it, so it is kept
-- as it is; all that it allows is to have a tag of this registry looked at. Times are milliseconds, 0 = never.
CREATE TABLE watches (
  id BIGINT NOT NULL PRIMARY KEY,
  registry TEXT NOT NULL,
  repositories TEXT NOT NULL,
  tags TEXT NOT NULL,
  newest BIGINT NOT NULL,
  interval_ms BIGINT NOT NULL,
  platform TEXT NOT NULL,
  credentials TEXT NOT NULL,
  insecure BIGINT NOT NULL,
  enabled BIGINT NOT NULL,
  created BIGINT NOT NULL,
  hook TEXT NOT NULL,
  heard BIGINT NOT NULL,
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  checked BIGINT NOT NULL,
  succeeded BIGINT NOT NULL,
  next BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  seen_repositories BIGINT NOT NULL,
  seen_tags BIGINT NOT NULL
);
)sql";

}  // namespace scantling::store
