// Inside of the room: which bottom layers are the base image, and how surely that is known.
//
// What says how many layers it has, in this order: --base; a Dockerfile of which every instruction
// was found in the history; the longest known image whose layers these are; the comment that
// buildah leaves ("FROM image"); the last CMD or ENTRYPOINT that further layers follow; a first
// layer that brought the system's package database. --base and the annotations
// org.opencontainers.image.base.* name it. `known_by` begins with "certain: ", "likely: " or
// "guess: ", and says which ways agree and which do not.
#pragma once

#include "base/result.h"
#include "model/inventory.h"

#include <cstdint>
#include <string>

namespace scantling::rank {

class BaseIndex;
struct DockerfileFacts;

struct Base {
  int32_t layers = -1;  // -1 unknown
  std::string name;
  std::string known_by;  // in words; "" = nothing told
};

// What may be known beside the image; each may be absent.
struct BaseSources {
  std::string hint = {};  // --base: a reference, a digest, or a number of layers
  const BaseIndex* maybe_known_images = nullptr;
  const DockerfileFacts* maybe_dockerfile = nullptr;
};

// An error (kUsage) when the hint asks for more layers than there are.
base::Result<Base> FindBase(const model::Inventory& inventory, const BaseSources& sources);

}  // namespace scantling::rank
