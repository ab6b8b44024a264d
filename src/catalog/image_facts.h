// What a scan found in an image, kept under the chain of its layers, so that a second scan of the
// same layers does not even merge them. A function of the layers alone: nothing of the manifest or
// the configuration is in it.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "model/inventory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace scantling::catalog {

struct ImageFacts {
  model::Distro distro;
  std::vector<uint64_t> stored_bytes;  // per layer
  std::vector<model::Component> components;
  model::Coverage coverage;
  std::vector<model::Diagnostic> diagnostics;
};

std::string SerializeImageFacts(const ImageFacts& facts);
// Damaged or hostile bytes give an error, never a crash.
base::Result<ImageFacts> ParseImageFacts(base::Bytes bytes);

}  // namespace scantling::catalog
