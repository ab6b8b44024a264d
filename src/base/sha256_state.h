// What is inside a Sha256: for the two files that hash.
#pragma once

#include "base/digest.h"

#include <openssl/sha.h>

namespace scantling::base {

struct Sha256::State {
  SHA256_CTX context;
};

}  // namespace scantling::base
