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
)sql";

}  // namespace scantling::store
