// A source, a ledger and a sender put together: what `scantling running` does until it is stopped.
#pragma once

#include "agent/sender.h"
#include "agent/source.h"

#include <stop_token>

namespace scantling::agent {

// Follows the source in a thread of its own and sends in this one. Returns when it is stopped.
void Run(Source& source, Sender& sender, const std::stop_token& stop);

// One snapshot of these copies, for --once and --print.
std::string Snapshot(const Reporter& reporter, const std::vector<Copy>& copies, Millis at);

}  // namespace scantling::agent
