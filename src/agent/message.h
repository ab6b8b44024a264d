// A message to the server as JSON, scantling.running/1 (docs/formats/running.md).
//
// What the server would refuse is cut here: texts to 1,024 bytes, labels to 256 of 512 bytes each,
// so that one strange container does not keep all others from being told of.
#pragma once

#include "agent/copy.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::agent {

inline constexpr size_t kMaxMessageCopies = 200'000;

// One sighting of a copy.
struct Seen {
  const Copy* copy;  // borrowed
  Millis at;
};
struct Gone {
  std::string_view uid;
  Millis at;
};

struct Message {
  bool snapshot = false;  // all that run; else what changed
  Millis at = 0;
  std::vector<Seen> copies;
  std::vector<Gone> gone;
};

// On one line with a line feed at its end.
std::string WriteMessage(const Reporter& reporter, const Message& message);

}  // namespace scantling::agent
