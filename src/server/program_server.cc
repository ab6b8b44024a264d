#include "server/program_server.h"

#include "base/digest.h"
#include "codec/json_writer.h"
#include "net/http_client.h"
#include "program/documents.h"
#include "program/mail.h"
#include "program/notify.h"
#include "program/rejudge.h"
#include "server/access/routes.h"
#include "server/api/api.h"
#include "server/metrics.h"
#include "store/jobs.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <sys/stat.h>
#include <thread>

namespace scantling::server {
namespace {

using program::Millis;

constexpr std::string_view kAddress = "address";  // a document of the store
constexpr Millis kLease = 60'000;
constexpr int64_t kAttempts = 8;
constexpr size_t kAnswerShown = 200;
constexpr Millis kJobsKept = 30 * program::kMillisPerDay;

// What tells that a file is another one.
struct FileMark {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t changed = 0;
  int64_t size = -1;
  auto operator<=>(const FileMark&) const = default;
};

FileMark MarkOf(const std::string& path) {
  struct stat info{};
  if (path.empty() || ::stat(path.c_str(), &info) != 0) {
    return {};
  }
  return {info.st_dev, info.st_ino,
          int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec, info.st_size};
}

}  // namespace

struct ProgramServer::State {
  ProgramOptions options;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<program::Service> service;
  std::unique_ptr<access::Access> access;
  http::Router router;
  std::unique_ptr<access::Guard> guard;
  std::unique_ptr<access::Oidc> oidc;
  std::unique_ptr<http::Server> http;
  std::unique_ptr<net::HttpClient> client;
  FileMark advisories;
  std::string worker;
  std::mutex mutex;
  std::condition_variable_any wake;
  Millis pruned = 0;
  std::unique_ptr<RegistryWork> registries;
  std::latch started{1};  // `http` is set, or there is none
  // Last: they end before what they use.
  std::jthread background;
  std::jthread deliveries;  // apart, since a receiver may be slow

  void Log(std::string_view what, std::string_view text) const {
    if (!options.log) {
      return;
    }
    std::string line;
    codec::JsonWriter json(&line, codec::JsonWriter::Layout::kCompact);
    json.BeginObject();
    json.Text("at", program::FormatMillis(options.now()));
    json.Text("what", what);
    json.Text("text", text);
    json.EndObject();
    options.log(line);
  }

  // How people reach the server, "" for a worker that was not told.
  std::string Address() const {
    if (!options.public_url.empty()) {
      return options.public_url;
    }
    started.wait();
    return http != nullptr ? http->url() : std::string();
  }

  // For `scantling sign-in`, which makes links to a server that runs elsewhere.
  base::Result<void> KeepAddress() {
    const std::string address = Address();
    if (!options.serve || address.empty()) {
      return {};
    }
    SCANTLING_TRY(const std::string last, LastAddress(*store));
    if (last == address) {
      return {};
    }
    return service->Write(
        [&](program::Change& change) { return program::WriteDocument(change, kAddress, address); });
  }

  base::Result<void> LoadAdvisories() {
    const FileMark mark = MarkOf(options.advisories);
    if (service->database() != nullptr && mark == advisories) {
      return {};
    }
    auto opened = options.advisories.empty() ? advisory::OpenEmbedded()
                                             : advisory::Database::Open(options.advisories);
    if (!opened) {
      return std::move(opened).error().With("the advisory database " + options.advisories);
    }
    if (service->database() == nullptr && !options.advisories_chosen) {
      SCANTLING_TRY(const std::string newer, program::NewerAdvisories(*store, *opened));
      if (!newer.empty()) {
        return base::Error(
            base::ErrorCode::kUsage,
            "what is stored was judged by newer advisories (" + newer + ") than " +
                (options.advisories.empty() ? "the starter set" : options.advisories) +
                ": name the database that all processes of this store use, with "
                "--db FILE");
      }
    }
    advisories = mark;
    SCANTLING_TRY(
        const program::Judged judged,
        service->UseDatabase(std::make_shared<const advisory::Database>(*std::move(opened))));
    if (judged.versions > 0) {
      Log("judged", std::to_string(judged.versions) +
                        " component versions: " + std::to_string(judged.opened) + " opened, " +
                        std::to_string(judged.closed) + " closed, " +
                        std::to_string(judged.updated) + " changed");
    }
    return {};
  }

  // One delivery: who of several receivers did not get it. The error is what the receiver or the
  // network said.
  base::Result<std::string> Deliver(const program::Delivery& delivery, const store::Job& job) {
    std::vector<program::Channel> channels;
    auto read = store->Read([&](store::Connection& connection) -> base::Result<void> {
      SCANTLING_TRY(channels, program::ReadChannels(connection));
      return {};
    });
    SCANTLING_DO(std::move(read));
    const auto channel =
        std::find_if(channels.begin(), channels.end(),
                     [&](const program::Channel& one) { return one.name == delivery.channel; });
    if (channel == channels.end()) {
      return base::NotFound("the channel \"" + delivery.channel + "\" is no more");
    }
    if (channel->kind == program::ChannelKind::kEmail) {
      return DeliverMail(*channel, delivery, job);
    }
    net::HttpRequest request;
    request.method = "POST";
    request.url = channel->url;
    request.ca_file = options.ca_file;
    request.body = delivery.body;
    request.headers.Set("Content-Type", "application/json");
    request.headers.Set("X-Scantling-Delivery", job.key);
    if (!channel->secret.empty()) {
      request.headers.Set("X-Scantling-Signature-256",
                          program::Sign(channel->secret, delivery.body));
    }
    request.timeouts.total = std::chrono::seconds(20);
    request.max_response_bytes = 1 << 20;
    request.max_redirects = 0;
    SCANTLING_TRY(const net::HttpResponse response, client->Send(request));
    if (response.status < 200 || response.status > 299) {
      return base::Error(
          base::ErrorCode::kIo,
          "the receiver answered " + std::to_string(response.status) + FirstWords(response.body));
    }
    return std::string();
  }

  // ": invalid_token": what a receiver says of its refusal, on one line.
  static std::string FirstWords(std::string_view body) {
    std::string out;
    for (const char c : base::ToUtf8(body.substr(0, kAnswerShown))) {
      const bool blank = c == ' ' || (c >= 0 && c < ' ') || c == 127;
      if (!blank) {
        out += c;
      } else if (!out.empty() && out.back() != ' ') {
        out += ' ';
      }
    }
    return out.empty() ? out : ": " + out;
  }

  base::Result<std::string> DeliverMail(const program::Channel& channel,
                                        const program::Delivery& delivery,
                                        const store::Job& job) const {
    if (options.smtp.url.empty()) {
      return base::Error(base::ErrorCode::kUsage,
                         "this server has no SMTP server to send mail by (--smtp-server)");
    }
    program::Mail mail;
    mail.from = options.mail_from;
    mail.to = channel.to;
    mail.subject = "[Scantling] " + delivery.subject;
    mail.body = delivery.body;
    // Made of when it was queued, so that another try is the same message.
    mail.id = base::Sha256Of(base::AsBytes(job.key + " " + std::to_string(job.created)))
                  .Hex()
                  .substr(0, 32);
    mail.at = job.created;
    SCANTLING_TRY(const std::vector<std::string> refused,
                  net::SendMail(options.smtp, mail.from, mail.to, program::MailText(mail)));
    return refused.empty() ? std::string() : "sent, but not to " + base::Join(refused, "; nor to ");
  }

  base::Result<bool> RunJob() {
    SCANTLING_TRY(const std::optional<store::Job> job,
                  store::Claim(*store, {"notify"}, worker, options.now(), kLease));
    if (!job) {
      return false;
    }
    auto delivery = program::ParseDelivery(job->payload);
    const base::Result<std::string> sent =
        delivery ? Deliver(*delivery, *job)
                 : base::Result<std::string>(std::move(delivery).error());
    auto written =
        store->Write(store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
          if (sent) {
            SCANTLING_DO(store::Complete(connection, *job, options.now(), *sent));
            return {};
          }
          const bool again = job->attempts < kAttempts &&
                             sent.error().code() != base::ErrorCode::kNotFound &&
                             sent.error().code() != base::ErrorCode::kUsage;
          SCANTLING_DO(store::Fail(connection, *job, sent.error().Message(), options.now(),
                                   again ? options.now() + store::RetryPause(job->attempts) : 0));
          return {};
        });
    SCANTLING_DO(std::move(written));
    if (!sent || !sent->empty()) {
      Log("notify", job->key + ": " + (sent ? *sent : sent.error().Message()));
    }
    return true;
  }

  base::Result<void> Round() {
    SCANTLING_DO(LoadAdvisories());
    SCANTLING_DO(program::PlanNotifications(*service, Address()));
    SCANTLING_DO(registries->Plan());
    if (options.now() - pruned > 3'600'000) {
      pruned = options.now();
      SCANTLING_DO(access->Prune());
      auto written = store->Write(
          store::Order::kFree, [&](store::Connection& connection) -> base::Result<void> {
            SCANTLING_DO(store::PruneJobs(connection, options.now() - kJobsKept));
            return {};
          });
      SCANTLING_DO(std::move(written));
    }
    return {};
  }

  base::Result<void> Deliveries(const std::stop_token& stop) {
    bool more = true;
    while (more && !stop.stop_requested()) {
      SCANTLING_TRY(more, RunJob());
    }
    return {};
  }

  void Work(const std::stop_token& stop, const std::function<base::Result<void>()>& work) {
    std::string last;
    while (!stop.stop_requested()) {
      if (auto round = work(); !round) {
        // Said once, not every two seconds.
        if (round.error().Message() != last) {
          last = round.error().Message();
          Log("background", last);
        }
      } else {
        last.clear();
      }
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, options.every, [] { return false; });
    }
  }
};

base::Result<std::string> LastAddress(store::Store& store) {
  std::string out;
  auto read = store.Read([&](store::Connection& connection) -> base::Result<void> {
    SCANTLING_TRY(out, program::ReadDocumentOrNothing(connection, kAddress));
    return {};
  });
  SCANTLING_DO(std::move(read));
  return out;
}

base::Result<std::string> SignInLink(access::Access& access, std::string_view name,
                                     std::string_view url) {
  SCANTLING_TRY(const auto user, access.FindUser(name));
  if (!user) {
    return base::NotFound("there is no user \"" + std::string(name) +
                          "\"; an administrator makes users under Settings");
  }
  access::Viewer by;
  by.name = "terminal";
  by.role = access::Role::kAdmin;
  by.sees_all = true;
  SCANTLING_TRY(const std::string secret, access.CreateLink(by, user->id));
  return std::string(url) + "/sign-in/link/" + secret;
}

ProgramServer::ProgramServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ProgramServer::~ProgramServer() { Stop(std::chrono::milliseconds(0)); }

base::Result<std::unique_ptr<ProgramServer>> ProgramServer::Start(ProgramOptions options) {
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  const ProgramOptions& set = state->options;
  SCANTLING_TRY(state->store, store::Store::Open(set.store));
  state->service = std::make_unique<program::Service>(
      *state->store, program::ServiceOptions{.now = set.now, .jobs = set.jobs});
  access::AccessOptions access;
  access.now = set.now;
  access.random = set.random;
  access.provider_session_ms = set.oidc.session_ms;
  SCANTLING_TRY(state->access, access::Access::Open(*state->store, std::move(access)));
  net::AddressPolicy policy = net::AddressPolicy::PublicOnly();
  for (const std::string& range : set.allowed_ranges) {
    SCANTLING_DO(policy.Allow(range).With("--allow-address " + range));
  }
  state->client = std::make_unique<net::HttpClient>(net::ClientOptions{policy, "scantling"});
  std::array<std::byte, 8> name{};
  set.random(name);
  state->worker = base::Sha256Of(name).Hex().substr(0, 16);
  SCANTLING_DO(state->LoadAdvisories());
  RegistryWorkOptions registries = set.registries;
  registries.registry.policy = policy;
  registries.worker = state->worker;
  registries.log = [state = state.get()](std::string_view what, std::string_view text) {
    state->Log(what, text);
  };
  state->registries = std::make_unique<RegistryWork>(*state->service, std::move(registries));
  if (set.serve) {
    state->guard = std::make_unique<access::Guard>(state->router, *state->access);
    access::AddRoutes(state->router, *state->guard, *state->access);
    if (!set.oidc.issuer.empty()) {
      SCANTLING_DO(access::CheckOidcOptions(set.oidc));
      state->oidc = std::make_unique<access::Oidc>(
          set.oidc, *state->access, [state = state.get()] { return state->Address(); });
    }
    access::AddSignOnRoutes(state->router, state->oidc.get());
    api::AddRoutes({.service = *state->service,
                    .guard = *state->guard,
                    .access = *state->access,
                    .router = state->router,
                    .address = [state = state.get()] { return state->Address(); },
                    .mail = !set.smtp.url.empty(),
                    .demo = set.demo});
    api::AddRegistryEventRoutes(state->router, *state->service, *state->access);
    AddMetrics(state->router, *state->guard, *state->service, [state = state.get()] {
      state->started.wait();
      return state->http->Counts();
    });
    state->router.SetFallback(http::ServeFiles(set.page), {});
    http::ServerOptions http = set.http;
    http.now = set.now;
    http.log = set.log;
    SCANTLING_TRY(state->http, http::Server::Start(std::move(http), state->router));
  }
  state->started.count_down();
  SCANTLING_DO(state->KeepAddress());
  state->registries->Start();
  state->background = std::jthread([state = state.get()](const std::stop_token& stop) {
    state->Work(stop, [state] { return state->Round(); });
  });
  state->deliveries = std::jthread([state = state.get()](const std::stop_token& stop) {
    state->Work(stop, [&] { return state->Deliveries(stop); });
  });
  return std::unique_ptr<ProgramServer>(new ProgramServer(std::move(state)));
}

std::string ProgramServer::url() const { return state_->http ? state_->http->url() : ""; }
program::Service& ProgramServer::service() { return *state_->service; }
access::Access& ProgramServer::access() { return *state_->access; }

base::Result<void> ProgramServer::ReloadTls() {
  return state_->http ? state_->http->ReloadTls() : base::Result<void>();
}

void ProgramServer::Stop(std::chrono::milliseconds patience) {
  for (std::jthread* const thread : {&state_->background, &state_->deliveries}) {
    thread->request_stop();
  }
  for (std::jthread* const thread : {&state_->background, &state_->deliveries}) {
    if (thread->joinable()) {
      thread->join();
    }
  }
  state_->registries->Stop();
  if (state_->http) {
    state_->http->Stop(patience);
  }
}

}  // namespace scantling::server
