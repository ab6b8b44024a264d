// What registries tell of pushes, of any bytes. What comes out names a repository and a tag that
// can stand in a URL.
#include "program/registry_event.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto event = scantling::program::ParseRegistryEvent(
      std::string_view(reinterpret_cast<const char*>(data), size));
  if (!event) {
    return 0;
  }
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  for (const auto& push : event->pushes) {
    if (push.repository.empty() || push.tag.empty() ||
        push.repository.find_first_not_of(kPlain) != std::string::npos ||
        push.tag.find_first_not_of(kPlain) != std::string::npos ||
        push.tag.find('/') != std::string::npos ||
        push.repository.find("..") != std::string::npos) {
      std::abort();
    }
  }
  return 0;
}
