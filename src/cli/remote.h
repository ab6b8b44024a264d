// Images that are not files: what the environment says of registries, and where Docker's and
// podman's sockets are.
#pragma once

#include "cli/settings.h"
#include "image/registry/client.h"

#include <string>
#include <string_view>

namespace scantling::cli {

// Logins are read from where docker, podman and skopeo write them: REGISTRY_AUTH_FILE alone where
// it is set; else podman's auth.json and docker's config.json (DOCKER_CONFIG).
image::registry::Options RegistryOptions(const Settings& settings);

// Of "podman:NAME" or "docker-daemon:NAME": CONTAINER_HOST or DOCKER_HOST where they name a unix
// socket, else the first of the usual places; "" = none.
std::string DaemonSocket(std::string_view source);

}  // namespace scantling::cli
