// gzip and zstd of whole texts. Unpacking goes through the streaming inflaters, so that hostile
// input meets the same checks everywhere.
#include "codec/compress.h"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace scantling::codec {
namespace {

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(base::Bytes bytes) : bytes_(bytes) {}
  base::Result<size_t> Read(std::span<std::byte> into) override {
    const size_t count = std::min(into.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, into.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

 private:
  base::Bytes bytes_;
};

}  // namespace

std::string Compress(Compression compression, base::Bytes plain, int level) {
  std::string out;
  if (compression == Compression::kZstd) {
    out.resize(ZSTD_compressBound(plain.size()));
    const size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), level);
    SCANTLING_ASSERT(ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
  }
  SCANTLING_ASSERT(compression == Compression::kGzip);
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  SCANTLING_ASSERT(compressor != nullptr);
  out.resize(libdeflate_gzip_compress_bound(compressor.get(), plain.size()));
  out.resize(libdeflate_gzip_compress(compressor.get(), plain.data(), plain.size(), out.data(),
                                      out.size()));
  SCANTLING_ASSERT(!out.empty());
  return out;
}

base::Result<std::string> Decompress(Compression compression, base::Bytes packed,
                                     uint64_t max_bytes) {
  if (compression == Compression::kNone) {
    if (packed.size() > max_bytes) {
      return base::LimitMet("more than " + std::to_string(max_bytes) + " bytes");
    }
    return std::string(base::AsText(packed));
  }
  base::Limits limits;
  limits.layer_bytes = max_bytes + 1;
  MemorySource source(packed);
  SCANTLING_TRY(const std::unique_ptr<ByteSource> inflater,
                MakeInflater(compression, source, limits));
  std::string out;
  size_t used = 0;
  while (true) {
    if (out.size() - used < 16'384) {
      out.resize(std::max<size_t>(65'536, out.size() * 2));
    }
    SCANTLING_TRY(const size_t count,
                  inflater->Read(std::as_writable_bytes(std::span(out)).subspan(used)));
    used += count;
    if (used > max_bytes) {
      return base::LimitMet("more than " + std::to_string(max_bytes) + " bytes when unpacked");
    }
    if (count == 0) {
      out.resize(used);
      return out;
    }
  }
}

}  // namespace scantling::codec
