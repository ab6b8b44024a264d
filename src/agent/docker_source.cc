// See docker_source.h.
//
// In rounds of the interval: the stream of events is opened, then the whole list is asked for, then
// the events are read, those that came meanwhile included. So nothing falls between.
#include "agent/docker_source.h"

#include "agent/docker.h"
#include "net/line_reader.h"
#include "net/retry.h"
#include "net/url.h"

#include <map>

namespace scantling::agent {
namespace {

constexpr uint64_t kMaxListBytes = uint64_t{64} << 20;
constexpr size_t kMaxEventBytes = 1 << 20;
constexpr size_t kMaxKnownImages = 10'000;

class Docker : public Source {
 public:
  Docker(const net::HttpClient& client, const World& world, DockerOptions options)
      : client_(client), world_(world), options_(std::move(options)) {}

  std::string Name() const override { return "the container runtime at " + options_.socket; }

  base::Result<std::vector<Copy>> List(const std::stop_token& stop) override {
    SCANTLING_TRY(
        const net::HttpResponse answer,
        Get("/containers/json?filters=" + net::PercentEncode(R"({"status":["running","paused"]})"),
            stop));
    if (answer.status != 200) {
      return base::Error(base::ErrorCode::kIo,
                         "the list of containers: status " + std::to_string(answer.status));
    }
    SCANTLING_TRY(const std::vector<std::string> ids, ParseContainerIds(answer.body));
    std::vector<Copy> out;
    for (const std::string& id : ids) {
      SCANTLING_TRY(auto copy, Inspect(id, stop));
      if (copy) {
        out.push_back(*std::move(copy));
      }
    }
    return out;
  }

  void Follow(Ledger& ledger, const std::stop_token& stop) override {
    Trouble trouble(world_, Name());
    Backoff backoff(world_, 500, 15'000);
    while (!stop.stop_requested()) {
      const auto round = FollowOnce(ledger, stop, trouble, backoff);
      if (round || stop.stop_requested()) {
        continue;
      }
      ledger.SetLive(false);
      trouble.Is(round.error().Message());
      if (!net::Pause(net::Milliseconds(backoff.Next()), stop)) {
        return;
      }
    }
  }

 private:
  net::HttpRequest Request(const std::string& target, const std::stop_token& stop) const {
    net::HttpRequest out;
    out.url = "http://localhost" + target;
    out.unix_socket = options_.socket;
    out.max_redirects = 0;
    out.use_proxy = false;
    out.stop = stop;
    return out;
  }

  base::Result<net::HttpResponse> Get(const std::string& target,
                                      const std::stop_token& stop) const {
    net::HttpRequest request = Request(target, stop);
    request.max_response_bytes = kMaxListBytes;
    request.timeouts.total = net::Milliseconds(60'000);
    return client_.Send(request);
  }

  // nullopt: it is gone, or does not run.
  base::Result<std::optional<Copy>> Inspect(const std::string& id, const std::stop_token& stop) {
    SCANTLING_TRY(const net::HttpResponse answer,
                  Get("/containers/" + net::PercentEncode(id) + "/json", stop));
    if (answer.status == 404) {
      return std::optional<Copy>();
    }
    if (answer.status != 200) {
      return base::Error(base::ErrorCode::kIo,
                         "a container: status " + std::to_string(answer.status));
    }
    SCANTLING_TRY(auto copy, ParseContainer(answer.body));
    if (copy) {
      copy->node = options_.node;
      SCANTLING_DO(FindDigest(*copy, stop));
    }
    return copy;
  }

  base::Result<void> FindDigest(Copy& copy, const std::stop_token& stop) {
    if (copy.image_id.empty()) {
      copy.digest = DigestIn(copy.reference);
      return {};
    }
    const auto key = std::make_pair(copy.image_id, copy.reference);
    std::string digest;
    if (const auto found = digests_.find(key); found != digests_.end()) {
      digest = found->second;
    } else {
      SCANTLING_TRY(const net::HttpResponse answer,
                    Get("/images/" + net::PercentEncode(copy.image_id) + "/json", stop));
      if (answer.status == 200) {
        SCANTLING_TRY(digest, ParseImageDigest(answer.body, copy.reference));
      }
      if (digests_.size() >= kMaxKnownImages) {
        digests_.clear();
      }
      digests_[key] = digest;
    }
    if (digest.empty() || digest == copy.image_id) {
      copy.digest = copy.image_id;
      copy.image_id.clear();
    } else {
      copy.digest = digest;
    }
    return {};
  }

  // One round: ends without an error when it is time for the next whole list.
  base::Result<void> FollowOnce(Ledger& ledger, const std::stop_token& stop, Trouble& trouble,
                                Backoff& backoff) {
    net::HttpRequest request =
        Request("/events?filters=" + net::PercentEncode(R"({"type":["container"]})"), stop);
    request.timeouts.low_speed = net::Milliseconds(0);  // a quiet host says nothing for days
    request.timeouts.total = options_.relist;
    request.max_response_bytes = 0;
    const auto begin = std::chrono::steady_clock::now();
    SCANTLING_TRY(const auto stream, client_.Open(request));
    if (stream->status() != 200) {
      return base::Error(base::ErrorCode::kIo,
                         "the stream of events: status " + std::to_string(stream->status()));
    }
    const Millis before = world_.now();
    digests_.clear();  // an image that was pushed since has a digest now
    SCANTLING_TRY(std::vector<Copy> copies, List(stop));
    ledger.Replace(std::move(copies), before);
    trouble.Over();
    backoff.Reset();
    net::LineReader lines(*stream, kMaxEventBytes);
    while (true) {
      auto line = lines.Next();
      if (!line) {
        if (std::chrono::steady_clock::now() - begin >= options_.relist) {
          return {};
        }
        return std::move(line).error();
      }
      if (!*line) {
        return base::Error(base::ErrorCode::kIo, "the stream of events ended");
      }
      if (!(*line)->empty()) {
        SCANTLING_DO(Take(ledger, **line, stop));
      }
    }
  }

  base::Result<void> Take(Ledger& ledger, const std::string& line, const std::stop_token& stop) {
    SCANTLING_TRY(const ContainerEvent event, ParseContainerEvent(line));
    const Millis at = event.at == 0 ? world_.now() : event.at;
    if (event.kind == ContainerEvent::Kind::kEnded) {
      ledger.Remove(event.id, at);
    } else if (event.kind == ContainerEvent::Kind::kStarted) {
      SCANTLING_TRY(auto copy, Inspect(event.id, stop));
      if (copy) {
        ledger.Put(*std::move(copy), at);
      } else {
        ledger.Remove(event.id, at);
      }
    }
    return {};
  }

  const net::HttpClient& client_;
  const World& world_;
  DockerOptions options_;
  std::map<std::pair<std::string, std::string>, std::string> digests_;
};

}  // namespace

std::unique_ptr<Source> DockerSource(const net::HttpClient& client, const World& world,
                                     DockerOptions options) {
  return std::make_unique<Docker>(client, world, std::move(options));
}

}  // namespace scantling::agent
