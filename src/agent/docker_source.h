// podman's and Docker's REST socket as a source: the events tell what starts and ends, and a whole
// list every interval puts right whatever they missed.
#pragma once

#include "agent/source.h"
#include "net/http_client.h"

#include <chrono>
#include <memory>
#include <string>

namespace scantling::agent {

struct DockerOptions {
  std::string socket;
  std::string node;                          // this host's name
  std::chrono::milliseconds relist{60'000};  // between two whole lists
};

// Borrows the client and the world.
std::unique_ptr<Source> DockerSource(const net::HttpClient& client, const World& world,
                                     DockerOptions options);

}  // namespace scantling::agent
