// Inside of the room: what `server`, `server demo` and `worker` share (cmd_server.cc).
#pragma once

#include "base/result.h"
#include "cli/settings.h"
#include "server/program_server.h"

#include <cstdint>
#include <string_view>

namespace scantling::cli {

int64_t NowMillis();  // the clock

base::Result<server::ProgramOptions> OptionsOf(const Settings& settings, bool serve);

// Until SIGTERM or SIGINT. Prints where it listens, the first sign-in's link, and `another`: the
// command that gives one more. Returns an exit code.
int Serve(const Settings& settings, server::ProgramOptions options, std::string_view another);

}  // namespace scantling::cli
