// Inside of the room: the logical lines of a Dockerfile: comments away, continued lines joined,
// heredocs taken along.
#pragma once

#include "base/result.h"
#include "codec/dockerfile.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::codec {

struct DockerfileLine {
  std::string text;  // joined, without heredocs
  std::string raw;   // all as written
  int32_t first_line = 0;
  int32_t last_line = 0;
  std::vector<DockerfileHeredoc> heredocs;
};

struct DockerfileLines {
  std::string syntax;
  char escape = '\\';
  std::vector<DockerfileLine> lines;
};

base::Result<DockerfileLines> SplitDockerfile(std::string_view text);

}  // namespace scantling::codec
