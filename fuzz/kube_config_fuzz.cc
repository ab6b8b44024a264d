// kubeconfig files of any bytes.
#include "agent/kube_config.h"

#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::agent::KubeConfigFile file{
      "config", std::string(reinterpret_cast<const char*>(data), size)};
  (void)scantling::agent::ParseKubeConfig({&file, 1}, "").has_value();
  return 0;
}
