// scantling server, sign-in, worker, backup, restore: the program server, put together by
// server/program_server.h. Here the clock, chance, signals and standard streams come in.
#include "base/file.h"
#include "base/strings.h"
#include "catalog/scan.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/remote.h"
#include "cli/serving.h"
#include "cli/terminal.h"
#include "program/demo/plan.h"
#include "server/http/page_files.h"
#include "server/program_server.h"
#include "store/backup.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <thread>

namespace scantling::cli {
namespace {

constexpr std::string_view kAdministrator = "admin";
constexpr std::string_view kListen = "127.0.0.1:8480";

void Random(std::span<std::byte> out) {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t count = ::getrandom(out.data() + done, out.size() - done, 0);
    SCANTLING_ASSERT(count > 0 || errno == EINTR);
    done += count > 0 ? static_cast<size_t>(count) : 0;
  }
}

// Where the server keeps what it knows; made when it is not there. "" without a home.
base::Result<std::string> DataFolder(const Settings& settings) {
  std::string folder = settings.data;
  if (folder.empty()) {
    const std::string installed = InstalledDatabasePath();
    if (installed.empty()) {
      return base::Error(base::ErrorCode::kUsage,
                         "there is neither HOME nor XDG_DATA_HOME; say where to keep the data with "
                         "--data DIR");
    }
    folder = installed.substr(0, installed.rfind('/')) + "/server";
  }
  return folder;
}

base::Result<store::StoreOptions> StoreOf(const Settings& settings) {
  store::StoreOptions out;
  if (!settings.database.empty()) {
    out.database = settings.database;
    return out;
  }
  SCANTLING_TRY(const std::string folder, DataFolder(settings));
  out.database = "sqlite:" + folder + "/program.db";
  return out;
}

// "127.0.0.1:8480", "[::1]:8480", ":8480" (all addresses), "8480" (loopback).
base::Result<void> ParseListen(std::string_view text, server::http::ServerOptions& to) {
  const size_t colon = text.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  std::string_view address = colon == std::string_view::npos ? "127.0.0.1" : text.substr(0, colon);
  if (address.starts_with("[") && address.ends_with("]")) {
    address = address.substr(1, address.size() - 2);
  }
  const auto number = base::ParseNumber<uint16_t>(port);
  if (!number) {
    return base::Error(base::ErrorCode::kUsage,
                       "--listen: \"" + std::string(text) + "\" is not ADDRESS:PORT");
  }
  to.address = address.empty() ? "0.0.0.0" : std::string(address);
  to.port = *number;
  return {};
}

// How an image of a watched registry is scanned: as `scan` does, with the same cache.
base::Result<model::Inventory> ScanOf(const Settings& settings,
                                      const server::ImageRequest& request) {
  SCANTLING_TRY(const image::SourceSpec spec, image::ParseSource("registry:" + request.reference));
  catalog::ScanOptions options;
  options.jobs = Jobs(settings);
  options.cache_folder = CacheFolder(settings);
  options.cache_bytes = settings.cache_bytes;
  options.platform = request.platform;
  options.limits = settings.limits;
  options.maybe_registry = &request.registry;
  return catalog::Scan(spec, options);
}

server::RegistryWorkOptions RegistryWorkOf(const Settings& settings) {
  server::RegistryWorkOptions out;
  out.scan = [settings](const server::ImageRequest& request) { return ScanOf(settings, request); };
  out.registry = RegistryOptions(settings);
  out.scans = static_cast<unsigned>(std::min<uint64_t>(settings.scans, 64));
  out.credentials_folder = settings.registry_credentials;
  if (out.credentials_folder.empty()) {
    if (const auto data = DataFolder(settings)) {
      out.credentials_folder = *data + "/registries";
    }
  }
  return out;
}

// A secret of the environment, or of a file.
base::Result<std::string> SecretOf(const std::string& given, const std::string& file,
                                   std::string_view flag) {
  if (file.empty()) {
    return given;
  }
  SCANTLING_TRY(const std::string text, base::ReadFile(file, 64 << 10).With(flag));
  return std::string(base::Trim(text));
}

base::Result<void> SetMail(const Settings& settings, server::ProgramOptions& to) {
  if (settings.smtp_server.empty()) {
    return {};
  }
  SCANTLING_DO(net::CheckSmtpUrl(settings.smtp_server).With("--smtp-server"));
  if (!net::IsMailAddress(settings.smtp_from)) {
    return base::Error(base::ErrorCode::kUsage,
                       "--smtp-server needs --smtp-from with a mail address: \"" +
                           settings.smtp_from + "\" is none");
  }
  to.smtp.url = settings.smtp_server;
  to.smtp.user = settings.smtp_user;
  to.smtp.ca_file = settings.ca_file;
  to.mail_from = settings.smtp_from;
  SCANTLING_TRY(to.smtp.password, SecretOf(settings.smtp_password, settings.smtp_password_file,
                                           "--smtp-password-file"));
  return {};
}

base::Result<server::access::OidcOptions> OidcOf(const Settings& settings) {
  server::access::OidcOptions out;
  out.issuer = settings.oidc_issuer;
  out.client_id = settings.oidc_client_id;
  SCANTLING_TRY(out.client_secret,
                SecretOf(settings.oidc_client_secret, settings.oidc_client_secret_file,
                         "--oidc-client-secret-file"));
  out.label = settings.oidc_label;
  out.scopes = settings.oidc_scopes;
  out.ca_file = settings.ca_file;
  out.role_claim = settings.oidc_role_claim;
  for (const std::string& text : settings.oidc_role) {
    const size_t equals = text.rfind('=');
    const auto role = server::access::ParseRole(
        std::string_view(text).substr(equals == std::string::npos ? text.size() : equals + 1));
    if (!role || equals == 0) {
      return base::Error(base::ErrorCode::kUsage,
                         "--oidc-role: \"" + text +
                             "\" is not VALUE=ROLE with a role of viewer, owner, security, admin");
    }
    out.roles.emplace_back(text.substr(0, equals), *role);
  }
  out.default_role = server::access::ParseRole(settings.oidc_default_role);
  out.owner_claim = settings.oidc_owner_claim;
  constexpr uint64_t kMostHours = 168;  // as any session
  if (settings.oidc_session_hours < 1 || settings.oidc_session_hours > kMostHours) {
    return base::Error(base::ErrorCode::kUsage, "--oidc-session-hours must be from 1 to 168");
  }
  out.session_ms = static_cast<int64_t>(settings.oidc_session_hours) * 3600 * 1000;
  SCANTLING_DO(server::access::CheckOidcOptions(out));
  return out;
}

// Blocks the signals that end or reload, in every thread that is started from now on.
int SignalFile() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    ::sigaddset(&signals, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

// Until SIGTERM or SIGINT; SIGHUP reads the certificate again.
void WaitForEnd(int signals, server::ProgramServer& server, const Settings& settings) {
  while (true) {
    signalfd_siginfo info{};
    const ssize_t size = ::read(signals, &info, sizeof(info));
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size != static_cast<ssize_t>(sizeof(info)) || info.ssi_signo != SIGHUP) {
      return;
    }
    if (auto reloaded = server.ReloadTls(); !reloaded) {
      Warn(settings, "the certificate was not read again: " + reloaded.error().Message());
    }
  }
}

base::Result<void> AddDemoPeople(server::access::Access& access, const server::access::User& by) {
  server::access::Viewer maker;
  maker.name = by.name;
  maker.user_id = by.id;
  for (const program::demo::PersonPlan& person : program::demo::People()) {
    server::access::UserChange user;
    user.display_name = std::string(person.display_name);
    user.role = server::access::ParseRole(person.role);
    user.owners.emplace();
    for (const std::string_view owner : base::Split(person.owners, ' ')) {
      if (!owner.empty()) {
        user.owners->emplace_back(owner);
      }
    }
    SCANTLING_TRY(const auto made, access.CreateUser(maker, person.name, user));
    static_cast<void>(made);
  }
  return {};
}

// Where it listens; and for a store without users the link that makes the first sign-in.
base::Result<std::string> FirstWords(server::ProgramServer& server, const std::string& public_url,
                                     bool demo) {
  const std::string url = public_url.empty() ? server.url() : public_url;
  std::string text = "Scantling listens on " + server.url() + "\n";
  SCANTLING_TRY(const auto first, server.access().EnsureFirstUser(kAdministrator));
  if (first) {
    SCANTLING_TRY(const std::string link, server::SignInLink(server.access(), first->name, url));
    text += "Sign in once with this link (15 minutes): " + link + "\n";
    if (demo) {
      SCANTLING_DO(AddDemoPeople(server.access(), *first));
    }
  }
  return text;
}

}  // namespace

int64_t NowMillis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

base::Result<server::ProgramOptions> OptionsOf(const Settings& settings, bool serve) {
  server::ProgramOptions out;
  SCANTLING_TRY(out.store, StoreOf(settings));
  // The same place as `scan` looks: --db, the installed one, the starter set.
  out.advisories = settings.db;
  out.advisories_chosen = !settings.db.empty();
  if (out.advisories.empty()) {
    out.advisories = InstalledDatabasePath();
    if (out.advisories.empty() || ::access(out.advisories.c_str(), F_OK) != 0) {
      out.advisories.clear();
    }
  }
  out.serve = serve;
  SCANTLING_DO(
      ParseListen(settings.listen.empty() ? kListen : std::string_view(settings.listen), out.http));
  out.http.tls = {settings.tls_certificate, settings.tls_key};
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
    return base::Error(base::ErrorCode::kUsage, "--tls-certificate and --tls-key go together");
  }
  if (serve && settings.tls_certificate.empty() && !net::IsLoopbackHost(out.http.address) &&
      settings.trusted_proxies.empty()) {
    return base::Error(
        base::ErrorCode::kUsage,
        "--listen " + settings.listen +
            " can be reached from other machines, and without TLS passwords could be "
            "read on the way: give --tls-certificate and --tls-key, or name the "
            "proxy in front that has TLS with --trusted-proxy");
  }
  out.http.trusted_proxies = settings.trusted_proxies;
  out.public_url = settings.public_url;
  while (out.public_url.ends_with("/")) {
    out.public_url.pop_back();
  }
  out.jobs = Jobs(settings);
  out.allowed_ranges = settings.allow_address;
  out.ca_file = settings.ca_file;
  SCANTLING_DO(SetMail(settings, out));
  if (serve) {
    SCANTLING_TRY(out.oidc, OidcOf(settings));
  }
  out.registries = RegistryWorkOf(settings);
  out.page = server::http::PageFiles();
  out.now = NowMillis;
  out.random = Random;
  if (!settings.quiet) {
    out.log = [](std::string_view line) {
      std::string text(line);
      text += '\n';
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    };
  }
  return out;
}

int Serve(const Settings& settings, server::ProgramOptions options, std::string_view another) {
  const bool serve = options.serve;
  server::http::RaiseFileLimit();
  const int signals = SignalFile();
  const bool demo = options.demo;
  const std::string public_url = options.public_url;
  auto server = server::ProgramServer::Start(std::move(options));
  if (!server) {
    return Fail(server.error());
  }
  if (serve) {
    auto text = FirstWords(**server, public_url, demo);
    if (!text) {
      return Fail(text.error());
    }
    if (const int code = Print(*text + "Another link: " + std::string(another) + "\n");
        code != kDone) {
      return code;
    }
  } else {
    Note(settings, "the worker runs");
  }
  WaitForEnd(signals, **server, settings);
  (*server)->Stop(std::chrono::seconds(10));
  ::close(signals);
  return kDone;
}

int RunServer(const Invocation& invocation) {
  const std::string& what = invocation.arguments[0];  // "" when it was left out
  if (what == "demo") {
    return RunServerDemo(invocation);
  }
  if (!what.empty()) {
    return Fail(base::Error(base::ErrorCode::kUsage,
                            "\"" + what + "\" is nothing that a server can be; it is demo"));
  }
  auto options = OptionsOf(invocation.settings, true);
  if (!options) {
    return Fail(options.error());
  }
  // An address of a database may hold a password.
  const std::string store = !invocation.settings.database.empty() ? " --database URL"
                            : !invocation.settings.data.empty()
                                ? " --data " + invocation.settings.data
                                : std::string();
  return Serve(invocation.settings, *std::move(options), "scantling sign-in" + store);
}
int RunWorker(const Invocation& invocation) {
  auto options = OptionsOf(invocation.settings, false);
  return options ? Serve(invocation.settings, *std::move(options), "") : Fail(options.error());
}

int RunServerLink(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  auto options = OptionsOf(settings, false);
  if (!options) {
    return Fail(options.error());
  }
  options->store.make = false;
  auto store = store::Store::Open(options->store);
  if (!store) {
    return Fail(store.error());
  }
  server::access::AccessOptions access_options;
  access_options.now = NowMillis;
  access_options.random = Random;
  auto access = server::access::Access::Open(**store, std::move(access_options));
  if (!access) {
    return Fail(access.error());
  }
  std::string url = options->public_url;
  if (url.empty() && settings.listen.empty()) {
    auto last = server::LastAddress(**store);
    if (!last) {
      return Fail(last.error());
    }
    url = *std::move(last);
  }
  if (url.empty()) {
    url = (settings.tls_certificate.empty() ? "http://" : "https://") +
          (settings.listen.empty() ? std::string(kListen) : settings.listen);
  }
  const std::string& given = invocation.arguments[0];  // "" when it was left out
  const std::string user = given.empty() ? std::string(kAdministrator) : given;
  auto link = server::SignInLink(**access, user, url);
  return link ? Print(*link + "\n") : Fail(link.error());
}

int RunBackup(const Invocation& invocation) {
  auto options = StoreOf(invocation.settings);
  if (!options) {
    return Fail(options.error());
  }
  options->make = false;
  auto store = store::Store::Open(*options);
  if (!store) {
    return Fail(store.error());
  }
  const auto done = store::Backup(**store, invocation.arguments[0]);
  if (!done) {
    return Fail(done.error());
  }
  return Print("backed up to " + invocation.arguments[0] + ": " + std::to_string(done->rows) +
               " rows\n");
}

int RunRestore(const Invocation& invocation) {
  auto options = StoreOf(invocation.settings);
  if (!options) {
    return Fail(options.error());
  }
  const auto done = store::Restore(invocation.arguments[0], *options);
  if (!done) {
    return Fail(done.error());
  }
  return Print("restored from " + invocation.arguments[0] + ": " + std::to_string(done->rows) +
               " rows\n");
}

}  // namespace scantling::cli
