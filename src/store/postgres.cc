// The store in a PostgreSQL database: being written.
#include "store/postgres.h"

namespace scantling::store {

base::Result<std::unique_ptr<Store>> OpenPostgres(const StoreOptions&, std::span<const Migration>) {
  return base::Unsupported("PostgreSQL is not there yet");
}

}  // namespace scantling::store
