// Java archives of any bytes, and the small texts in them.
#include "catalog/java/identity.h"
#include "catalog/java/java.h"
#include "catalog/java/manifest.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::base::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  const std::string_view text = scantling::base::AsText(bytes);
  scantling::base::Limits limits;
  limits.archive_bytes = uint64_t{4} << 20;
  limits.archive_entries = 1000;
  (void)scantling::catalog::JavaCataloger().Catalog({"opt/app-1.0.jar", bytes}, limits).has_value();
  const auto manifest = scantling::catalog::java::ParseManifest(text);
  const auto pom = scantling::catalog::java::ParsePomProperties(text);
  (void)scantling::catalog::java::Identify(text.substr(0, 200), {pom}, &manifest);
  (void)scantling::catalog::java::Identify(text.substr(0, 200), {}, &manifest);
  return 0;
}
