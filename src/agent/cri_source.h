// containerd (or CRI-O) by its CRI socket as a source. The interface of containerd 1.6 has no
// events, so the list is asked for every few seconds: what lived shorter than that is not seen.
// Seen are the containers of Kubernetes' own namespace, which is what CRI shows; what "ctr" or
// nerdctl start in others is not.
#pragma once

#include "agent/source.h"
#include "net/http_client.h"

#include <chrono>
#include <memory>
#include <string>

namespace scantling::agent {

struct CriOptions {
  std::string socket;
  std::string node;
  std::chrono::milliseconds poll{5'000};
};

// Borrows the client and the world.
std::unique_ptr<Source> CriSource(const net::HttpClient& client, const World& world,
                                  CriOptions options);

}  // namespace scantling::agent
