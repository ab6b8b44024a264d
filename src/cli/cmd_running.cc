// scantling running: tells a Scantling server what runs on this host, in a Kubernetes cluster, or
// in a file of pods. The room agent does the work; here its sources are found, and the clock,
// chance and signals come in. docs/running.md walks through it.
#include "agent/cri_source.h"
#include "agent/docker_source.h"
#include "agent/kube_source.h"
#include "agent/pods.h"
#include "agent/run.h"
#include "base/file.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "net/address_policy.h"
#include "net/url.h"

#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <thread>

namespace scantling::cli {
namespace {

constexpr uint64_t kMaxKubeConfigBytes = uint64_t{16} << 20;
constexpr uint64_t kMaxPodsBytes = uint64_t{256} << 20;
constexpr uint64_t kLeastInterval = 5;
constexpr uint64_t kMostInterval = 86'400;
constexpr size_t kShownDigests = 20;
constexpr const char* kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

base::Error Usage(std::string text) { return {base::ErrorCode::kUsage, std::move(text)}; }

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool Exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

agent::Millis NowMillis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string HostName() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// SIGTERM and SIGINT stop what runs; threads that are started while this lives inherit that the
// signals are blocked.
class StopOnSignals {
 public:
  StopOnSignals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal_ = base::Fd(::signalfd(-1, &signals, SFD_CLOEXEC));
    done_ = base::Fd(::eventfd(0, EFD_CLOEXEC));
    thread_ = std::thread([this] { Wait(); });
  }
  ~StopOnSignals() {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(done_.get(), &one, sizeof(one));
    thread_.join();
  }
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;
  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Wait() {
    std::array<pollfd, 2> wanted = {pollfd{signal_.get(), POLLIN, 0},
                                    pollfd{done_.get(), POLLIN, 0}};
    while (::poll(wanted.data(), wanted.size(), -1) < 0) {
    }
    if (wanted[0].revents != 0) {
      stop_.request_stop();
    }
  }

  std::stop_source stop_;
  base::Fd signal_;
  base::Fd done_;
  std::thread thread_;
};

class Running {
 public:
  explicit Running(const Settings& settings) : settings_(settings), generator_(Seed()) {
    world_.now = NowMillis;
    world_.chance = [this] {
      const std::lock_guard lock(mutex_);
      return std::uniform_real_distribution<double>(0.0, 1.0)(generator_);
    };
    world_.say = [this](std::string_view line) { Note(settings_, line); };
  }

  base::Result<void> Run(std::string_view where) {
    SCANTLING_DO(Check(where));
    reporter_.environment = settings_.environment;
    reporter_.cluster = settings_.cluster;
    reporter_.interval_seconds = static_cast<int64_t>(settings_.interval);
    if (!settings_.from_file.empty()) {
      return FromFile();
    }
    std::unique_ptr<agent::Source> source;
    if (where == "kubernetes") {
      SCANTLING_TRY(source, Kubernetes());
    } else {
      SCANTLING_TRY(source, Host());
    }
    if (!settings_.name.empty()) {
      reporter_.name = settings_.name;
    }
    const StopOnSignals signals;
    if (settings_.print || settings_.once) {
      SCANTLING_TRY(const std::vector<agent::Copy> copies,
                    source->List(signals.token()).With(source->Name()));
      return Once(copies, signals.token());
    }
    Note(settings_, "reporting as \"" + reporter_.name + "\" what " + source->Name() + " runs");
    agent::Sender sender(client_, world_, Server(), reporter_,
                         {.interval = std::chrono::seconds(settings_.interval)});
    agent::Run(*source, sender, signals.token());
    return {};
  }

 private:
  static uint64_t Seed() {
    std::random_device device;
    return (uint64_t{device()} << 32) | device();
  }

  base::Result<void> Check(std::string_view where) const {
    if (!where.empty() && where != "host" && where != "kubernetes") {
      return Usage("\"" + std::string(where) + "\": what runs is told of host or kubernetes");
    }
    if (settings_.interval < kLeastInterval || settings_.interval > kMostInterval) {
      return Usage("--interval must be from " + std::to_string(kLeastInterval) + " to " +
                   std::to_string(kMostInterval) + " seconds");
    }
    if (settings_.print) {
      return {};
    }
    if (settings_.server.empty()) {
      return Usage(
          "whom to tell? Name the Scantling server with --server URL (or use --print to see what "
          "would be sent)");
    }
    auto url = net::ParseUrl(settings_.server);
    if (!url) {
      return Usage("--server: " + url.error().Message());
    }
    if (url->scheme == "http" && !net::IsLoopbackHost(url->host) &&
        (!settings_.token.empty() || !settings_.token_file.empty())) {
      Warn(settings_, "the token goes to " + url->Origin() + " without encryption: use https");
    }
    return {};
  }

  agent::ServerAddress Server() const {
    agent::ServerAddress out;
    out.url = settings_.server;
    out.token = settings_.token;
    out.token_file = settings_.token_file;
    out.ca_file = settings_.ca_file;
    return out;
  }

  // --print and --once.
  base::Result<void> Once(const std::vector<agent::Copy>& copies, const std::stop_token& stop) {
    const std::string body = agent::Snapshot(reporter_, copies, world_.now());
    if (settings_.print) {
      return WriteTo("", body);
    }
    agent::Sender sender(client_, world_, Server(), reporter_, {});
    SCANTLING_TRY(const agent::Outcome outcome, sender.Send(body, stop));
    std::string text = std::to_string(outcome.running) +
                       " running copies: " + std::to_string(outcome.started) + " started, " +
                       std::to_string(outcome.ended) + " ended since the last report";
    if (!outcome.unscanned.empty()) {
      text += "; images that nobody scanned yet: " + std::to_string(outcome.unscanned.size());
    }
    Note(settings_, text);
    for (size_t i = 0; i < std::min(outcome.unscanned.size(), kShownDigests); ++i) {
      Note(settings_, "  " + outcome.unscanned[i]);
    }
    return {};
  }

  base::Result<void> FromFile() {
    if (settings_.cluster.empty()) {
      return Usage("--from-file needs --cluster NAME: where these pods run");
    }
    const std::string path = settings_.from_file == "-" ? "/dev/stdin" : settings_.from_file;
    std::vector<agent::Copy> copies;
    SCANTLING_TRY(const std::string text, base::ReadFile(path, kMaxPodsBytes));
    SCANTLING_TRY(const agent::PodPage page,
                  agent::ReadPodList(text, settings_.annotations, [&copies](agent::PodCopies pod) {
                    for (agent::Copy& copy : pod.copies) {
                      copies.push_back(std::move(copy));
                    }
                    return true;
                  }).With(settings_.from_file));
    static_cast<void>(page);
    reporter_.kind = "file";
    reporter_.name = settings_.name.empty() ? "cluster " + settings_.cluster : settings_.name;
    if (!settings_.origins.contains("interval")) {
      reporter_.interval_seconds = static_cast<int64_t>(kMostInterval);
    }
    const StopOnSignals signals;
    return Once(copies, signals.token());
  }

  base::Result<std::unique_ptr<agent::Source>> Host() {
    const std::string host = HostName();
    reporter_.kind = "host";
    reporter_.name = "host " + host;
    std::string socket = settings_.socket;
    bool cri = false;
    if (socket.empty()) {
      SCANTLING_TRY(socket, FindSocket());
    }
    if (socket.starts_with("cri:") || socket.starts_with("docker:")) {
      cri = socket.starts_with("cri:");
      socket = socket.substr(socket.find(':') + 1);
    } else {
      cri = base::BaseName(socket).find("containerd") != std::string_view::npos ||
            base::BaseName(socket).find("crio") != std::string_view::npos;
    }
    if (socket.starts_with("unix://")) {
      socket = socket.substr(7);
    }
    if (!Exists(socket)) {
      return base::NotFound("there is no socket " + socket);
    }
    if (cri) {
      return agent::CriSource(client_, world_, {.socket = socket, .node = host});
    }
    return agent::DockerSource(
        client_, world_,
        {.socket = socket, .node = host, .relist = std::chrono::seconds(settings_.interval)});
  }

  base::Result<std::string> FindSocket() const {
    for (const char* name : {"CONTAINER_HOST", "DOCKER_HOST"}) {
      const std::string value = Variable(name);
      if (value.starts_with("unix://")) {
        return value;
      }
      if (!value.empty()) {
        return Usage(std::string(name) + " is " + value +
                     ": only sockets of this machine are read; name one with --socket PATH");
      }
    }
    std::vector<std::string> places = {"/run/podman/podman.sock", "/run/docker.sock",
                                       "/var/run/docker.sock", "/run/crio/crio.sock",
                                       "/run/containerd/containerd.sock"};
    if (const std::string folder = Variable("XDG_RUNTIME_DIR"); !folder.empty()) {
      places.push_back(folder + "/podman/podman.sock");
      places.push_back(folder + "/docker.sock");
    }
    std::vector<std::string> found;
    for (const std::string& place : places) {
      // /var/run is /run on most systems.
      const bool again = place == "/var/run/docker.sock" && Exists("/run/docker.sock");
      if (!again && Exists(place)) {
        found.push_back(place);
      }
    }
    if (found.empty()) {
      return base::NotFound("no container runtime's socket was found (looked at " +
                            base::Join(places, ", ") +
                            "); name one with --socket PATH. For podman: systemctl enable --now "
                            "podman.socket");
    }
    if (found.size() > 1) {
      Note(settings_, "there are several container runtimes; this one is reported: " + found[0] +
                          ". For the others run one reporter each, with --socket and --name: " +
                          base::Join({found.begin() + 1, found.end()}, ", "));
    }
    return found[0];
  }

  base::Result<std::unique_ptr<agent::Source>> Kubernetes() {
    agent::KubeOptions options;
    SCANTLING_TRY(options.access, Access());
    options.annotations = settings_.annotations;
    if (reporter_.cluster.empty()) {
      reporter_.cluster = options.access.cluster;
    }
    if (reporter_.cluster.empty()) {
      return Usage("name the cluster with --cluster NAME: a service account does not know it");
    }
    reporter_.kind = "kubernetes";
    reporter_.name = "cluster " + reporter_.cluster;
    return agent::KubeSource(client_, world_, std::move(options));
  }

  base::Result<agent::KubeAccess> Access() const {
    std::vector<std::string> paths;
    const std::string variable = Variable("KUBECONFIG");
    if (!settings_.kubeconfig.empty()) {
      paths.push_back(settings_.kubeconfig);
    } else if (!variable.empty()) {
      for (const std::string_view path : base::Split(variable, ':')) {
        if (!path.empty() && Exists(std::string(path))) {
          paths.emplace_back(path);
        }
      }
    } else if (const std::string host = Variable("KUBERNETES_SERVICE_HOST");
               !host.empty() && Exists(std::string(kServiceAccount) + "/token")) {
      const std::string port = Variable("KUBERNETES_SERVICE_PORT");
      return agent::ServiceAccountAccess(host, port.empty() ? "443" : port, kServiceAccount);
    } else if (const std::string home = Variable("HOME"); !home.empty()) {
      paths.push_back(home + "/.kube/config");
    }
    if (paths.empty() || (settings_.kubeconfig.empty() && !Exists(paths[0]))) {
      return Usage("how to reach the cluster? Name a kubeconfig with --kubeconfig FILE");
    }
    std::vector<agent::KubeConfigFile> files;
    for (const std::string& path : paths) {
      SCANTLING_TRY(std::string text, base::ReadFile(path, kMaxKubeConfigBytes));
      files.push_back({path, std::move(text)});
    }
    return agent::ParseKubeConfig(files, settings_.kube_context);
  }

  const Settings& settings_;
  std::mutex mutex_;
  std::mt19937_64 generator_;
  agent::World world_;
  net::HttpClient client_{{.user_agent = std::string("scantling/") + SCANTLING_VERSION}};
  agent::Reporter reporter_;
};

// On machines that have other work, large texts (lists of pods, messages) go back to the kernel as
// soon as they are read.
void ReturnMemory() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, 128 << 10);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 10);
  ::mallopt(M_TOP_PAD, 64 << 10);
}

}  // namespace

int RunRunning(const Invocation& invocation) {
  ReturnMemory();
  const std::string where = invocation.arguments.empty() ? "" : invocation.arguments[0];
  const auto done = Running(invocation.settings).Run(where);
  return done ? static_cast<int>(kDone) : Fail(done.error());
}

}  // namespace scantling::cli
