// See daemon_image.h.
#include "image/daemon_image.h"

#include "base/strings.h"
#include "codec/json.h"
#include "image/blob_store.h"
#include "net/http_client.h"
#include "net/url.h"

#include <array>
#include <utility>

namespace scantling::image {
namespace {

constexpr size_t kMaxErrorBytes = 64 << 10;

// The answer's body, with the client that it comes through.
class DaemonStream : public codec::ByteSource {
 public:
  DaemonStream(std::unique_ptr<net::HttpClient> client, std::unique_ptr<net::HttpStream> stream)
      : client_(std::move(client)), stream_(std::move(stream)) {}
  base::Result<size_t> Read(std::span<std::byte> into) override { return stream_->Read(into); }

 private:
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<net::HttpStream> stream_;  // last: it goes first
};

std::string MessageOf(net::HttpStream& stream) {
  std::string body(kMaxErrorBytes, '\0');
  size_t size = 0;
  while (size < body.size()) {
    const auto count = stream.Read(std::as_writable_bytes(std::span(body).subspan(size)));
    if (!count || *count == 0) {
      break;
    }
    size += *count;
  }
  codec::Json json;
  const auto root = json.Parse(std::string_view(body).substr(0, size));
  return root ? base::ToUtf8((*root)["message"].Text().substr(0, 300)) : std::string();
}

}  // namespace

base::Result<std::unique_ptr<ImageHandle>> OpenDaemonImage(const std::string& name,
                                                           const std::string& source,
                                                           const OpenOptions& options) {
  if (options.daemon_socket.empty()) {
    return base::NotFound(source + ": no socket of it was found on this machine");
  }
  auto client = std::make_unique<net::HttpClient>();
  net::HttpRequest request;
  request.url = "http://localhost/images/" + net::PercentEncode(name, "/:@") + "/get";
  request.unix_socket = options.daemon_socket;
  request.max_response_bytes = 0;                           // the layers' own limits hold
  request.timeouts.low_speed = net::Milliseconds(300'000);  // it may have to pack the layers first
  request.stop = options.stop;
  SCANTLING_TRY(auto stream, client->Open(request));
  if (stream->status() != 200) {
    const std::string said = MessageOf(*stream);
    return base::Error(
        stream->status() == 404 ? base::ErrorCode::kNotFound : base::ErrorCode::kIo,
        source + ": " + (said.empty() ? "HTTP " + std::to_string(stream->status()) : said));
  }
  PlanOptions plan;
  plan.kind = SourceKind::kStandardInput;
  plan.platform = options.platform;
  plan.source = base::ToUtf8(source);
  return OpenStream(std::make_unique<DaemonStream>(std::move(client), std::move(stream)), plan,
                    options.limits)
      .With(source);
}

}  // namespace scantling::image
