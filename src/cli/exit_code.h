// The exit codes of the program; docs/cli.md. A crash is never kThresholdMet: see main.cc.
#pragma once

namespace scantling::cli {

enum ExitCode : int {
  kDone = 0,
  kThresholdMet = 1,  // --fail-on, or a policy stops; also: a check that found something wrong
  kUsageError = 2,    // the command line, the environment or a configuration file is wrong
  kNotCompleted = 3,  // the scan (or another command) could not be completed
  kGapsFound =
      4,  // completed, with coverage gaps, and --fail-on-gaps; kThresholdMet goes before it
};

}  // namespace scantling::cli
