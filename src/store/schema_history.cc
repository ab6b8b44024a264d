// What makes the folds independent of the order of arrival: whose word a value is and of when.
#include "store/schema.h"

namespace scantling::store {

const std::string_view kSchemaHistory = R"sql(
-- Whose word `base_digest` is (0 nobody's, 1 a build's, 2 the image's own) and of when: the greatest
-- of (base_by, base_at, base_digest) holds. `inventory_key` tells two inventories of one moment
-- (`scanned`) apart: the greater one is kept.
ALTER TABLE contents ADD COLUMN base_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contents ADD COLUMN base_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contents ADD COLUMN inventory_key TEXT NOT NULL DEFAULT '';
UPDATE contents SET base_by = 1, base_at = first_seen WHERE base_digest <> '';

-- A row of `names` is what was told: at `since` the name pointed at `digest`; at nothing when it is
-- "" (then content is 0). `until` is the next telling of that name; one that only says the same again
-- is no edge, but keeps what is told late from reaching past it.
ALTER TABLE names ADD COLUMN digest TEXT NOT NULL DEFAULT '';
UPDATE names SET digest = (SELECT digest FROM contents WHERE contents.id = names.content);
CREATE INDEX names_content ON names (content);
CREATE INDEX digests_content ON digests (content);

-- What was told of an image's scan: at `at` it came into that state. `key` is that of the inventory
-- that tells it, and "~" for a scan of the server's own. The greatest (at, key) up to a moment is the
-- state of that moment; `contents` holds the last. What an older program kept is only the last.
CREATE TABLE scan_states (
  content BIGINT NOT NULL,
  at BIGINT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  changed BIGINT NOT NULL,
  PRIMARY KEY (content, at, key)
);
CREATE INDEX scan_states_changed ON scan_states (changed);
ALTER TABLE contents ADD COLUMN state_key TEXT NOT NULL DEFAULT '';
UPDATE contents SET state_key = '~' WHERE state IN ('queued', 'running', 'failed')
  OR (state = 'unsupported' AND scanned = 0);
UPDATE contents SET state_since = scanned WHERE state_key = '' AND scanned <> 0;
UPDATE contents SET state_since = 0 WHERE state = 'never';
INSERT INTO scan_states (content, at, key, state, detail, changed)
  SELECT id, scanned, '', CASE WHEN state = 'unsupported' THEN state ELSE 'ok' END,
    CASE WHEN state = 'unsupported' THEN detail ELSE '' END, changed
  FROM contents WHERE scanned <> 0 AND state <> 'alias';
INSERT INTO scan_states (content, at, key, state, detail, changed)
  SELECT id, state_since, '~', state, detail, changed FROM contents WHERE state_key = '~';

-- Which of an image's digests is shown: the greatest of (shown_by, shown); shown_by is 0 for that of a
-- configuration, 1 for one that was told, 2 for that of a manifest whose inventory is known.
ALTER TABLE contents ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE contents ADD COLUMN shown_by BIGINT NOT NULL DEFAULT 1;
UPDATE contents SET shown = digest;

-- When a reporter's last snapshots were taken, packed; and the last moment at which a copy was told to
-- be gone (0 = never), beside `ended`, which may be that of a snapshot without it.
CREATE TABLE reporter_snapshots (
  reporter BIGINT NOT NULL PRIMARY KEY,
  times BYTEA NOT NULL
);
ALTER TABLE copies ADD COLUMN gone BIGINT NOT NULL DEFAULT 0;
UPDATE copies SET gone = ended;
)sql";

}  // namespace scantling::store
