// See client.h: a blob as it comes over the network. When the connection breaks, the next one asks
// for the rest (Range); a registry that gives all of it again is read up to where we were.
#include "base/strings.h"
#include "image/registry/api_error.h"
#include "image/registry/client.h"

#include <algorithm>
#include <utility>

namespace scantling::image::registry {
namespace {

// "bytes 100-199/200" -> 100.
std::optional<uint64_t> RangeStart(std::string_view field) {
  if (!field.starts_with("bytes ")) {
    return std::nullopt;
  }
  field.remove_prefix(6);
  return base::ParseNumber<uint64_t>(base::Trim(field.substr(0, field.find('-'))));
}

}  // namespace

class Client::BlobStream : public codec::ByteSource {
 public:
  BlobStream(const Client& client, Reference repository, const base::Digest& digest,
             std::optional<uint64_t> size_bytes)
      : client_(client),
        repository_(std::move(repository)),
        digest_(digest),
        size_bytes_(size_bytes) {}

  base::Result<size_t> Read(std::span<std::byte> into) override {
    while (true) {
      auto count = ReadOnce(into);
      if (count) {
        if (*count > 0) {
          failures_ = 0;
        }
        return count;
      }
      stream_.reset();
      if (count.error().code() != base::ErrorCode::kIo ||
          ++failures_ >= client_.options_.retry.attempts) {
        return std::move(count).error().With(Name());
      }
      SCANTLING_DO(
          net::Pause(net::PauseBefore(client_.options_.retry, failures_), client_.options_.stop));
    }
  }

 private:
  std::string Name() const { return repository_.Name() + ", blob " + digest_.ToString(); }

  base::Result<size_t> ReadOnce(std::span<std::byte> into) {
    if (size_bytes_ && position_ == *size_bytes_ && position_ > 0) {
      return size_t{0};
    }
    if (stream_ == nullptr) {
      if (auto connected = Connect(); !connected) {
        failures_ = client_.options_.retry.attempts;  // tried often enough, down there
        return std::move(connected).error();
      }
    }
    SCANTLING_TRY(const size_t count, stream_->Read(into));
    position_ += count;
    if (count == 0 && size_bytes_ && position_ < *size_bytes_) {
      return base::Error(base::ErrorCode::kIo, "ended after " + std::to_string(position_) + " of " +
                                                   std::to_string(*size_bytes_) + " bytes");
    }
    if (size_bytes_ && position_ > *size_bytes_) {
      return base::Error(
          base::ErrorCode::kMismatch,
          "longer than the " + std::to_string(*size_bytes_) + " bytes that the manifest says");
    }
    return count;
  }

  base::Result<void> Connect() {
    Ask ask;
    ask.target = "/v2/" + repository_.repository + "/blobs/" + digest_.ToString();
    ask.scope = "repository:" + repository_.repository + ":pull";
    if (position_ > 0) {
      ask.headers.Add("Range", "bytes=" + std::to_string(position_) + "-");
    }
    SCANTLING_TRY(auto stream, client_.Open(repository_, ask));
    uint64_t to_skip = position_;
    if (stream->status() == 206 && position_ > 0) {
      if (RangeStart(stream->headers().Text("content-range")) != position_) {
        return base::Invalid("the registry answers with another range than was asked for");
      }
      to_skip = 0;
    } else if (stream->status() != 200) {
      return ApiError("HTTP", stream->status(), ErrorBody(*stream));
    }
    std::vector<std::byte> skipped(to_skip == 0 ? 0 : 64 << 10);
    while (to_skip > 0) {
      SCANTLING_TRY(
          const size_t count,
          stream->Read(std::span(skipped).first(std::min<uint64_t>(to_skip, skipped.size()))));
      if (count == 0) {
        return base::Error(base::ErrorCode::kIo, "ended before the place where it broke off");
      }
      to_skip -= count;
    }
    stream_ = std::move(stream);
    return {};
  }

  static std::string ErrorBody(net::HttpStream& stream) {
    std::vector<std::byte> buffer(16 << 10);
    size_t size = 0;
    while (size < buffer.size()) {
      const auto count = stream.Read(std::span(buffer).subspan(size));
      if (!count || *count == 0) {
        break;
      }
      size += *count;
    }
    return std::string(base::AsText(base::Bytes(buffer).first(size)));
  }

  const Client& client_;
  const Reference repository_;
  const base::Digest digest_;
  const std::optional<uint64_t> size_bytes_;
  std::unique_ptr<net::HttpStream> stream_;
  uint64_t position_ = 0;
  unsigned failures_ = 0;  // since the last byte that came
};

std::unique_ptr<codec::ByteSource> Client::OpenBlob(const Reference& repository,
                                                    const base::Digest& digest,
                                                    std::optional<uint64_t> size_bytes) const {
  return std::make_unique<BlobStream>(*this, repository, digest, size_bytes);
}

}  // namespace scantling::image::registry
