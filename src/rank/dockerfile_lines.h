// Which instruction of a Dockerfile made which layer, by the image's history; and what the
// Dockerfile says of the base image.
//
// History (https://github.com/opencontainers/image-spec/blob/main/config.md) is read as docker's
// old builder, BuildKit and buildah write it. Texts are aligned from the end; a layer whose entry
// has no counterpart, or that holds several instructions, keeps line 0 and a note says so. Layers
// of the base have the line of FROM, once every instruction was found. Not handled: a Dockerfile
// whose lines were moved about since the build (what no longer lies in order is not found).
#pragma once

#include "base/result.h"
#include "codec/dockerfile.h"
#include "model/inventory.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::rank {

struct DockerfileFacts {
  std::string path;
  int32_t from_line = 0;      // of the FROM that names the image
  std::string from;           // that image, expanded; "" when a variable in it has no known value
  bool scratch = false;       // FROM scratch
  int32_t base_layers = -1;   // below the first instruction; -1 unless every instruction was found
  int32_t mapped_layers = 0;  // layers that have a line now, the base's left out
  // None of its instructions is in the history: it is of another image, and its FROM tells nothing.
  bool foreign = false;
  std::vector<std::string> notes;  // what could not be mapped, in words
};

// Sets image.dockerfile and image.layers[].line. An error (kNotFound) when there is no stage
// `target`; "" is the last one.
base::Result<DockerfileFacts> MapDockerfile(const codec::Dockerfile& dockerfile,
                                            std::string_view path, std::string_view target,
                                            model::Image& image);

}  // namespace scantling::rank
