// Go programs of any bytes. The stream in chunks of a size that the input picks, and the whole
// file: where the stream knows an answer, the whole file gives the same one.
#include "catalog/go/build_info.h"
#include "catalog/go/go.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) {
    return 0;
  }
  const size_t chunk_bytes = 1 + data[0] * size_t{17};
  const scantling::base::Bytes file(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  const auto& cataloger = scantling::catalog::GoCataloger();
  const auto stream = cataloger.Start("bin/program", file.size(), {});
  for (size_t at = 0; at < file.size(); at += chunk_bytes) {
    if (!stream->OnChunk(at, file.subspan(at, std::min(chunk_bytes, file.size() - at)))) {
      break;
    }
  }
  const auto streamed = stream->Finish();
  const auto whole = cataloger.Catalog({"bin/program", file}, {});
  if (streamed && !streamed->again_whole && !streamed->records.empty() &&
      (!whole || whole->records.empty())) {
    __builtin_trap();
  }
  const std::string_view text = scantling::base::AsText(file);
  (void)scantling::catalog::go::ParseModules(text);
  (void)scantling::catalog::go::StandardLibraryVersion(text);
  return 0;
}
