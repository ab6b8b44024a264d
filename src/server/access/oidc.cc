#include "server/access/oidc.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strings.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "net/url.h"
#include "server/access/id_token.h"
#include "server/access/routes.h"
#include "server/access/secrets.h"
#include "server/http/uri.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

namespace scantling::server::access {
namespace {

using codec::Json;
using codec::JsonValue;
using http::Request;
using http::Response;

constexpr int64_t kKept = int64_t{10} * 60 * 1000;
constexpr int64_t kAgain = int64_t{10} * 1000;
constexpr uint64_t kMaxAnswer = 256 * 1024;
constexpr int kMaxAtOnce = 4;  // of the workers, so that a slow provider leaves the others free
constexpr size_t kMaxTarget = 3000;  // as it is in the cookie, of which browsers keep 4,096 bytes
constexpr std::string_view kCallback = "/sign-in/oidc/callback";

// What the page says about it; the words are in web/src/pages/sign_in.tsx.
struct Refusal {
  std::string_view problem;  // "sso-state"
  std::string log;
};

struct Provider {
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string user_endpoint;  // "" = none
  std::string keys_endpoint;
  std::string keys;       // JWKS
  bool post = false;      // the secret goes into the body, not into the header
  bool says_iss = false;  // RFC 9207: answers name the issuer
  int64_t fetched = 0;
  int64_t keys_fetched = 0;
};

std::string CookieName(const Request& request) {
  return request.tls ? "__Host-scantling-sign-on" : "scantling-sign-on";
}

std::string CookieText(const Request& request, std::string_view value, int64_t seconds) {
  return CookieName(request) + "=" + std::string(value) +
         "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds) +
         (request.tls ? "; Secure" : "");
}

// What is told to the provider is made of the secret by one-way steps of their own.
std::string Derive(std::string_view what, std::string_view secret) {
  return HashOf(std::string(what) + ":" + std::string(secret));
}

// Only a path of this page: a link must not lead elsewhere after the sign-in.
std::string SafeTarget(std::string_view to) {
  const bool plain = std::all_of(to.begin(), to.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return to.size() > 1 && net::PercentEncode(to).size() <= kMaxTarget && plain && to[0] == '/' &&
                 to[1] != '/' && to.find('\\') == std::string_view::npos &&
                 !to.starts_with("/sign-in")
             ? std::string(to)
             : "/";
}

base::Result<void> CheckAddress(std::string_view text) {
  SCANTLING_TRY(const net::Url url, net::ParseUrl(text));
  if (url.scheme != "https" && !net::IsLoopbackHost(url.host)) {
    return base::Invalid("\"" + base::ToUtf8(text.substr(0, 200)) +
                         "\" must begin with https:// (http:// only on loopback)");
  }
  return {};
}

// A claim that is a text, or a list of texts.
std::set<std::string> TextsOf(JsonValue value) {
  std::set<std::string> out;
  if (const auto text = value.MaybeText(); text && !text->empty()) {
    out.emplace(*text);
  }
  value.ForEach([&](JsonValue one) {
    if (!one.Text().empty()) {
      out.emplace(one.Text());
    }
    return out.size() < 1000;
  });
  return out;
}

}  // namespace

base::Result<void> CheckOidcOptions(const OidcOptions& options) {
  const auto wrong = [](std::string text) {
    return base::Error(base::ErrorCode::kUsage, std::move(text));
  };
  if (options.issuer.empty()) {
    return {};
  }
  if (const auto address = CheckAddress(options.issuer); !address) {
    return wrong("--oidc-issuer: " + address.error().Message());
  }
  if (options.client_id.empty()) {
    return wrong("--oidc-issuer needs --oidc-client-id");
  }
  if (options.role_claim.empty() != options.roles.empty()) {
    return wrong("--oidc-role-claim and --oidc-role go together");
  }
  const auto scopes = base::Split(options.scopes, ' ');
  if (std::find(scopes.begin(), scopes.end(), "openid") == scopes.end()) {
    return wrong("--oidc-scopes must hold openid");
  }
  return {};
}

struct Oidc::State {
  State(OidcOptions given, Access& those, std::function<std::string()> url)
      : options(std::move(given)), access(those), base_url(std::move(url)) {}

  OidcOptions options;
  Access& access;
  std::function<std::string()> base_url;
  net::HttpClient client = net::HttpClient(net::ClientOptions{.user_agent = "scantling"});
  std::mutex mutex;  // of `provider`; held while it is fetched
  std::optional<Provider> provider;
  std::atomic<int> running = 0;

  base::Result<net::HttpResponse> Send(net::HttpRequest request) const {
    request.timeouts.connect = net::Milliseconds(5'000);
    request.timeouts.total = net::Milliseconds(10'000);
    request.max_response_bytes = kMaxAnswer;
    request.max_redirects = 0;
    request.ca_file = options.ca_file;
    request.headers.Set("Accept", "application/json");
    return client.Send(request);
  }

  base::Result<std::string> Get(const std::string& url, std::string_view token = "") const {
    net::HttpRequest request;
    request.url = url;
    if (!token.empty()) {
      request.headers.Set("Authorization", "Bearer " + std::string(token));
    }
    SCANTLING_TRY(const net::HttpResponse response, Send(std::move(request)));
    if (response.status != 200) {
      return base::Error(base::ErrorCode::kIo,
                         url + " answered HTTP " + std::to_string(response.status));
    }
    return response.body;
  }

  // OpenID Connect Discovery 4.
  base::Result<Provider> Discover(int64_t now) const {
    std::string place = options.issuer;
    while (place.ends_with("/")) {
      place.pop_back();
    }
    place += "/.well-known/openid-configuration";
    SCANTLING_TRY(const std::string text, Get(place));
    Json parser;
    SCANTLING_TRY(const JsonValue root, parser.Parse(text, kMaxAnswer).With(place));
    if (root["issuer"].Text() != options.issuer) {
      return base::Error(base::ErrorCode::kMismatch,
                         place + " is of the issuer \"" +
                             base::ToUtf8(root["issuer"].Text().substr(0, 200)) +
                             "\", not of --oidc-issuer " + options.issuer);
    }
    Provider out;
    out.authorization_endpoint = root["authorization_endpoint"].Text();
    out.token_endpoint = root["token_endpoint"].Text();
    out.user_endpoint = root["userinfo_endpoint"].Text();
    out.keys_endpoint = root["jwks_uri"].Text();
    for (const std::string* address :
         {&out.authorization_endpoint, &out.token_endpoint, &out.keys_endpoint}) {
      SCANTLING_DO(CheckAddress(*address).With(place));
    }
    if (!out.user_endpoint.empty()) {
      SCANTLING_DO(CheckAddress(out.user_endpoint).With(place));
    }
    const auto methods = TextsOf(root["token_endpoint_auth_methods_supported"]);
    out.post = !methods.empty() && !methods.contains("client_secret_basic");
    out.says_iss = root["authorization_response_iss_parameter_supported"].Bool().value_or(false);
    SCANTLING_TRY(out.keys, Get(out.keys_endpoint));
    out.fetched = now;
    out.keys_fetched = now;
    return out;
  }

  base::Result<Provider> TheProvider() {
    const std::lock_guard lock(mutex);
    const int64_t now = access.now();
    // A clock that was set back must not keep old keys for long.
    if (!provider || now - provider->fetched >= kKept || now < provider->fetched) {
      SCANTLING_TRY(provider, Discover(now));
    }
    return *provider;
  }

  // The keys after one that was not known (the provider may have new ones).
  base::Result<std::string> NewKeys() {
    const std::lock_guard lock(mutex);
    if (provider && access.now() - provider->keys_fetched >= kAgain) {
      SCANTLING_TRY(provider->keys, Get(provider->keys_endpoint));
      provider->keys_fetched = access.now();
    }
    return provider ? provider->keys : std::string("{\"keys\":[]}");
  }

  std::string RedirectUri() const { return base_url() + std::string(kCallback); }

  struct Tokens {
    std::string id;
    std::string access;
  };
  base::Result<Tokens> Redeem(const Provider& from, std::string_view code,
                              std::string_view verifier) const {
    net::HttpRequest request;
    request.method = "POST";
    request.url = from.token_endpoint;
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.body = "grant_type=authorization_code&code=" + net::PercentEncode(code) +
                   "&redirect_uri=" + net::PercentEncode(RedirectUri()) +
                   "&code_verifier=" + std::string(verifier);
    const std::string id = net::PercentEncode(options.client_id);
    const std::string secret = net::PercentEncode(options.client_secret);
    if (secret.empty() || from.post) {
      request.body += "&client_id=" + id + (secret.empty() ? "" : "&client_secret=" + secret);
    } else {
      request.headers.Set("Authorization", "Basic " + base::EncodeBase64(id + ":" + secret));
    }
    SCANTLING_TRY(const net::HttpResponse response, Send(std::move(request)));
    Json parser;
    const auto root = parser.Parse(response.body, kMaxAnswer);
    if (response.status != 200) {
      // RFC 6749 5.2. The code is no secret any more, and is not in it.
      const std::string_view error = root ? (*root)["error"].Text() : std::string_view();
      return base::Error(base::ErrorCode::kIo,
                         "the token endpoint answered HTTP " + std::to_string(response.status) +
                             (error.empty() ? "" : ": " + base::ToUtf8(error.substr(0, 100))));
    }
    if (!root) {
      return root.error().Clone().With("the token endpoint's answer");
    }
    Tokens out{std::string((*root)["id_token"].Text()),
               std::string((*root)["access_token"].Text())};
    if (out.id.empty()) {
      return base::Invalid("the token endpoint gave no ID token");
    }
    return out;
  }

  base::Result<IdToken> Judge(const Provider& from, const std::string& token,
                              std::string_view nonce) {
    IdTokenWanted wanted;
    wanted.issuer = options.issuer;
    wanted.client_id = options.client_id;
    wanted.nonce = nonce;
    wanted.now = access.now();
    auto judged = VerifyIdToken(token, from.keys, wanted);
    if (!judged && judged.error().code() == base::ErrorCode::kNotFound) {
      SCANTLING_TRY(const std::string keys, NewKeys());
      judged = VerifyIdToken(token, keys, wanted);
    }
    return judged;
  }

  // The identity, from the ID token and, where that does not say it, from the user endpoint.
  base::Result<Identity> IdentityOf(const Provider& from, const IdToken& token,
                                    std::string_view access_token) const {
    Json token_json;
    SCANTLING_TRY(const JsonValue claims, token_json.Parse(token.claims));
    const auto lacks = [&](std::string_view name) {
      return !name.empty() && claims[name].IsMissing();
    };
    Json user_json;
    std::string text;
    JsonValue user;
    const bool needed = lacks(options.role_claim) || lacks(options.owner_claim);
    if (!from.user_endpoint.empty() && !access_token.empty() &&
        (needed || lacks("preferred_username"))) {
      auto answer = Get(from.user_endpoint, access_token);
      if (!answer && needed) {
        return std::move(answer).error();
      }
      text = answer ? *std::move(answer) : std::string();  // a name is not worth a refusal
    }
    if (!text.empty()) {
      SCANTLING_TRY(user, user_json.Parse(text, kMaxAnswer).With("the user endpoint's answer"));
      if (user["sub"].Text() != token.subject) {
        return base::Error(base::ErrorCode::kMismatch,
                           "the user endpoint speaks of another subject than the ID token");
      }
    }
    const auto claim = [&](std::string_view name) {
      return lacks(name) ? user[name] : claims[name];
    };
    Identity out;
    out.subject = options.issuer + " " + token.subject;
    for (const std::string_view name : {"preferred_username", "email", "sub"}) {
      if (out.name = UserNameOf(claim(name).Text()); !out.name.empty()) {
        break;
      }
    }
    out.display_name = base::ToUtf8(claim("name").Text());
    out.new_role = options.default_role;
    if (!options.role_claim.empty()) {
      const auto values = TextsOf(claim(options.role_claim));
      out.role = options.default_role;
      for (const auto& [value, role] : options.roles) {
        if (values.contains(value)) {
          out.role = std::max(out.role.value_or(Role::kViewer), role);
        }
      }
      if (!out.role) {
        return base::Error(base::ErrorCode::kUsage, "none of the values of \"" +
                                                        options.role_claim + "\" gives \"" +
                                                        out.subject + "\" a role");
      }
    }
    if (!options.owner_claim.empty()) {
      const auto values = TextsOf(claim(options.owner_claim));
      out.owners.emplace();
      std::copy_if(values.begin(), values.end(), std::back_inserter(*out.owners),
                   [](const std::string& owner) { return owner.size() <= 200; });
    }
    return out;
  }

  // What the callback leads to.
  base::Result<NewSession> SignIn(const Request& request, std::string_view secret,
                                  Refusal& refusal) {
    const auto refuse = [&](std::string_view problem, base::Error error) {
      refusal.problem = problem;
      return error;
    };
    if (secret.empty() || !SameText(request.Query("state"), Derive("state", secret))) {
      return refuse("sso-state", base::Invalid("the state is not that of this browser"));
    }
    auto there = access.ComeBack(secret);
    if (!there) {
      return refuse("sso-provider", std::move(there).error());
    }
    if (!*there) {
      return refuse("sso-state", base::Invalid("the sign-in was finished before, or is too old"));
    }
    if (const std::string_view error = request.Query("error"); !error.empty()) {
      return refuse(error == "access_denied" ? "sso-denied" : "sso-provider",
                    base::Invalid("the provider answered " + base::ToUtf8(error.substr(0, 100))));
    }
    auto from = TheProvider();
    if (!from) {
      return refuse("sso-provider", std::move(from).error());
    }
    const std::string_view issuer = request.Query("iss");
    if ((!issuer.empty() || from->says_iss) && issuer != options.issuer) {
      return refuse("sso-token", base::Invalid("the answer is of another issuer"));
    }
    auto tokens = Redeem(*from, request.Query("code"), Derive("verifier", secret));
    if (!tokens) {
      return refuse("sso-provider", std::move(tokens).error());
    }
    auto token = Judge(*from, tokens->id, Derive("nonce", secret));
    if (!token) {
      return refuse("sso-token", std::move(token).error());
    }
    auto identity = IdentityOf(*from, *token, tokens->access);
    if (!identity) {
      const bool nobody = identity.error().code() == base::ErrorCode::kUsage;
      return refuse(nobody ? "sso-unknown" : "sso-provider", std::move(identity).error());
    }
    auto user = access.UserOfIdentity(*identity);
    if (!user) {
      return refuse("sso-unknown", std::move(user).error());
    }
    auto session = access.StartSession(user->id, request.peer, request.Header("User-Agent"),
                                       SignedInBy::kProvider);
    if (!session) {
      return refuse("sso-unknown", std::move(session).error());
    }
    return session;
  }
};

Oidc::Oidc(OidcOptions options, Access& access, std::function<std::string()> base_url)
    : state_(std::make_unique<State>(std::move(options), access, std::move(base_url))) {}
Oidc::~Oidc() = default;

const std::string& Oidc::label() const { return state_->options.label; }

namespace {

Response Refused(const Request& request, const Refusal& refusal) {
  Response out = Response::Redirect("/sign-in?problem=" + std::string(refusal.problem));
  out.Add("Set-Cookie", CookieText(request, "", 0));
  out.log = refusal.log;
  return out;
}

// One of the few that may wait for the provider at the same time.
struct Turn {
  std::atomic<int>& count;
  const bool taken;
  explicit Turn(std::atomic<int>& counter)
      : count(counter), taken(counter.fetch_add(1) < kMaxAtOnce) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { count.fetch_sub(1); }
};

}  // namespace

Response Oidc::Begin(const Request& request) {
  State& state = *state_;
  const Turn turn(state.running);
  if (!turn.taken || state.access.TakeRate(request.peer, false) > 0) {
    return Refused(request, {"sso-busy", "too many sign-ins at once"});
  }
  const auto provider = state.TheProvider();
  if (!provider) {
    return Refused(request, {"sso-provider", provider.error().Message()});
  }
  const std::string secret = state.access.RandomText(32);
  if (const auto kept = state.access.BeginElsewhere(secret); !kept) {
    return Refused(request, {"sso-provider", kept.error().Message()});
  }
  const base::Digest challenge = base::Sha256Of(base::AsBytes(Derive("verifier", secret)));
  const std::string& endpoint = provider->authorization_endpoint;
  Response out = Response::Redirect(
      endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
      "response_type=code&client_id=" + net::PercentEncode(state.options.client_id) +
      "&redirect_uri=" + net::PercentEncode(state.RedirectUri()) +
      "&scope=" + net::PercentEncode(state.options.scopes) + "&state=" + Derive("state", secret) +
      "&nonce=" + Derive("nonce", secret) + "&code_challenge=" +
      Base64Url(base::AsText(challenge.bytes)) + "&code_challenge_method=S256");
  out.Add(
      "Set-Cookie",
      CookieText(request, secret + "." + net::PercentEncode(SafeTarget(request.Query("to"))), 600));
  out.Set("Cache-Control", "no-store");
  return out;
}

Response Oidc::Finish(const Request& request) {
  State& state = *state_;
  const Turn turn(state.running);
  if (!turn.taken || state.access.TakeRate(request.peer, false) > 0) {
    return Refused(request, {"sso-busy", "too many sign-ins at once"});
  }
  const std::string_view cookie = request.Cookie(CookieName(request));
  const size_t dot = cookie.find('.');
  Refusal refusal;
  const auto session = state.SignIn(request, cookie.substr(0, dot), refusal);
  if (!session) {
    refusal.log = session.error().Message();
    return Refused(request, refusal);
  }
  const auto target = http::DecodePercent(dot == std::string_view::npos ? std::string_view()
                                                                        : cookie.substr(dot + 1));
  Response out = Response::Redirect(SafeTarget(target.value_or("")));
  out.Add("Set-Cookie", CookieText(request, "", 0));
  SetSession(request, *session, out);
  return out;
}

void AddSignOnRoutes(http::Router& router, Oidc* maybe_oidc) {
  const auto ways = [maybe_oidc](const Request&) {
    std::string text;
    codec::JsonWriter json(&text, codec::JsonWriter::Layout::kCompact);
    json.BeginObject();
    json.Key("single_sign_on");
    if (maybe_oidc != nullptr) {
      json.BeginObject();
      json.Text("label", base::ToUtf8(maybe_oidc->label()));
      json.Text("path", "/sign-in/oidc");
      json.EndObject();
    } else {
      json.Null();
    }
    json.EndObject();
    return Response::Json(std::move(text));
  };
  router.Add(http::Method::kGet, "/api/v1/sign-in", ways,
             {.where = http::RouteOptions::Where::kInline});
  const auto none = [] { return Response::Redirect("/sign-in?problem=sso-none"); };
  router.Add(http::Method::kGet, "/sign-in/oidc", [maybe_oidc, none](const Request& request) {
    return maybe_oidc != nullptr ? maybe_oidc->Begin(request) : none();
  });
  router.Add(http::Method::kGet, "/sign-in/oidc/callback",
             [maybe_oidc, none](const Request& request) {
               return maybe_oidc != nullptr ? maybe_oidc->Finish(request) : none();
             });
}

}  // namespace scantling::server::access
