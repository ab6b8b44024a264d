// Inside of the room: which bottom layers are the base image, and how that is known. In this order:
// --base; the comment that buildah leaves ("FROM image"); the last CMD or ENTRYPOINT that further
// layers follow; a first layer that brought the system's package database. The annotations
// org.opencontainers.image.base.* name the base; they do not count its layers.
//
// Not handled: finding the base by known layer chains, which needs a list of images.
#pragma once

#include "base/result.h"
#include "model/inventory.h"

#include <cstdint>
#include <string>

namespace scantling::rank {

struct Base {
  int32_t layers = -1;  // -1 unknown
  std::string name;
  std::string known_by;  // in words; "" = nothing told
};

// An error (kUsage) when `hint` asks for more layers than there are.
base::Result<Base> FindBase(const model::Inventory& inventory, const std::string& hint);

}  // namespace scantling::rank
