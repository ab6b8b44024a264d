// What registries tell when something was pushed or deleted, in the five forms that there are:
//
// - distribution: https://distribution.github.io/distribution/about/notifications
// - Harbor:
// https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks,
//   its own form and CloudEvents
// - Docker Hub: https://docs.docker.com/docker-hub/repos/manage/webhooks
// - GitHub's registry: the events "registry_package" and "package",
//   https://docs.github.com/en/webhooks/webhook-events-and-payloads#registry_package
// - Quay:
// https://docs.redhat.com/en/documentation/red_hat_quay/3.4/html/use_red_hat_quay/repository_notifications
//
// Nothing in an event is believed but that some tag of some repository is worth a look: the host is
// not read, and the digest of what was deleted only says which tags to look at. Distribution and
// Harbor tell of deletions, the others do not. Pulls, layers and test messages are events without
// either. Errors: kInvalid for what is none of these, kLimit for too much.
#pragma once

#include "base/result.h"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct RegistryPush {
  std::string repository;  // "team/shop", as the registry names it
  std::string tag;
  auto operator<=>(const RegistryPush&) const = default;
};

struct RegistryDeletion {
  std::string repository;
  std::string tag;     // "" = not told
  std::string digest;  // "" = not told
  auto operator<=>(const RegistryDeletion&) const = default;
};

struct RegistryEvent {
  std::string_view form;  // "distribution", "harbor", "docker_hub", "github", "quay"
  // Sorted, each once; names that are none are left out.
  std::vector<RegistryPush> pushes;
  std::vector<RegistryDeletion> deletions;
};

inline constexpr size_t kMaxRegistryEventBytes = 1 << 20;

base::Result<RegistryEvent> ParseRegistryEvent(std::string_view body);

}  // namespace scantling::program
