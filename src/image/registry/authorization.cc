// See client.h: how a registry is reached (TLS or not, whose certificates), and what it is shown of
// us.
#include "base/base64.h"
#include "base/strings.h"
#include "codec/json.h"
#include "image/registry/api_error.h"
#include "image/registry/client.h"
#include "image/registry/headers.h"
#include "net/url.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace scantling::image::registry {
namespace {

constexpr uint64_t kMaxTokenBytes = 1 << 20;

bool Listed(const std::vector<std::string>& hosts, const std::string& registry) {
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) {
    return base::EqualsIgnoreCase(host, registry) ||
           (registry.size() > host.size() &&
            base::EqualsIgnoreCase(host, registry.substr(0, host.size())) &&
            registry[host.size()] == ':');
  });
}

// The first file of that ending, by name.
std::string FileWithEnding(const std::filesystem::path& folder, std::string_view ending) {
  std::string best;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(folder, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    const std::string path = it->path().string();
    if (path.ends_with(ending) && (best.empty() || path < best)) {
      best = path;
    }
  }
  return best;
}

std::string FormEncode(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + net::PercentEncode(value);
}

base::Error NoLogin(const std::string& registry) {
  return {base::ErrorCode::kUsage,
          registry +
              ": the registry wants a login, and none is known for it (docker login or podman "
              "login writes one)"};
}

}  // namespace

net::HttpRequest Client::RequestTo(const Session& session, const std::string& url) const {
  net::HttpRequest out;
  out.url = url;
  out.ca_file = session.ca_file;
  out.client_certificate = session.client_certificate;
  out.client_key = session.client_key;
  out.insecure = session.insecure;
  out.stop = options_.stop;
  return out;
}

base::Result<Client::Session> Client::SessionOf(const Reference& reference) const {
  const std::lock_guard lock(mutex_);
  const auto known = sessions_.find(reference.registry);
  if (known != sessions_.end()) {
    return known->second;
  }
  SCANTLING_TRY(Session session, FindSession(reference));
  sessions_.emplace(reference.registry, session);
  return session;
}

// Plain HTTP only where that was agreed: on this machine, and for hosts that were listed. Nothing
// of ours is sent to find out.
base::Result<Client::Session> Client::FindSession(const Reference& reference) const {
  const bool loopback = IsLoopback(reference.registry);
  const bool listed = Listed(options_.insecure, reference.registry);
  Session out;
  out.ca_file = options_.ca_file;
  out.insecure = listed;
  for (const std::string& folder : options_.certificate_folders) {
    const std::filesystem::path path = std::filesystem::path(folder) / reference.registry;
    if (out.ca_file.empty()) {
      out.ca_file = FileWithEnding(path, ".crt");
    }
    if (out.client_certificate.empty()) {
      out.client_certificate = FileWithEnding(path, ".cert");
      out.client_key = out.client_certificate.empty() ? "" : FileWithEnding(path, ".key");
    }
  }
  const std::string secure = "https://" + reference.Host();
  const std::string plain = "http://" + reference.Host();
  if (!loopback && !listed) {
    out.origin = secure;
    return out;
  }
  const std::vector<std::string> origins =
      loopback ? std::vector{plain, secure} : std::vector{secure, plain};
  for (unsigned round = 1;; ++round) {
    std::optional<base::Error> problem;
    bool transient = false;
    for (const std::string& origin : origins) {
      out.origin = origin;
      net::HttpRequest request = RequestTo(out, origin + "/v2/");
      request.max_response_bytes = 1 << 20;
      request.max_redirects = 0;
      request.timeouts.total = net::Milliseconds(15'000);
      auto answer = http_.Send(request);
      // 400 is what a TLS server answers to plain HTTP.
      if (answer && answer->status != 400) {
        return out;
      }
      if (!answer) {
        transient = transient || answer.error().code() == base::ErrorCode::kIo;
        if (!problem) {
          problem = std::move(answer).error();
        }
      }
    }
    if (!problem) {
      return base::Invalid(secure + ": no registry (GET /v2/ is a bad request there)");
    }
    if (!transient || round >= options_.retry.attempts) {
      return std::move(*problem);
    }
    SCANTLING_DO(net::Pause(net::PauseBefore(options_.retry, round), options_.stop));
  }
}

base::Result<std::optional<Credential>> Client::CredentialOf(const Reference& reference) const {
  const std::string name = reference.Name();
  const auto known = credentials_.find(name);
  if (known != credentials_.end()) {
    return known->second;
  }
  SCANTLING_TRY(auto credential, FindCredential(options_.credential_files, reference.registry,
                                                reference.repository, options_.helper_time_limit));
  credentials_.emplace(name, credential);
  return credential;
}

base::Result<std::unique_ptr<net::HttpStream>> Client::Open(const Reference& reference,
                                                            const Ask& ask) const {
  SCANTLING_TRY(const Session session, SessionOf(reference));
  net::HttpRequest request = RequestTo(session, session.origin + ask.target);
  request.method = ask.method;
  request.headers = ask.headers;
  request.max_response_bytes = ask.max_bytes;
  const std::pair<std::string, std::string> key(reference.registry, ask.scope);
  std::string used;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = authorizations_.find(key); known != authorizations_.end()) {
      used = known->second;
    }
  }
  if (!used.empty()) {
    request.headers.Set("Authorization", used);
  }
  SCANTLING_TRY(auto stream, net::OpenWithRetry(http_, request, options_.retry));
  if (stream->status() != 401) {
    return stream;
  }
  std::string fresh;
  {
    // Held over the exchange: what several threads want is fetched once.
    const std::lock_guard lock(mutex_);
    const auto known = authorizations_.find(key);
    if (known != authorizations_.end() && known->second != used) {
      fresh = known->second;
    } else {
      SCANTLING_TRY(fresh, Authorize(reference, session, ask, *stream));
      authorizations_.insert_or_assign(key, fresh);
    }
  }
  stream.reset();
  request.headers.Set("Authorization", fresh);
  SCANTLING_TRY(stream, net::OpenWithRetry(http_, request, options_.retry));
  if (stream->status() == 401) {
    const std::lock_guard lock(mutex_);
    authorizations_.erase(key);
    SCANTLING_TRY(const auto credential, CredentialOf(reference));
    return credential ? base::Error(base::ErrorCode::kUsage,
                                    reference.registry + ": the registry refuses the login from " +
                                        credential->origin)
                      : NoLogin(reference.registry);
  }
  return stream;
}

// The answer to a 401: a value for the Authorization header.
base::Result<std::string> Client::Authorize(const Reference& reference, const Session& session,
                                            const Ask& ask, const net::HttpStream& refusal) const {
  SCANTLING_TRY(const std::optional<Credential> credential, CredentialOf(reference));
  const std::string& registry = reference.registry;
  for (const std::string_view field : refusal.headers().All("www-authenticate")) {
    for (const Challenge& challenge : ParseChallenges(field)) {
      if (challenge.scheme == "bearer") {
        const std::string scope(challenge.Text("scope"));
        return FetchToken(session, std::string(challenge.Text("realm")), challenge.Text("service"),
                          scope.empty() ? ask.scope : scope, credential)
            .With(registry);
      }
      if (challenge.scheme == "basic") {
        if (!credential || credential->username.empty()) {
          return NoLogin(registry);
        }
        return "Basic " + base::EncodeBase64(credential->username + ":" + credential->password);
      }
    }
  }
  return base::Unsupported(registry +
                           ": the registry wants a login of a kind that is not known here");
}

base::Result<std::string> Client::FetchToken(const Session& session, const std::string& realm,
                                             std::string_view service, const std::string& scope,
                                             const std::optional<Credential>& credential) const {
  SCANTLING_TRY(const net::Url url, net::ParseUrl(realm).With("the address of the token server"));
  if (url.scheme != "https" && session.origin.starts_with("https://") && !session.insecure) {
    return base::Error(base::ErrorCode::kMismatch,
                       "the registry sends us to a token server without TLS, " + url.Origin());
  }
  SCANTLING_TRY(const net::Url registry, net::ParseUrl(session.origin));
  net::HttpRequest request = RequestTo(session, url.ToString());
  if (!url.SameOrigin(registry)) {
    request.client_certificate.clear();
    request.client_key.clear();
  }
  request.max_response_bytes = kMaxTokenBytes;
  request.timeouts.total = net::Milliseconds(60'000);
  if (credential && !credential->identity_token.empty()) {
    request.method = "POST";
    request.max_redirects = 0;
    request.headers.Add("Content-Type", "application/x-www-form-urlencoded");
    request.body = FormEncode("grant_type", "refresh_token") + "&" +
                   FormEncode("service", service) + "&" + FormEncode("client_id", "scantling") +
                   "&" + FormEncode("scope", scope) + "&" +
                   FormEncode("refresh_token", credential->identity_token);
  } else {
    request.url += url.target.find('?') == std::string::npos ? "?" : "&";
    request.url += FormEncode("service", service);
    for (const std::string_view part : base::Split(scope, ' ')) {
      request.url += "&" + FormEncode("scope", part);
    }
    if (credential) {
      request.headers.Add(
          "Authorization",
          "Basic " + base::EncodeBase64(credential->username + ":" + credential->password));
    }
  }
  SCANTLING_TRY(const net::HttpResponse response,
                net::SendWithRetry(http_, request, options_.retry));
  if (response.status != 200) {
    const bool refused = response.status == 401 || response.status == 403 || response.status == 400;
    return base::Error(
        refused ? base::ErrorCode::kUsage : base::ErrorCode::kIo,
        "the token server " + url.Origin() + " answers HTTP " + std::to_string(response.status) +
            (refused && credential ? "; it refuses the login from " + credential->origin
             : refused             ? "; no login is known for this registry"
                                   : std::string()));
  }
  codec::Json json;
  auto root = json.Parse(response.body, kMaxTokenBytes);
  std::string token;
  if (root) {
    token = (*root)["token"].Text();
    if (token.empty()) {
      token = (*root)["access_token"].Text();
    }
  }
  if (token.empty() || token.find_first_of(" \r\n\t") != std::string::npos) {
    return base::Invalid("the token server " + url.Origin() + " gave no token");
  }
  return "Bearer " + token;
}

}  // namespace scantling::image::registry
