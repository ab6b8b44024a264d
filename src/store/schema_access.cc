// Tables of who may do what: users, sessions, tokens, audit.
#include "store/schema.h"

namespace scantling::store {

const std::string_view kSchemaAccess = R"sql(
-- Nothing yet.
)sql";

}  // namespace scantling::store
