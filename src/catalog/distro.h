// Which distribution an image is, and the name under which advisories speak of it.
#pragma once

#include "catalog/assemble.h"
#include "image/merged_tree.h"
#include "model/inventory.h"

#include <string>
#include <vector>

namespace scantling::catalog {

struct DistroFacts {
  model::Distro distro;
  std::string name_space;  // "debian:12", "alpine:v3.18", "almalinux:9", "ubuntu:22.04"; "" unknown
};

// etc/os-release as the container sees it, else usr/lib/os-release. Alpine's stream comes from the
// package repositories first: an image may follow "edge" while its os-release names a release.
DistroFacts FindDistro(const image::MergedTree& tree, const std::vector<VisibleFile>& files);

// "debian" + "12.7" -> "debian:12"; exposed for tests.
std::string AdvisoryNamespace(const model::Distro& distro,
                              const std::vector<std::string>& apk_repositories);

}  // namespace scantling::catalog
