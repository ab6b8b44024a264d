// Answers of a container runtime (CRI over gRPC) of any bytes.
#include "agent/cri.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto framed = scantling::agent::GrpcMessage(body);
  const std::string_view message = framed ? *framed : body;
  (void)scantling::agent::ParseCriContainers(message).has_value();
  (void)scantling::agent::ParseCriStarted(message).has_value();
  (void)scantling::agent::ParseCriImages(message).has_value();
  return 0;
}
