// See inflate.h. One loop for all formats: members (gzip members, zstd frames, xz and bzip2
// streams) one after another, zero padding between or after them skipped, totals held against the
// limits. RFC 1952, RFC 8878, the xz file format 1.1.
//
// Not handled: lzip, lz4, compress, and dictionaries for zstd.
#include "codec/inflate.h"

#include <bzlib.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace scantling::codec {
namespace {

constexpr size_t kInputBytes = 256 << 10;
constexpr uint64_t kRatioFreeBytes = uint64_t{1} << 30;
constexpr int kZstdWindowLog = 27;  // 128 MiB, what the zstd program allows by default
constexpr uint64_t kXzMemoryBytes = uint64_t{256} << 20;

enum class Step : uint8_t { kMore, kMemberEnd };

// One compression format: takes from the front of `in`, fills the front of `out`.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual base::Result<void> Reset() = 0;  // before each member
  virtual base::Result<Step> Run(base::Bytes& in, std::span<std::byte>& out) = 0;
  // How many bytes of earlier calls the last Run gave back unused, before those of its own `in` (at
  // most kMostGivenBack).
  virtual size_t GivenBack() const { return 0; }
};
constexpr size_t kMostGivenBack = 16;

uint8_t* U8(const std::byte* bytes) {
  return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes));
}

class GzipDecoder : public Decoder {
 public:
  GzipDecoder() : state_(std::make_unique<inflate_state>()) {}

  base::Result<void> Reset() override {
    isal_inflate_init(state_.get());
    // The header is read by a call of its own: under ASan isal_inflate() reported valid input as
    // truncated when a header with a long file name was split across calls (isa-l 2.30).
    isal_gzip_header_init(&header_);
    header_.flags = 0;
    state_->crc_flag = ISAL_GZIP_NO_HDR_VER;
    in_header_ = true;
    return {};
  }

  base::Result<Step> Run(base::Bytes& in, std::span<std::byte>& out) override {
    constexpr size_t kMost = uint32_t{1} << 30;
    inflate_state& s = *state_;
    const auto in_size = static_cast<uint32_t>(std::min(in.size(), kMost));
    const auto out_size = static_cast<uint32_t>(std::min(out.size(), kMost));
    s.next_in = U8(in.data());
    s.avail_in = in_size;
    s.next_out = U8(out.data());
    s.avail_out = out_size;
    int code = ISAL_DECOMP_OK;
    if (in_header_) {
      code = isal_read_gzip_header(&s, &header_);
      in_header_ = code == ISAL_END_INPUT;
    }
    if (code == ISAL_DECOMP_OK) {
      code = isal_inflate(&s);
    }
    // At a member's end isa-l returns what it had read ahead, which may be more than this call's
    // bytes.
    given_back_ = s.avail_in > in_size ? s.avail_in - in_size : 0;
    in = in.subspan(in_size - std::min(s.avail_in, in_size));
    out = out.subspan(out_size - s.avail_out);
    switch (code) {
      case ISAL_INCORRECT_CHECKSUM:
        return base::Error(base::ErrorCode::kMismatch,
                           "gzip: the data does not match its CRC-32 or size");
      case ISAL_INVALID_WRAPPER:
        return base::Invalid("gzip: bad header");
      case ISAL_UNSUPPORTED_METHOD:
        return base::Unsupported("gzip: unknown compression method");
      default:
        if (code < 0) {
          return base::Invalid("gzip: damaged data");
        }
    }
    return !in_header_ && s.block_state == ISAL_BLOCK_FINISH ? Step::kMemberEnd : Step::kMore;
  }
  size_t GivenBack() const override { return given_back_; }

 private:
  std::unique_ptr<inflate_state> state_;
  isal_gzip_header header_{};
  bool in_header_ = true;
  size_t given_back_ = 0;
};

class ZstdDecoder : public Decoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) { SCANTLING_ASSERT(context_ != nullptr); }
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  base::Result<void> Reset() override {
    ZSTD_DCtx_reset(context_, ZSTD_reset_session_and_parameters);
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kZstdWindowLog);
    return {};
  }

  base::Result<Step> Run(base::Bytes& in, std::span<std::byte>& out) override {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    const size_t code = ZSTD_decompressStream(context_, &target, &source);
    in = in.subspan(source.pos);
    out = out.subspan(target.pos);
    if (ZSTD_isError(code) != 0) {
      return base::Invalid(std::string("zstd: ") + ZSTD_getErrorName(code));
    }
    return code == 0 ? Step::kMemberEnd : Step::kMore;
  }

 private:
  ZSTD_DCtx* context_;
};

class XzDecoder : public Decoder {
 public:
  XzDecoder() = default;
  ~XzDecoder() override { lzma_end(&stream_); }
  XzDecoder(const XzDecoder&) = delete;
  XzDecoder& operator=(const XzDecoder&) = delete;

  base::Result<void> Reset() override {
    if (lzma_stream_decoder(&stream_, kXzMemoryBytes, 0) != LZMA_OK) {
      return base::Unsupported("xz: the decoder could not be made");
    }
    return {};
  }

  base::Result<Step> Run(base::Bytes& in, std::span<std::byte>& out) override {
    stream_.next_in = U8(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = U8(out.data());
    stream_.avail_out = out.size();
    const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
    in = in.last(stream_.avail_in);
    out = out.last(stream_.avail_out);
    switch (code) {
      case LZMA_OK:
      case LZMA_BUF_ERROR:  // no progress: the loop sees it
        return Step::kMore;
      case LZMA_STREAM_END:
        return Step::kMemberEnd;
      case LZMA_MEMLIMIT_ERROR:
        return base::LimitMet("xz: needs more than " + std::to_string(kXzMemoryBytes >> 20) +
                              " MiB of memory");
      case LZMA_OPTIONS_ERROR:
        return base::Unsupported("xz: unknown options");
      default:
        return base::Invalid("xz: damaged data");
    }
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Bzip2Decoder : public Decoder {
 public:
  Bzip2Decoder() = default;
  ~Bzip2Decoder() override { End(); }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

  base::Result<void> Reset() override {
    End();
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) {
      return base::Unsupported("bzip2: the decoder could not be made");
    }
    open_ = true;
    return {};
  }

  base::Result<Step> Run(base::Bytes& in, std::span<std::byte>& out) override {
    constexpr size_t kMost = uint32_t{1} << 30;
    const auto in_size = static_cast<unsigned>(std::min(in.size(), kMost));
    const auto out_size = static_cast<unsigned>(std::min(out.size(), kMost));
    stream_.next_in = reinterpret_cast<char*>(U8(in.data()));
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<char*>(out.data());
    stream_.avail_out = out_size;
    const int code = BZ2_bzDecompress(&stream_);
    in = in.subspan(in_size - stream_.avail_in);
    out = out.subspan(out_size - stream_.avail_out);
    if (code == BZ_STREAM_END) {
      return Step::kMemberEnd;
    }
    if (code != BZ_OK) {
      return base::Invalid("bzip2: damaged data");
    }
    return Step::kMore;
  }

 private:
  void End() {
    if (std::exchange(open_, false)) {
      BZ2_bzDecompressEnd(&stream_);
    }
  }
  bz_stream stream_{};
  bool open_ = false;
};

// A ByteSource with a buffer before it.
class BufferedBlocks : public BlockSource {
 public:
  explicit BufferedBlocks(ByteSource& source) : source_(source), buffer_(kInputBytes) {}
  base::Result<base::Bytes> Next() override {
    SCANTLING_TRY(const size_t count, source_.Read(buffer_));
    return base::Bytes(buffer_).first(count);
  }

 private:
  ByteSource& source_;
  std::vector<std::byte> buffer_;
};

class Inflater : public ByteSource {
 public:
  Inflater(std::unique_ptr<Decoder> decoder, BlockSource& packed, const base::Limits& limits)
      : decoder_(std::move(decoder)), packed_(packed), limits_(limits) {}
  Inflater(std::unique_ptr<Decoder> decoder, std::unique_ptr<BufferedBlocks> packed,
           const base::Limits& limits)
      : decoder_(std::move(decoder)),
        owned_(std::move(packed)),
        packed_(*owned_),
        limits_(limits) {}

  base::Result<size_t> Read(std::span<std::byte> into) override {
    if (error_) {
      return error_->Clone();
    }
    std::span<std::byte> out = into;
    while (!out.empty() && !ended_ && !error_) {
      auto step = Advance(out);
      if (!step) {
        error_ = std::move(step).error();
      }
    }
    const size_t produced = into.size() - out.size();
    if (error_ && produced == 0) {
      return error_->Clone();
    }
    return produced;
  }

 private:
  base::Result<void> Fetch() {
    SCANTLING_TRY(input_, packed_.Next());
    packed_bytes_ += input_.size();
    input_ended_ = input_.empty();
    return {};
  }

  base::Result<void> Advance(std::span<std::byte>& out) {
    if (input_.empty() && !after_again_.empty()) {
      input_ = std::exchange(after_again_, {});
      again_.clear();
    }
    if (input_.empty() && !input_ended_) {
      again_.clear();
      SCANTLING_DO(Fetch());
    }
    if (!in_member_) {
      return StartMember();
    }
    const base::Bytes before = input_;
    const size_t in_before = input_.size();
    const size_t out_before = out.size();
    SCANTLING_TRY(const Step step, decoder_->Run(input_, out));
    Remember(base::AsText(before.first(in_before - input_.size())));
    TakeBack(decoder_->GivenBack());
    unpacked_bytes_ += out_before - out.size();
    SCANTLING_DO(CheckLimits());
    if (step == Step::kMemberEnd) {
      in_member_ = false;
      after_first_ = true;
    } else if (in_before == input_.size() && out_before == out.size()) {
      if (input_ended_) {
        return base::Truncated("the compressed data ends before its end mark, after " +
                               std::to_string(packed_bytes_) + " bytes");
      }
      if (!input_.empty()) {
        return base::Invalid("the compressed data cannot be read on");
      }
    }
    return {};
  }

  // The last bytes that the decoder took, should it give some back.
  void Remember(std::string_view taken) {
    if (taken.size() >= kMostGivenBack) {
      taken_.assign(taken.substr(taken.size() - kMostGivenBack));
    } else {
      taken_.append(taken);
      taken_.erase(0, taken_.size() - std::min(taken_.size(), kMostGivenBack));
    }
  }
  void TakeBack(size_t count) {
    if (count == 0) {
      return;
    }
    SCANTLING_ASSERT(count <= taken_.size());
    std::string bytes = taken_.substr(taken_.size() - count);
    taken_.resize(taken_.size() - count);
    if (again_.empty()) {
      after_again_ = input_;
    } else {
      bytes += base::AsText(input_);
    }
    again_ = std::move(bytes);
    input_ = base::AsBytes(again_);
  }

  base::Result<void> StartMember() {
    if (after_first_) {
      const auto* first = std::find_if(input_.data(), input_.data() + input_.size(),
                                       [](std::byte b) { return b != std::byte{0}; });
      input_ = input_.subspan(static_cast<size_t>(first - input_.data()));
      if (input_.empty()) {
        ended_ = input_ended_ && after_again_.empty();
        return {};
      }
    }
    SCANTLING_DO(decoder_->Reset());
    in_member_ = true;
    return {};
  }

  base::Result<void> CheckLimits() const {
    if (unpacked_bytes_ > limits_.layer_bytes) {
      return base::LimitMet("more than " + std::to_string(limits_.layer_bytes) +
                            " bytes unpacked (limit layer-bytes)");
    }
    if (unpacked_bytes_ > kRatioFreeBytes &&
        unpacked_bytes_ / std::max<uint64_t>(packed_bytes_, 1) > limits_.inflate_ratio) {
      return base::LimitMet("unpacks to more than " + std::to_string(limits_.inflate_ratio) +
                            " times its size (limit inflate-ratio)");
    }
    return {};
  }

  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<BufferedBlocks> owned_;
  BlockSource& packed_;
  const base::Limits limits_;
  base::Bytes input_;
  std::string taken_;
  std::string again_;  // given back: to be read once more, before after_again_
  base::Bytes after_again_;
  bool input_ended_ = false;
  bool in_member_ = false;
  bool after_first_ = false;
  bool ended_ = false;
  uint64_t packed_bytes_ = 0;
  uint64_t unpacked_bytes_ = 0;
  std::optional<base::Error> error_;
};

base::Result<std::unique_ptr<Decoder>> MakeDecoder(Compression compression) {
  std::unique_ptr<Decoder> out;
  switch (compression) {
    case Compression::kGzip:
      out = std::make_unique<GzipDecoder>();
      break;
    case Compression::kZstd:
      out = std::make_unique<ZstdDecoder>();
      break;
    case Compression::kXz:
      out = std::make_unique<XzDecoder>();
      break;
    case Compression::kBzip2:
      out = std::make_unique<Bzip2Decoder>();
      break;
    case Compression::kNone:
      return base::Unsupported("no compression to undo");
  }
  return out;
}

}  // namespace

Compression SniffCompression(base::Bytes head) {
  const std::string_view text = base::AsText(head);
  if (text.starts_with("\x1f\x8b")) {
    return Compression::kGzip;
  }
  // A zstd frame, or a skippable frame before one (0x184D2A50 to 0x184D2A5F).
  if (text.starts_with("\x28\xb5\x2f\xfd") ||
      (text.size() >= 4 && text.substr(1, 3) == "\x2a\x4d\x18" && (text[0] & 0xf0) == 0x50)) {
    return Compression::kZstd;
  }
  if (text.starts_with(std::string_view("\xfd\x37zXZ\0", 6))) {
    return Compression::kXz;
  }
  if (text.size() >= 4 && text.starts_with("BZh") && text[3] >= '1' && text[3] <= '9') {
    return Compression::kBzip2;
  }
  return Compression::kNone;
}

base::Result<std::unique_ptr<ByteSource>> MakeInflater(Compression compression, ByteSource& packed,
                                                       const base::Limits& limits) {
  SCANTLING_TRY(auto decoder, MakeDecoder(compression));
  return std::unique_ptr<ByteSource>(std::make_unique<Inflater>(
      std::move(decoder), std::make_unique<BufferedBlocks>(packed), limits));
}

base::Result<std::unique_ptr<ByteSource>> MakeInflater(Compression compression, BlockSource& packed,
                                                       const base::Limits& limits) {
  SCANTLING_TRY(auto decoder, MakeDecoder(compression));
  return std::unique_ptr<ByteSource>(
      std::make_unique<Inflater>(std::move(decoder), packed, limits));
}

}  // namespace scantling::codec
