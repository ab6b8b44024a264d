// Answers of Docker's and podman's REST socket of any bytes.
#include "agent/docker.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)scantling::agent::ParseContainerIds(text).has_value();
  (void)scantling::agent::ParseContainer(text).has_value();
  (void)scantling::agent::ParseImageDigest(text, "registry.example.org/a:1").has_value();
  (void)scantling::agent::ParseContainerEvent(text).has_value();
  return 0;
}
