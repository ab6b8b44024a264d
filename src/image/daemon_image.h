// An image of Docker or podman on this machine, as their sockets give it: an archive that passes
// by. https://docs.docker.com/reference/api/engine/ (GET /images/{name}/get), which podman has too.
// Not handled: TCP addresses and TLS of a remote daemon.
#pragma once

#include "base/result.h"
#include "image/source.h"

#include <memory>
#include <string>

namespace scantling::image {

// `name`: as "docker images" or "podman images" has it. options.daemon_socket is the path.
base::Result<std::unique_ptr<ImageHandle>> OpenDaemonImage(const std::string& name,
                                                           const std::string& source,
                                                           const OpenOptions& options);

}  // namespace scantling::image
