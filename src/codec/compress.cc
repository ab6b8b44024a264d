// gzip and zstd of whole texts. Unpacking goes through the streaming inflaters, so that hostile
// input meets the same checks everywhere.
#include "codec/compress.h"

#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

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

struct GzipStream::State {
  isal_zstream stream;
  std::vector<uint8_t> level = std::vector<uint8_t>(ISAL_DEF_LVL1_DEFAULT);
};

GzipStream::GzipStream() : state_(std::make_unique<State>()) {
  isal_deflate_init(&state_->stream);
  state_->stream.gzip_flag = IGZIP_GZIP;
  state_->stream.level = 1;
  state_->stream.level_buf = state_->level.data();
  state_->stream.level_buf_size = static_cast<uint32_t>(state_->level.size());
}

GzipStream::~GzipStream() = default;

void GzipStream::Run(std::string& packed) {
  std::array<uint8_t, 1 << 14> block{};
  isal_zstream& stream = state_->stream;
  do {
    stream.next_out = block.data();
    stream.avail_out = static_cast<uint32_t>(block.size());
    const int outcome = isal_deflate(&stream);
    SCANTLING_ASSERT(outcome == COMP_OK);
    packed.append(block.begin(), block.end() - stream.avail_out);
  } while (stream.avail_out == 0);
  SCANTLING_ASSERT(stream.avail_in == 0);
}

void GzipStream::Write(base::Bytes plain, std::string& packed) {
  constexpr size_t kMost = size_t{1} << 30;  // its counts have 32 bits
  while (!plain.empty()) {
    const base::Bytes part = plain.first(std::min(plain.size(), kMost));
    state_->stream.next_in = const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(part.data()));
    state_->stream.avail_in = static_cast<uint32_t>(part.size());
    Run(packed);
    plain = plain.subspan(part.size());
  }
}

void GzipStream::Finish(std::string& packed) {
  state_->stream.end_of_stream = 1;
  Run(packed);
  SCANTLING_ASSERT(state_->stream.internal_state.state == ZSTATE_END);
}

}  // namespace scantling::codec
