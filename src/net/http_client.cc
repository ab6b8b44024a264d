// See http_client.h.
//
// Each exchange borrows a session (an easy handle in a multi handle of its own) from the client and
// drives it from the thread that reads: between two reads nothing happens, so the reader sets the
// pace without pauses. Sessions go back with their open connections.
#include "net/http_client.h"

#include "base/strings.h"
#include "net/curl_library.h"
#include "net/url.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <optional>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace scantling::net {
namespace {

constexpr size_t kMaxHeaderBytes = 1 << 20;
constexpr size_t kMaxIdleSessions = 32;
constexpr long kReceiveBufferBytes = 128 << 10;

// ---- sessions ----

struct Session {
  explicit Session(const Curl& library)
      : curl(library), easy(library.easy_init()), multi(library.multi_init()) {}
  ~Session() {
    curl.easy_cleanup(easy);
    curl.multi_cleanup(multi);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Curl& curl;
  CURL* easy;
  CURLM* multi;
};

std::string Seconds(Milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

base::Error Network(std::string text) { return {base::ErrorCode::kIo, std::move(text)}; }

bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

base::Result<void> CheckRequest(const HttpRequest& request) {
  if (!IsToken(request.method)) {
    return base::Invalid("the HTTP method is no word");
  }
  for (const Headers::Field& field : request.headers.fields()) {
    if (!IsToken(field.name)) {
      return base::Invalid("the name of an HTTP header is no word");
    }
    if (field.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return base::Invalid("the HTTP header " + field.name + " has a line break in it");
    }
  }
  return {};
}

}  // namespace

struct HttpClient::Impl {
  ClientOptions options;
  std::mutex mutex;
  std::vector<std::unique_ptr<Session>> idle;

  base::Result<std::unique_ptr<Session>> Take() {
    SCANTLING_TRY(const Curl* curl, TheCurl());
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto out = std::move(idle.back());
        idle.pop_back();
        return out;
      }
    }
    auto out = std::make_unique<Session>(*curl);
    if (out->easy == nullptr || out->multi == nullptr) {
      return base::Unsupported("libcurl cannot be started");
    }
    return out;
  }
  void GiveBack(std::unique_ptr<Session> session) {
    session->curl.easy_reset(session->easy);
    const std::lock_guard lock(mutex);
    if (idle.size() < kMaxIdleSessions) {
      idle.push_back(std::move(session));
    }
  }
};

namespace {

// One request to one address, without redirects.
class Exchange : public HttpStream {
 public:
  Exchange(HttpClient::Impl& client, std::unique_ptr<Session> session, HttpRequest request, Url url)
      : client_(client),
        session_(std::move(session)),
        curl_(session_->curl),
        request_(std::move(request)),
        url_(std::move(url)),
        url_text_(url_.ToString()),
        started_(Clock::now()) {}

  ~Exchange() override {
    wakeup_.reset();
    if (added_) {
      curl_.multi_remove_handle(session_->multi, session_->easy);
    }
    curl_.easy_reset(session_->easy);
    curl_.slist_free_all(fields_);
    client_.GiveBack(std::move(session_));
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  int status() const override { return status_; }
  const Headers& headers() const override { return headers_; }
  const Headers& trailers() const override { return trailers_; }
  const std::string& url() const override { return url_text_; }

  base::Result<void> Start() {
    SCANTLING_DO(Configure());
    if (curl_.multi_add_handle(session_->multi, session_->easy) != CURLM_OK) {
      return base::Unsupported("libcurl cannot be started");
    }
    added_ = true;
    wakeup_.emplace(request_.stop, Wake{this});
    while (!header_complete_ && !done_) {
      SCANTLING_DO(Pump());
    }
    return header_complete_ ? base::Result<void>() : Outcome();
  }

  base::Result<size_t> Read(std::span<std::byte> into) override {
    while (begin_ == buffer_.size() && !done_) {
      SCANTLING_DO(Pump());
    }
    const size_t count = std::min(into.size(), buffer_.size() - begin_);
    if (count > 0) {
      std::memcpy(into.data(), buffer_.data() + begin_, count);
      begin_ += count;
      return count;
    }
    if (begin_ == buffer_.size()) {
      SCANTLING_DO(Outcome());
    }
    return size_t{0};
  }

  // Where the answer sends us; "" when it does not.
  std::string RedirectTarget() const {
    char* target = nullptr;
    curl_.easy_getinfo(session_->easy, CURLINFO_REDIRECT_URL, &target);
    return target == nullptr ? std::string() : std::string(target);
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Wake {
    Exchange* exchange;
    void operator()() const { exchange->curl_.multi_wakeup(exchange->session_->multi); }
  };

  template <typename T>
  void Set(CURLoption option, T value) {
    if (curl_.easy_setopt(session_->easy, option, value) != CURLE_OK) {
      refused_option_ = option;
    }
  }

  base::Result<void> Configure() {
    Set(CURLOPT_ERRORBUFFER, error_text_.data());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_URL, url_text_.c_str());
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_USERAGENT, client_.options.user_agent.c_str());
    // Only a wish: some versions refuse it for a handle that was used before.
    curl_.easy_setopt(session_->easy, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
    Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.timeouts.connect.count()));
    Set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!client_.options.policy.unrestricted() || !request_.unix_socket.empty() ||
        !request_.use_proxy) {
      Set(CURLOPT_PROXY, "");
    }
    if (!request_.unix_socket.empty()) {
      Set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
    }
    Set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::OnOpenSocket);
    Set(CURLOPT_OPENSOCKETDATA, this);
    Set(CURLOPT_HEADERFUNCTION, &Exchange::OnHeader);
    Set(CURLOPT_HEADERDATA, this);
    Set(CURLOPT_WRITEFUNCTION, &Exchange::OnBody);
    Set(CURLOPT_WRITEDATA, this);
    if (request_.accept_compressed) {
      Set(CURLOPT_ACCEPT_ENCODING, "");
    }
    if (request_.http2_prior_knowledge) {
      Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE));
      // libcurl 7.88 fails with "Error in the HTTP2 framing layer" when it uses such a connection
      // again.
      Set(CURLOPT_FORBID_REUSE, 1L);
    }
    if (!request_.ca_file.empty()) {
      if (::access(request_.ca_file.c_str(), R_OK) != 0) {
        return base::IoError("the file of certificates " + request_.ca_file);
      }
      Set(CURLOPT_CAINFO, request_.ca_file.c_str());
    }
    if (!request_.client_certificate.empty()) {
      Set(CURLOPT_SSLCERT, request_.client_certificate.c_str());
      Set(CURLOPT_SSLKEY, request_.client_key.c_str());
    }
    if (request_.insecure) {
      Set(CURLOPT_SSL_VERIFYPEER, 0L);
      Set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    ConfigureBody();
    ConfigureHeaders();
    if (refused_option_) {
      return base::Unsupported("the installed libcurl is too old: it does not know option " +
                               std::to_string(*refused_option_));
    }
    return {};
  }

  void ConfigureBody() {
    const bool has_body = request_.body_reader || !request_.body.empty() ||
                          request_.method == "POST" || request_.method == "PUT" ||
                          request_.method == "PATCH";
    if (request_.method == "HEAD") {
      Set(CURLOPT_NOBODY, 1L);
      return;
    }
    if (has_body) {
      Set(CURLOPT_UPLOAD, 1L);
      Set(CURLOPT_READFUNCTION, &Exchange::OnWantBody);
      Set(CURLOPT_READDATA, this);
      Set(CURLOPT_SEEKFUNCTION, &Exchange::OnSeek);
      Set(CURLOPT_SEEKDATA, this);
      const auto size = request_.body_reader ? request_.body_bytes
                                             : std::optional<uint64_t>(request_.body.size());
      Set(CURLOPT_INFILESIZE_LARGE,
          size ? static_cast<curl_off_t>(*size) : static_cast<curl_off_t>(-1));
    }
    if (has_body || request_.method != "GET") {
      Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
  }

  void ConfigureHeaders() {
    const auto append = [&](const std::string& line) {
      fields_ = curl_.slist_append(fields_, line.c_str());
    };
    for (const Headers::Field& field : request_.headers.fields()) {
      append(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
    }
    if (!request_.headers.Find("expect")) {
      append("Expect:");
    }
    Set(CURLOPT_HTTPHEADER, fields_);
  }

  // One round: lets libcurl work, and waits when nothing came of it.
  base::Result<void> Pump() {
    const size_t before = progress_;
    int running = 0;
    if (curl_.multi_perform(session_->multi, &running) != CURLM_OK) {
      return Fail(Network("libcurl gave up"));
    }
    int left = 0;
    while (const CURLMsg* message = curl_.multi_info_read(session_->multi, &left)) {
      if (message->msg == CURLMSG_DONE) {
        done_ = true;
        code_ = message->data.result;
        header_complete_ = header_complete_ || (code_ == CURLE_OK && status_ != 0);
      }
    }
    if (request_.stop.stop_requested()) {
      return Fail({base::ErrorCode::kUsage, "cancelled"});
    }
    window_bytes_ += progress_ - before;
    if (done_) {
      return {};
    }
    auto wait = Milliseconds(1000);
    const Timeouts& timeouts = request_.timeouts;
    if (timeouts.total.count() > 0) {
      const auto left_ms =
          timeouts.total - std::chrono::duration_cast<Milliseconds>(Clock::now() - started_);
      if (left_ms.count() <= 0) {
        return Fail(Network("not done within " + Seconds(timeouts.total)));
      }
      wait = std::min(wait, left_ms);
    }
    if (progress_ != before) {
      return {};
    }
    if (timeouts.low_speed.count() > 0) {
      wait = std::min(wait, std::chrono::ceil<Milliseconds>(timeouts.low_speed - waited_));
    }
    const auto begin = Clock::now();
    curl_.multi_poll(session_->multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
    waited_ += Clock::now() - begin;
    if (timeouts.low_speed.count() > 0 && waited_ >= timeouts.low_speed) {
      if (window_bytes_ < timeouts.low_speed_bytes) {
        return Fail(Network(window_bytes_ == 0 ? "no answer for " + Seconds(timeouts.low_speed)
                                               : "only " + std::to_string(window_bytes_) +
                                                     " bytes in " + Seconds(timeouts.low_speed)));
      }
      waited_ = {};
      window_bytes_ = 0;
    }
    return {};
  }

  base::Error Named(base::Error error) const {
    return std::move(error).With(request_.unix_socket.empty() ? url_.Origin()
                                                              : request_.unix_socket);
  }

  base::Error Fail(base::Error error) {
    done_ = true;
    own_error_ = std::move(error);
    return Named(own_error_->Clone());
  }

  base::Result<void> Outcome() {
    if (own_error_) {
      return Named(own_error_->Clone());
    }
    if (code_ == CURLE_OK) {
      return {};
    }
    return Named(Describe());
  }

  base::Error Describe() const {
    const std::string detail(base::Trim(error_text_.data()));
    const std::string words = detail.empty() ? curl_.easy_strerror(code_) : detail;
    switch (code_) {
      case CURLE_COULDNT_RESOLVE_HOST:
        return base::NotFound("the host's name is not known (DNS)");
      case CURLE_COULDNT_RESOLVE_PROXY:
        return base::NotFound("the proxy's name is not known (DNS)");
      case CURLE_COULDNT_CONNECT: {
        if (refused_address_) {
          return refused_address_->Clone();
        }
        long number = 0;
        curl_.easy_getinfo(session_->easy, CURLINFO_OS_ERRNO, &number);
        return Network(number == 0 ? "cannot connect" + (detail.empty() ? "" : ": " + detail)
                                   : std::string("cannot connect: ") +
                                         std::strerror(static_cast<int>(number)));
      }
      case CURLE_OPERATION_TIMEDOUT:
        return Network("no connection within " + Seconds(request_.timeouts.connect));
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_ISSUER_ERROR:
      case CURLE_SSL_INVALIDCERTSTATUS:
        return {base::ErrorCode::kMismatch, "TLS: " + words};
      case CURLE_SSL_CACERT_BADFILE:
        return base::Invalid("TLS: the file of certificates " + request_.ca_file +
                             " cannot be used: " + words);
      case CURLE_SSL_CERTPROBLEM:
        return base::Invalid("TLS: the client certificate " + request_.client_certificate +
                             " cannot be used: " + words);
      case CURLE_SSL_CONNECT_ERROR:
        if (words.find("reset") == std::string::npos &&
            words.find("SYSCALL") == std::string::npos) {
          return base::Invalid("TLS: " + words +
                               (words.find("wrong version") == std::string::npos
                                    ? ""
                                    : " (is it a server without TLS?)"));
        }
        return Network("TLS: " + words);
      case CURLE_GOT_NOTHING:
        return Network("the server closed the connection without an answer");
      case CURLE_PARTIAL_FILE:
        return Network("the connection ended in the middle of the answer");
      case CURLE_BAD_CONTENT_ENCODING:
      case CURLE_WEIRD_SERVER_REPLY:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return base::Invalid("not a right HTTP answer: " + words);
      default:
        return Network(words);
    }
  }

  static curl_socket_t OnOpenSocket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    auto& exchange = *static_cast<Exchange*>(self);
    const AddressPolicy& policy = exchange.client_.options.policy;
    if (address->family != AF_UNIX && !policy.unrestricted()) {
      const auto ip = IpAddress::FromSocket(address->addr);
      auto checked =
          ip ? policy.Check(*ip)
             : base::Result<void>(base::Error(base::ErrorCode::kUsage,
                                              "an address of a kind that may not be called"));
      if (!checked) {
        exchange.refused_address_ = std::move(checked).error();
        return CURL_SOCKET_BAD;
      }
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static size_t OnHeader(char* data, size_t size, size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.TakeHeader({data, size * count});
    return exchange.own_error_ ? 0 : size * count;
  }

  void TakeHeader(std::string_view line) {
    progress_ += line.size();
    header_bytes_ += line.size();
    if (header_bytes_ > kMaxHeaderBytes) {
      own_error_ = base::LimitMet("an answer with more than " + std::to_string(kMaxHeaderBytes) +
                                  " bytes of headers");
      return;
    }
    line = base::Trim(line);
    if (!header_complete_ && line.starts_with("HTTP/")) {
      headers_.Clear();
      const size_t blank = std::min(line.find(' '), line.size());
      status_ = base::ParseNumber<int>(base::Trim(line.substr(blank)).substr(0, 3)).value_or(0);
    } else if (line.empty()) {
      header_complete_ = status_ >= 200 || status_ == 101;
    } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
      (header_complete_ ? trailers_ : headers_)
          .Add(base::Trim(line.substr(0, colon)), base::Trim(line.substr(colon + 1)));
    }
  }

  static size_t OnBody(char* data, size_t size, size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const size_t bytes = size * count;
    exchange.progress_ += bytes;
    exchange.body_bytes_ += bytes;
    const uint64_t most = exchange.request_.max_response_bytes;
    if (most != 0 && exchange.body_bytes_ > most) {
      exchange.own_error_ =
          base::LimitMet("an answer of more than " + std::to_string(most) + " bytes");
      return 0;
    }
    if (exchange.begin_ == exchange.buffer_.size()) {
      exchange.buffer_.clear();
      exchange.begin_ = 0;
    }
    exchange.buffer_.append(data, bytes);
    return bytes;
  }

  static size_t OnWantBody(char* into, size_t size, size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const size_t room = size * count;
    size_t given = 0;
    if (exchange.request_.body_reader) {
      auto read = exchange.request_.body_reader(std::as_writable_bytes(std::span(into, room)));
      if (!read) {
        exchange.own_error_ = std::move(read).error();
        return CURL_READFUNC_ABORT;
      }
      given = *read;
    } else {
      given = std::min(room, exchange.request_.body.size() - exchange.sent_);
      std::memcpy(into, exchange.request_.body.data() + exchange.sent_, given);
    }
    exchange.sent_ += given;
    exchange.progress_ += given;
    return given;
  }

  // When a kept connection turns out to be dead, the body is wanted again.
  static int OnSeek(void* self, curl_off_t offset, int origin) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.request_.body_reader || origin != SEEK_SET || offset < 0 ||
        static_cast<uint64_t>(offset) > exchange.request_.body.size()) {
      return CURL_SEEKFUNC_CANTSEEK;
    }
    exchange.sent_ = static_cast<size_t>(offset);
    return CURL_SEEKFUNC_OK;
  }

  HttpClient::Impl& client_;
  std::unique_ptr<Session> session_;
  const Curl& curl_;
  const HttpRequest request_;
  const Url url_;
  const std::string url_text_;
  const Clock::time_point started_;
  std::optional<std::stop_callback<Wake>> wakeup_;
  curl_slist* fields_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::optional<CURLoption> refused_option_;
  bool added_ = false;

  int status_ = 0;
  Headers headers_;
  Headers trailers_;
  bool header_complete_ = false;
  size_t header_bytes_ = 0;
  std::string buffer_;  // of the body, from begin_
  size_t begin_ = 0;
  uint64_t body_bytes_ = 0;
  size_t sent_ = 0;

  size_t progress_ = 0;      // bytes either way
  size_t window_bytes_ = 0;  // and since the last look at the speed
  Clock::duration waited_{};

  bool done_ = false;
  CURLcode code_ = CURLE_OK;
  std::optional<base::Error> own_error_;
  std::optional<base::Error> refused_address_;
};

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What the next request looks like; nullopt when it cannot be sent again.
bool Redirected(HttpRequest& request, int status, const Url& from, const Url& to) {
  const bool becomes_get = status == 303 || (status < 303 && request.method == "POST");
  if (becomes_get && request.method != "HEAD") {
    request.method = "GET";
    request.body.clear();
    request.body_reader = nullptr;
    for (const std::string_view name : {"content-type", "content-length", "content-encoding"}) {
      request.headers.Remove(name);
    }
  }
  if (request.body_reader) {
    return false;
  }
  if (!from.SameOrigin(to)) {
    for (const std::string_view name : {"authorization", "cookie", "proxy-authorization"}) {
      request.headers.Remove(name);
    }
    request.client_certificate.clear();
    request.client_key.clear();
  }
  return true;
}

}  // namespace

HttpClient::HttpClient(ClientOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
}
HttpClient::~HttpClient() = default;

base::Result<std::unique_ptr<HttpStream>> HttpClient::Open(const HttpRequest& request) const {
  SCANTLING_DO(CheckRequest(request));
  SCANTLING_TRY(Url url, ParseUrl(request.url));
  HttpRequest next = request;
  for (unsigned redirects = 0;; ++redirects) {
    SCANTLING_TRY(auto session, impl_->Take());
    auto exchange = std::make_unique<Exchange>(*impl_, std::move(session), next, url);
    SCANTLING_DO(exchange->Start());
    const std::string target = exchange->RedirectTarget();
    if (!IsRedirect(exchange->status()) || target.empty() || request.max_redirects == 0 ||
        !request.unix_socket.empty()) {
      return std::unique_ptr<HttpStream>(std::move(exchange));
    }
    if (redirects >= request.max_redirects) {
      return base::LimitMet(url.Origin() + ": more than " + std::to_string(request.max_redirects) +
                            " redirects");
    }
    SCANTLING_TRY(Url to, ParseUrl(target).With(url.Origin() + " redirects"));
    if (url.scheme == "https" && to.scheme != "https") {
      return base::Error(base::ErrorCode::kMismatch,
                         url.Origin() + " redirects to " + to.Origin() + ", without TLS");
    }
    if (!Redirected(next, exchange->status(), url, to)) {
      return std::unique_ptr<HttpStream>(std::move(exchange));
    }
    url = std::move(to);
  }
}

base::Result<HttpResponse> HttpClient::Send(const HttpRequest& request,
                                            const OnChunk& on_chunk) const {
  SCANTLING_TRY(const auto stream, Open(request));
  HttpResponse out;
  out.status = stream->status();
  out.headers = stream->headers();
  out.url = stream->url();
  std::vector<std::byte> buffer(64 << 10);
  while (true) {
    SCANTLING_TRY(const size_t count, stream->Read(buffer));
    if (count == 0) {
      break;
    }
    SCANTLING_DO(on_chunk(out, base::Bytes(buffer).first(count)));
  }
  out.trailers = stream->trailers();
  return out;
}

base::Result<HttpResponse> HttpClient::Send(const HttpRequest& request) const {
  std::string body;
  SCANTLING_TRY(HttpResponse out,
                Send(request, [&](const HttpResponse&, base::Bytes chunk) -> base::Result<void> {
                  body.append(base::AsText(chunk));
                  return {};
                }));
  out.body = std::move(body);
  return out;
}

}  // namespace scantling::net
