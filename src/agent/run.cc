// See run.h.
#include "agent/run.h"

#include "agent/message.h"

#include <thread>

namespace scantling::agent {

void Run(Source& source, Sender& sender, const std::stop_token& stop) {
  Ledger ledger;
  const std::jthread follower([&](const std::stop_token&) { source.Follow(ledger, stop); });
  sender.Run(ledger, stop);
}

std::string Snapshot(const Reporter& reporter, const std::vector<Copy>& copies, Millis at) {
  Message message;
  message.snapshot = true;
  message.at = at;
  for (const Copy& copy : copies) {
    if (message.copies.size() == kMaxMessageCopies) {
      break;
    }
    message.copies.push_back({&copy, at});
  }
  return WriteMessage(reporter, message);
}

}  // namespace scantling::agent
