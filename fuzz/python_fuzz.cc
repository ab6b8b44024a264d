// Python package metadata of any bytes: header files, and zipped eggs.
#include "catalog/python/python.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const scantling::base::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  scantling::base::Limits limits;
  limits.archive_bytes = uint64_t{4} << 20;
  for (const char* path :
       {"lib/a-1.dist-info/METADATA", "lib/a-1-py3.11.egg-info", "lib/a-1.egg"}) {
    (void)scantling::catalog::PythonCataloger().Catalog({path, bytes}, limits).has_value();
  }
  return 0;
}
