// Runs another program in a test (an oracle, our own binary) with posix_spawn: no shell, no
// environment tricks. Input is fed and both outputs are read at once, so neither side can block the
// other. The child is killed when the deadline passes. Tests only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scantling::testing {

struct ProcessResult {
  int exit = -1;  // exit code; 128 + signal when killed; 127 when it could not be started
  std::string stdout_text;
  std::string stderr_text;
};

// argv[0] is looked up in PATH. `environment` entries ("NAME=value") are added to ours, which
// loses what begins with SCANTLING_.
ProcessResult Run(const std::vector<std::string>& argv, std::string_view input = {},
                  const std::vector<std::string>& environment = {}, int timeout_seconds = 120);

// Is there such a program in PATH?
bool HaveProgram(std::string_view name);

}  // namespace scantling::testing
