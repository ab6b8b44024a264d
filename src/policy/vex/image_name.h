// The parts of an image's name, for scopes and for statements about images:
// [registry/]repository[:tag][@digest], https://github.com/distribution/reference
//
// Docker's short names are made long, so that "debian" and "docker.io/library/debian" are one.
#pragma once

#include <string>
#include <string_view>

namespace scantling::policy {

struct ImageName {
  std::string repository;  // with its registry: "docker.io/library/debian"; "" no name known
  std::string tag;         // "latest" where the name has neither tag nor digest
  std::string digest;      // "sha256:..." or ""
};

ImageName ParseImageName(std::string_view reference);

// "debian" -> "docker.io/library/debian"; a pattern with '*' gets its registry in the same way.
std::string LongRepository(std::string_view repository);

}  // namespace scantling::policy
