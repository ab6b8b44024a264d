// Ignore files of any bytes, as each of the four kinds (the first byte says which): what comes out
// is an exceptions file in which nothing is valid.
#include "policy/exceptions/exceptions.h"
#include "policy/exceptions/import.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace policy = scantling::policy;
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto kind = static_cast<policy::IgnoreKind>(data[0] % 4);
  const auto imported = policy::ImportIgnoreFile(kind, text, "fuzz");
  if (!imported) {
    return 0;
  }
  const auto exceptions = policy::ParseExceptions(imported->yaml, "new.yaml");
  if (!exceptions || exceptions->InvalidCount() != exceptions->entries.size()) {
    __builtin_trap();
  }
  (void)policy::SniffIgnoreFile(text, "x");
  return 0;
}
