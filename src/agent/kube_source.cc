// See kube_source.h.
//
// Certificates and keys that a kubeconfig holds as bytes go to the TLS library by files in memory:
// nothing secret is written to a disk.
#include "agent/kube_source.h"

#include "agent/pods.h"
#include "base/file.h"
#include "base/strings.h"
#include "net/line_reader.h"
#include "net/retry.h"
#include "net/url.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <sys/mman.h>

namespace scantling::agent {
namespace {

constexpr uint64_t kMaxPageBytes = uint64_t{128} << 20;
constexpr size_t kPageBytes = size_t{1} << 20;
constexpr size_t kFirstPage = 100;
constexpr size_t kLeastPage = 25;
constexpr size_t kMaxEventBytes = size_t{8} << 20;
constexpr uint64_t kMaxTokenBytes = 64 << 10;
constexpr size_t kMaxJobs = 10'000;

class MemoryFile {
 public:
  base::Result<std::string> Put(const std::string& bytes, const char* name) {
    fd_ = base::Fd(::memfd_create(name, MFD_CLOEXEC));
    if (!fd_.valid()) {
      return base::IoError("a file in memory");
    }
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t written = ::write(fd_.get(), bytes.data() + at, bytes.size() - at);
      if (written < 0 && errno != EINTR) {
        return base::IoError("a file in memory");
      }
      at += written > 0 ? static_cast<size_t>(written) : 0;
    }
    return "/proc/self/fd/" + std::to_string(fd_.get());
  }

 private:
  base::Fd fd_;
};

base::Error Refused(const std::string& what, const net::HttpResponse& answer) {
  codec::Json parser;
  std::string text;
  if (const auto root = parser.Parse(answer.body)) {
    text = base::ToUtf8((*root)["message"].Text().substr(0, 300));
  }
  return {base::ErrorCode::kIo, what + ": the API server answers " + std::to_string(answer.status) +
                                    (text.empty() ? "" : ": " + text)};
}

class Kube : public Source {
 public:
  Kube(const net::HttpClient& client, const World& world, KubeOptions options)
      : client_(client), world_(world), options_(std::move(options)) {}

  base::Result<void> Prepare() {
    KubeAccess& access = options_.access;
    if (!access.ca.empty()) {
      SCANTLING_TRY(access.ca_file, ca_.Put(access.ca, "ca"));
    }
    if (!access.certificate.empty()) {
      SCANTLING_TRY(access.certificate_file, certificate_.Put(access.certificate, "certificate"));
    }
    if (!access.key.empty()) {
      SCANTLING_TRY(access.key_file, key_.Put(access.key, "key"));
      std::fill(access.key.begin(), access.key.end(), '\0');
      access.key.clear();
    }
    return {};
  }

  std::string Name() const override { return "the Kubernetes API at " + options_.access.server; }

  base::Result<std::vector<Copy>> List(const std::stop_token& stop) override {
    std::vector<Copy> out;
    std::string next;
    pods_.clear();
    std::string version;
    size_t limit = std::min(kFirstPage, options_.page);
    do {
      std::string target = "/api/v1/pods?limit=" + std::to_string(limit);
      if (!next.empty()) {
        target += "&continue=" + net::PercentEncode(next);
      }
      SCANTLING_TRY(const net::HttpResponse answer, Get(target, stop));
      if (answer.status != 200) {
        return Refused("the list of pods", answer);
      }
      std::vector<PodCopies> page;
      SCANTLING_TRY(const PodPage got,
                    ReadPodList(answer.body, options_.annotations, [&page](PodCopies pod) {
                      page.push_back(std::move(pod));
                      return true;
                    }));
      version = got.resource_version;
      next = got.next;
      // Large pods come fewer at once: pages are most of the memory that we need.
      const size_t pod_bytes = answer.body.size() / std::max<size_t>(page.size(), 1) + 1;
      limit = std::clamp<size_t>(kPageBytes / pod_bytes, std::min(kLeastPage, options_.page),
                                 options_.page);
      for (PodCopies& pod : page) {
        NameJob(pod, stop);
        for (Copy& copy : pod.copies) {
          pods_[pod.pod_uid].push_back(copy.uid);
          out.push_back(std::move(copy));
        }
      }
    } while (!next.empty());
    version_ = version;
    ::malloc_trim(0);  // pages and their parsed form are far larger than what is kept of them
    return out;
  }

  void Follow(Ledger& ledger, const std::stop_token& stop) override {
    Trouble trouble(world_, Name());
    Backoff backoff(world_, 500, 30'000);
    while (!stop.stop_requested()) {
      auto done = Step(ledger, stop, trouble, backoff);
      if (stop.stop_requested()) {
        return;
      }
      if (done) {
        continue;
      }
      ledger.SetLive(false);
      trouble.Is(done.error().Message());
      if (!net::Pause(net::Milliseconds(backoff.Next()), stop)) {
        return;
      }
    }
  }

 private:
  base::Result<net::HttpRequest> Request(const std::string& target,
                                         const std::stop_token& stop) const {
    const KubeAccess& access = options_.access;
    net::HttpRequest out;
    out.url = access.server + target;
    out.headers.Set("Accept", "application/json");
    std::string token = access.token;
    if (token.empty() && !access.token_file.empty()) {
      SCANTLING_TRY(token, base::ReadFile(access.token_file, kMaxTokenBytes).With("the token"));
      token = base::Trim(token);
    }
    if (!token.empty()) {
      out.headers.Set("Authorization", "Bearer " + token);
    }
    out.ca_file = access.ca_file;
    out.insecure = access.insecure;
    out.client_certificate = access.certificate_file;
    out.client_key = access.key_file;
    out.max_redirects = 0;
    out.stop = stop;
    return out;
  }

  base::Result<net::HttpResponse> Get(const std::string& target,
                                      const std::stop_token& stop) const {
    SCANTLING_TRY(net::HttpRequest request, Request(target, stop));
    request.max_response_bytes = kMaxPageBytes;
    request.accept_compressed = true;
    request.timeouts.total = net::Milliseconds(120'000);
    return client_.Send(request);
  }

  // A CronJob stands behind many a Job; only the Job itself says so.
  void NameJob(PodCopies& pod, const std::stop_token& stop) {
    if (pod.job.empty() || pod.copies.empty()) {
      return;
    }
    const std::string key = pod.name_space + "/" + pod.job;
    auto found = jobs_.find(key);
    if (found == jobs_.end()) {
      std::pair<std::string, std::string> owner;
      const auto answer = Get("/apis/batch/v1/namespaces/" + net::PercentEncode(pod.name_space) +
                                  "/jobs/" + net::PercentEncode(pod.job),
                              stop);
      if (answer && answer->status == 200) {
        if (auto controller = ReadController(answer->body)) {
          owner = *std::move(controller);
        }
      } else if (!answer) {
        return;  // asked again when the pod is next heard of
      }
      if (jobs_.size() >= kMaxJobs) {
        jobs_.clear();
      }
      found = jobs_.emplace(key, std::move(owner)).first;
    }
    if (!found->second.first.empty()) {
      for (Copy& copy : pod.copies) {
        copy.workload_kind = found->second.first;
        copy.workload = found->second.second;
      }
    }
  }

  // One list, or one watch.
  base::Result<void> Step(Ledger& ledger, const std::stop_token& stop, Trouble& trouble,
                          Backoff& backoff) {
    if (version_.empty()) {
      const Millis before = world_.now();
      SCANTLING_TRY(std::vector<Copy> copies, List(stop));
      ledger.Replace(std::move(copies), before);
    }
    SCANTLING_TRY(net::HttpRequest request,
                  Request("/api/v1/pods?watch=1&allowWatchBookmarks=true&timeoutSeconds=" +
                              std::to_string(options_.watch.count()) +
                              "&resourceVersion=" + net::PercentEncode(version_),
                          stop));
    request.max_response_bytes = 0;
    request.timeouts.low_speed = options_.silence;
    SCANTLING_TRY(const auto stream, client_.Open(request));
    if (stream->status() == 410) {
      version_.clear();
      return {};
    }
    if (stream->status() != 200) {
      if (stream->status() == 400 || stream->status() == 404) {
        version_.clear();  // another server's, or a restored one's: its versions mean nothing now
      }
      net::HttpResponse answer;
      answer.status = stream->status();
      answer.body.resize(4096);
      size_t size = 0;
      while (size < answer.body.size()) {
        const auto count = stream->Read(std::as_writable_bytes(
            std::span(answer.body.data() + size, answer.body.size() - size)));
        if (!count || *count == 0) {
          break;
        }
        size += *count;
      }
      answer.body.resize(size);
      return Refused("the watch of pods", answer);
    }
    ledger.SetLive(true);
    trouble.Over();
    net::LineReader lines(*stream, kMaxEventBytes);
    codec::Json parser;
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
      SCANTLING_TRY(const auto line, lines.Next());
      if (!line) {
        // The server ends a watch when its time is up. One that ends at once is not asked for
        // again at once.
        if (std::chrono::steady_clock::now() - begin > std::chrono::seconds(1)) {
          return {};
        }
        return base::Error(base::ErrorCode::kIo, "the watch of pods ended at once");
      }
      if (line->empty()) {
        continue;
      }
      SCANTLING_TRY(PodEvent event, ReadPodEvent(parser, *line, options_.annotations));
      if (event.kind == PodEvent::Kind::kExpired) {
        version_.clear();
        return {};
      }
      if (event.kind == PodEvent::Kind::kError) {
        version_.clear();
        return base::Error(base::ErrorCode::kIo,
                           "the watch of pods: " + base::ToUtf8(event.text.substr(0, 300)));
      }
      backoff.Reset();
      if (!event.pod.resource_version.empty()) {
        version_ = event.pod.resource_version;
      }
      if (event.kind == PodEvent::Kind::kSeen || event.kind == PodEvent::Kind::kDeleted) {
        if (event.kind == PodEvent::Kind::kDeleted) {
          event.pod.copies.clear();
        }
        Take(ledger, std::move(event.pod), stop);
      }
    }
  }

  void Take(Ledger& ledger, PodCopies pod, const std::stop_token& stop) {
    NameJob(pod, stop);
    const Millis at = world_.now();
    std::vector<std::string> now;
    for (const Copy& copy : pod.copies) {
      now.push_back(copy.uid);
    }
    const auto before = pods_.find(pod.pod_uid);
    if (before != pods_.end()) {
      for (const std::string& uid : before->second) {
        if (std::find(now.begin(), now.end(), uid) == now.end()) {
          ledger.Remove(uid, at);
        }
      }
    }
    for (Copy& copy : pod.copies) {
      ledger.Put(std::move(copy), at);
    }
    if (now.empty()) {
      if (before != pods_.end()) {
        pods_.erase(before);
      }
    } else {
      pods_[pod.pod_uid] = std::move(now);
    }
  }

  const net::HttpClient& client_;
  const World& world_;
  KubeOptions options_;
  MemoryFile ca_;
  MemoryFile certificate_;
  MemoryFile key_;
  std::string version_;  // where the watch goes on; "" = list first
  std::map<std::string, std::vector<std::string>> pods_;  // uids of copies by the pod's uid
  std::map<std::string, std::pair<std::string, std::string>> jobs_;  // "namespace/job": controller
};

}  // namespace

base::Result<std::unique_ptr<Source>> KubeSource(const net::HttpClient& client, const World& world,
                                                 KubeOptions options) {
  auto source = std::make_unique<Kube>(client, world, std::move(options));
  SCANTLING_DO(source->Prepare());
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace scantling::agent
