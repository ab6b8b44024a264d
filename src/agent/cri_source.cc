// See cri_source.h.
#include "agent/cri_source.h"

#include "agent/cri.h"
#include "base/strings.h"
#include "net/retry.h"

#include <algorithm>
#include <map>

namespace scantling::agent {
namespace {

constexpr uint64_t kMaxAnswerBytes = uint64_t{64} << 20;

class Cri : public Source {
 public:
  Cri(const net::HttpClient& client, const World& world, CriOptions options)
      : client_(client), world_(world), options_(std::move(options)) {}

  std::string Name() const override { return "the container runtime at " + options_.socket; }

  base::Result<std::vector<Copy>> List(const std::stop_token& stop) override {
    SCANTLING_TRY(const std::string answer,
                  Call("RuntimeService/ListContainers", RunningContainersRequest(), stop));
    SCANTLING_TRY(const std::string_view message, GrpcMessage(answer));
    SCANTLING_TRY(std::vector<Copy> copies, ParseCriContainers(message));
    std::map<std::string, Millis> started;
    bool images_asked = false;
    for (Copy& copy : copies) {
      copy.node = options_.node;
      const auto known = started_.find(copy.uid);
      if (known != started_.end()) {
        copy.started = known->second;
      } else {
        SCANTLING_DO(FindStarted(copy, stop));
      }
      started[copy.uid] = copy.started;
      if (!images_.contains(copy.image_id) && !images_asked) {
        images_asked = true;
        SCANTLING_DO(AskImages(stop));
      }
      NameDigest(copy);
    }
    started_ = std::move(started);
    return copies;
  }

  void Follow(Ledger& ledger, const std::stop_token& stop) override {
    Trouble trouble(world_, Name());
    Backoff backoff(world_, 500, 15'000);
    while (!stop.stop_requested()) {
      const Millis before = world_.now();
      auto copies = List(stop);
      if (stop.stop_requested()) {
        return;
      }
      if (copies) {
        ledger.Replace(*std::move(copies), before);
        trouble.Over();
        backoff.Reset();
      } else {
        ledger.SetLive(false);
        trouble.Is(copies.error().Message());
      }
      const auto pause = copies ? options_.poll : std::chrono::milliseconds(backoff.Next());
      if (!net::Pause(pause, stop)) {
        return;
      }
    }
  }

 private:
  base::Result<std::string> Call(std::string_view method, const std::string& message,
                                 const std::stop_token& stop) const {
    net::HttpRequest request;
    request.method = "POST";
    request.url = "http://localhost/runtime.v1." + std::string(method);
    request.unix_socket = options_.socket;
    request.http2_prior_knowledge = true;
    request.use_proxy = false;
    request.max_redirects = 0;
    request.headers.Set("Content-Type", "application/grpc");
    request.headers.Set("TE", "trailers");
    request.body = GrpcFrame(message);
    request.max_response_bytes = kMaxAnswerBytes;
    request.timeouts.total = net::Milliseconds(60'000);
    request.stop = stop;
    SCANTLING_TRY(net::HttpResponse answer, client_.Send(request));
    // An answer without a body has the status among its headers.
    std::string_view status = answer.trailers.Text("grpc-status");
    std::string_view text = answer.trailers.Text("grpc-message");
    if (status.empty()) {
      status = answer.headers.Text("grpc-status");
      text = answer.headers.Text("grpc-message");
    }
    if (answer.status != 200 || status != "0") {
      return base::Error(
          base::ErrorCode::kIo,
          std::string(method) + ": " +
              (status.empty() ? "status " + std::to_string(answer.status)
                              : "gRPC status " + std::string(status) + " " +
                                    base::ToUtf8(text.substr(0, 300))) +
              (status == "12" ? " (the runtime's CRI plugin is switched off, or older than v1)"
                              : ""));
    }
    return std::move(answer.body);
  }

  base::Result<void> FindStarted(Copy& copy, const std::stop_token& stop) const {
    const auto answer =
        Call("RuntimeService/ContainerStatus", ContainerStatusRequest(copy.uid), stop);
    if (!answer) {
      return {};  // it has ended meanwhile: when it was made is near enough
    }
    SCANTLING_TRY(const std::string_view message, GrpcMessage(*answer));
    SCANTLING_TRY(const Millis started, ParseCriStarted(message));
    copy.started = started == 0 ? copy.started : started;
    return {};
  }

  base::Result<void> AskImages(const std::stop_token& stop) {
    SCANTLING_TRY(const std::string answer, Call("ImageService/ListImages", "", stop));
    SCANTLING_TRY(const std::string_view message, GrpcMessage(answer));
    SCANTLING_TRY(images_, ParseCriImages(message));
    return {};
  }

  // containerd's reference is the configuration's digest, CRI-O's the registry's.
  void NameDigest(Copy& copy) {
    std::string own;
    std::string any;
    const auto found = images_.find(copy.image_id);
    if (found != images_.end()) {
      for (const std::string& name : found->second) {
        const std::string digest = DigestIn(name);
        const std::string_view repository =
            std::string_view(name).substr(0, std::min(name.find('@'), name.size()));
        if (own.empty() && copy.reference.starts_with(repository)) {
          own = digest;
        }
        any = any.empty() ? digest : any;
      }
    } else {
      images_[copy.image_id] = {};  // not asked for again before something else is unknown
    }
    const std::string id = DigestIn(copy.image_id);
    copy.digest = !own.empty() ? own : !any.empty() ? any : id;
    if (copy.digest.empty()) {
      copy.digest = DigestIn(copy.reference);
    }
    copy.image_id = id == copy.digest ? "" : id;
  }

  const net::HttpClient& client_;
  const World& world_;
  CriOptions options_;
  std::map<std::string, Millis> started_;
  std::map<std::string, std::vector<std::string>> images_;
};

}  // namespace

std::unique_ptr<Source> CriSource(const net::HttpClient& client, const World& world,
                                  CriOptions options) {
  return std::make_unique<Cri>(client, world, std::move(options));
}

}  // namespace scantling::agent
