// An image in a registry as an opened image: manifest and configuration are fetched at once, layers
// stream when they are read. See image/source.h.
#pragma once

#include "base/result.h"
#include "image/registry/client.h"
#include "image/source.h"

#include <memory>
#include <string>

namespace scantling::image::registry {

// `client` outlives the image.
base::Result<std::unique_ptr<ImageHandle>> OpenRegistryImage(const Client& client,
                                                             const std::string& reference,
                                                             const OpenOptions& options);

}  // namespace scantling::image::registry
