// The store in a PostgreSQL database, by libpq. Inside the room only.
#pragma once

#include "base/result.h"
#include "store/schema.h"
#include "store/store.h"

#include <memory>
#include <span>

namespace scantling::store {

base::Result<std::unique_ptr<Store>> OpenPostgres(const StoreOptions& options,
                                                  std::span<const Migration> migrations);

}  // namespace scantling::store
