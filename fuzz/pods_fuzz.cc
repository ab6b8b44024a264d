// Lists of pods, lines of a watch, and what is sent of them, from any bytes.
#include "agent/message.h"
#include "agent/pods.h"
#include "agent/run.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<scantling::agent::Copy> copies;
  (void)scantling::agent::ReadPodList(text, {"*/owner"}, [&](scantling::agent::PodCopies pod) {
    copies.insert(copies.end(), pod.copies.begin(), pod.copies.end());
    return copies.size() < 1000;
  }).has_value();
  scantling::codec::Json parser;
  if (const auto event = scantling::agent::ReadPodEvent(parser, text, {}); event) {
    copies.insert(copies.end(), event->pod.copies.begin(), event->pod.copies.end());
  }
  (void)scantling::agent::ReadController(text).has_value();
  // What is sent must be JSON, whatever the names are.
  const std::string sent = scantling::agent::Snapshot({"r", "kubernetes", "", "", 60}, copies, 0);
  scantling::codec::Json reader;
  if (!reader.Parse(sent)) {
    __builtin_trap();
  }
  return 0;
}
