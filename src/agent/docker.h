// The JSON of the Docker Engine API (https://docs.docker.com/reference/api/engine/), which podman's
// REST service speaks too (https://docs.podman.io/en/latest/_static/api.html, "compat").
//
// Borrowed values: parsed text must outlive them. Not handled: Swarm's services and tasks, other
// than by their labels.
#pragma once

#include "agent/copy.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::agent {

// GET /containers/json: the ids of those that are there now, at most 200,000.
base::Result<std::vector<std::string>> ParseContainerIds(std::string_view json);

// GET /containers/ID/json. The digest is not yet known: `image_id` is "sha256:..." of the
// configuration. nullopt: it does not run.
base::Result<std::optional<Copy>> ParseContainer(std::string_view json);

// GET /images/ID/json: the manifest's digest as the registry of `reference` knows it, else as any
// other does; "" when the image was never in one.
base::Result<std::string> ParseImageDigest(std::string_view json, std::string_view reference);

// A line of GET /events.
struct ContainerEvent {
  enum class Kind : uint8_t { kOther, kStarted, kEnded };
  Kind kind = Kind::kOther;
  std::string id;
  Millis at = 0;  // 0 = not told
};
base::Result<ContainerEvent> ParseContainerEvent(std::string_view json);

// What the labels of compose, Swarm and quadlets say of the workload; else "container" and its
// name.
void NameWorkload(Copy& copy);

}  // namespace scantling::agent
