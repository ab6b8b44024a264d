// The connections of the HTTP server: the file that includes Asio and Beast. One coroutine a
// connection, on the I/O thread it was given to.
//
// Waiting costs little: an idle connection holds its socket, a coroutine frame and a buffer of 2
// KB; parser and request exist while a request is there. Not handled: HTTP/2, trailers, upgrades.
#include "server/http/server.h"

#include "base/strings.h"
#include "codec/json_writer.h"
#include "server/http/exchange.h"
#include "server/http/workers.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>
#include <sys/resource.h>
#include <thread>
#include <type_traits>
#include <utility>

namespace scantling::server::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
template <typename T>
using Task = asio::awaitable<T, Executor>;
using PlainStream = asio::basic_stream_socket<tcp, Executor>;
using TlsStream = asio::ssl::stream<PlainStream>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

constexpr size_t kFirstRead = 2048;
constexpr size_t kWritePart = size_t{256} << 10;
constexpr size_t kDrainBytes = size_t{4} << 20;
constexpr std::chrono::milliseconds kDrainTime{2000};
constexpr std::chrono::milliseconds kLook{100};
constexpr asio::use_awaitable_t<Executor> kAwait{};

class ConnectionBase {
 public:
  virtual ~ConnectionBase() = default;
  virtual void Close() = 0;
  virtual void Cancel() = 0;  // what it waits for
  bool busy = false;          // with a request; else it may be closed
  // Of what it waits for on its socket. The I/O thread looks now and then: a timer for each wait
  // would cost more than it.
  Clock::time_point deadline = Clock::time_point::max();
  bool timed_out = false;
};

struct IoThread {
  asio::io_context context{1};
  std::set<ConnectionBase*> connections;  // touched on this thread only
  std::jthread thread;

  // Ends with the context.
  static Task<void> Watch(IoThread* self) {
    Timer timer(self->context.get_executor());
    while (true) {
      error_code ec;
      timer.expires_after(kLook);
      co_await timer.async_wait(asio::redirect_error(kAwait, ec));
      const Clock::time_point now = Clock::now();
      for (ConnectionBase* connection : self->connections) {
        if (connection->deadline < now) {
          connection->timed_out = true;
          connection->Cancel();
        }
      }
    }
  }
};

struct Shared {
  ServerOptions options;
  const Router* router = nullptr;
  std::unique_ptr<Workers> workers;
  std::mutex tls_mutex;
  std::shared_ptr<asio::ssl::context> tls;
  std::atomic<bool> stopping = false;
  std::atomic<uint64_t> requests = 0;
  std::atomic<uint64_t> open = 0;
  std::atomic<uint64_t> refused = 0;
  std::atomic<uint64_t> timeouts = 0;
  std::string id_prefix;
  std::atomic<uint64_t> next_id = 0;
  std::mutex done_mutex;
  std::condition_variable done;  // `open` went down

  std::string NextId() { return id_prefix + std::to_string(next_id.fetch_add(1) + 1); }
  void Ended() {
    {
      const std::lock_guard lock(done_mutex);
      open.fetch_sub(1);
    }
    done.notify_all();
  }
};

// Runs the job on a worker; the coroutine goes on when it is done.
template <typename Token>
auto AsyncRun(Shared& shared, Executor executor, std::move_only_function<void()> job,
              Token&& token) {
  return asio::async_initiate<Token, void()>(
      [](auto handler, Shared* where, Executor back, std::move_only_function<void()> work) {
        auto guard = asio::make_work_guard(back);
        where->workers->Add([handler = std::move(handler), work = std::move(work),
                             guard = std::move(guard)]() mutable {
          work();
          const Executor target = guard.get_executor();
          asio::post(target, std::move(handler));
        });
      },
      token, &shared, executor, std::move(job));
}

std::string Hex(uint64_t value) {
  std::array<char, 16> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, 16).ptr;
  return {text.data(), end};
}

// One connection. Lives in its coroutine.
template <typename Stream>
class Connection final : public ConnectionBase {
 public:
  static constexpr bool kTls = !std::is_same_v<Stream, PlainStream>;

  Connection(Shared& shared, IoThread& io, Stream stream, std::string peer,
             std::shared_ptr<asio::ssl::context> tls)
      : shared_(shared),
        io_(io),
        tls_(std::move(tls)),
        stream_(std::move(stream)),
        peer_(std::move(peer)) {}

  static Task<void> Serve(std::unique_ptr<Connection> self) {
    self->io_.connections.insert(self.get());
    if (!self->shared_.stopping) {
      try {
        co_await self->Run();
      } catch (const std::exception&) {  // out of memory, or of what a socket needs: it ends
      }
    }
    self->io_.connections.erase(self.get());
    Shared& shared = self->shared_;
    self.reset();
    shared.Ended();
  }

  void Close() override {
    error_code ignored;
    Socket().close(ignored);
  }
  void Cancel() override {
    error_code ignored;
    Socket().cancel(ignored);
  }

 private:
  PlainStream& Socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }
  void Expect(Clock::time_point until) {
    deadline = until;
    timed_out = false;
  }
  void ExpectWithin(std::chrono::milliseconds time) { Expect(Clock::now() + time); }
  asio::redirect_error_t<asio::use_awaitable_t<Executor>> Token(error_code& ec) {
    return asio::redirect_error(kAwait, ec);
  }

  Task<void> Run() {
    error_code ec;
    if constexpr (kTls) {
      ExpectWithin(shared_.options.handshake_time);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, Token(ec));
      if (ec) {
        NoteTimeout(ec);
        co_return;
      }
    }
    bool more = true;
    while (more && !shared_.stopping) {
      if (buffer_.size() == 0) {
        if (buffer_.capacity() > 2 * kFirstRead) {
          buffer_.shrink_to_fit();
        }
        ExpectWithin(shared_.options.idle_time);
        const size_t count =
            co_await stream_.async_read_some(buffer_.prepare(kFirstRead), Token(ec));
        if (ec) {
          break;
        }
        buffer_.commit(count);
      }
      busy = true;
      more = co_await Exchange();
      busy = false;
    }
    co_await Farewell();
  }

  // One request and its answer; false when the connection ends with it.
  Task<bool> Exchange() {
    const Clock::time_point start = Clock::now();
    user_.clear();
    Expect(start + shared_.options.request_time);
    error_code ec;
    beast::http::request_parser<beast::http::empty_body> head;
    head.header_limit(shared_.options.header_bytes);
    head.body_limit(boost::none);
    co_await beast::http::async_read_header(stream_, buffer_, head, Token(ec));
    Request request;
    request.id = shared_.NextId();
    request.peer = peer_;
    request.tls = kTls;
    Wire wire;
    wire.now = shared_.options.now();
    if (ec) {
      if (ec == beast::http::error::end_of_stream) {
        co_return false;
      }
      NoteTimeout(ec);
      std::optional<Response> refusal = RefusalOf(ec);
      if (refusal) {
        wire.keep_alive = false;
        drain_ = true;
        co_await Send(request, Finish(request, *std::move(refusal), wire), start, "");
      }
      co_return false;
    }
    wire.http_1_0 = head.get().version() < 11;
    wire.keep_alive = head.get().keep_alive() && !shared_.stopping;
    std::optional<Response> response = TakeHead(head.get(), request);
    Decision decision;
    if (!response) {
      decision = Decide(*shared_.router, std::string_view(head.get().target()), request);
      response = std::move(decision.refusal);
    }
    if (!response) {
      const RouteOptions& options = decision.route->options;
      if (head.content_length() && *head.content_length() > options.body_bytes) {
        response = TooLarge(options.body_bytes);
      } else if (!head.is_done()) {
        if (options.seconds != 0) {
          Expect(start + std::chrono::seconds(options.seconds));
        }
        response = co_await ReadBody(head, options, request);
        if (!response && gone_) {
          co_return false;
        }
      }
    }
    const bool body_left = response.has_value() && !head.is_done();
    if (body_left) {
      wire.keep_alive = false;  // the rest of the body would be read as a request
      drain_ = true;
    }
    std::string log_text;
    Finished answer;
    auto work = [&] {
      if (!response) {
        response = Answer(*decision.route, request);
      }
      user_ = std::move(response->user);
      log_text = std::move(response->log);
      answer = Finish(request, *std::move(response), wire);
    };
    if (!response && decision.route->options.where == RouteOptions::Where::kWorker) {
      if (shared_.workers->HasRoom()) {
        deadline = Clock::time_point::max();
        co_await AsyncRun(shared_, io_.context.get_executor(), work, kAwait);
      } else {
        shared_.refused.fetch_add(1);
        response = Problem(503, "too many requests are waiting; try again", "busy");
        response->Add("Retry-After", "1");
        work();
      }
    } else {
      work();
    }
    co_return co_await Send(request, std::move(answer), start, log_text);
  }

  // Fills the request from its head; a response when it is refused.
  std::optional<Response> TakeHead(const beast::http::request_header<>& head, Request& request) {
    const std::optional<Method> method = ParseMethod(std::string_view(head.method_string()));
    if (!method) {
      return Problem(501, "this method is not known here");
    }
    request.method = *method;
    size_t hosts = 0;
    for (const auto& field : head) {
      hosts += field.name() == beast::http::field::host ? 1 : 0;
      request.headers.emplace_back(std::string_view(field.name_string()),
                                   std::string_view(field.value()));
    }
    if (hosts > 1 || (hosts == 0 && head.version() >= 11)) {
      return Problem(400, "a request has one Host field");
    }
    if (head.version() > 11) {
      return Problem(505, "this server speaks HTTP/1.1");
    }
    const std::vector<std::string>& proxies = shared_.options.trusted_proxies;
    if (std::ranges::find(proxies, request.peer) != proxies.end()) {
      request.tls = base::EqualsIgnoreCase(request.Header("X-Forwarded-Proto"), "https");
      // From the right: the last address that no proxy of ours added for another one.
      const auto hops = base::Split(request.Header("X-Forwarded-For"), ',');
      for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        error_code ec;
        const auto address = asio::ip::make_address(std::string(base::Trim(*hop)), ec);
        if (ec) {
          break;
        }
        request.peer = address.to_string();
        if (std::ranges::find(proxies, request.peer) == proxies.end()) {
          break;
        }
      }
    }
    return std::nullopt;
  }

  Task<std::optional<Response>> ReadBody(beast::http::request_parser<beast::http::empty_body>& head,
                                         const RouteOptions& options, Request& request) {
    error_code ec;
    if (base::EqualsIgnoreCase(request.Header("Expect"), "100-continue")) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream_, asio::buffer(kContinue), Token(ec));
    }
    if (!ec) {
      beast::http::request_parser<beast::http::string_body> parser(std::move(head));
      parser.body_limit(options.body_bytes);
      co_await beast::http::async_read(stream_, buffer_, parser, Token(ec));
      if (!ec) {
        request.body = std::move(parser.get().body());
      }
    }
    std::optional<Response> refusal;
    if (ec) {
      NoteTimeout(ec);
      refusal = ec == beast::http::error::body_limit ? TooLarge(options.body_bytes) : RefusalOf(ec);
      gone_ = !refusal.has_value();
      body_failed_ = true;
    }
    co_return refusal;
  }

  // Sends it and logs it; false when the connection ends.
  Task<bool> Send(const Request& request, Finished answer, Clock::time_point start,
                  std::string_view log_text) {
    error_code ec;
    uint64_t sent = 0;
    size_t from = 0;
    std::string_view body = answer.body;
    do {
      const std::string_view part = body.substr(from, kWritePart);
      const std::array<asio::const_buffer, 2> buffers{
          asio::buffer(from == 0 ? std::string_view(answer.head) : std::string_view()),
          asio::buffer(part)};
      ExpectWithin(shared_.options.write_time);
      sent += co_await asio::async_write(stream_, buffers, Token(ec));
      from += part.size();
    } while (!ec && from < body.size());
    std::string failure;
    bool more = true;
    const bool chunked = answer.head.find("\r\nTransfer-Encoding: chunked") != std::string::npos;
    while (answer.stream && more && !ec) {
      std::string part;
      base::Result<bool> next = true;
      deadline = Clock::time_point::max();
      co_await AsyncRun(
          shared_, io_.context.get_executor(),
          [&] {
            try {
              next = answer.stream(part);
            } catch (const std::exception& error) {
              next = base::Invalid(error.what());
            }
          },
          kAwait);
      if (!next) {
        failure = next.error().Message();
        break;
      }
      more = *next;
      std::string text;
      if (chunked) {
        if (!part.empty()) {
          text = Hex(part.size()) + "\r\n";
          text += part;
          text += "\r\n";
        }
        if (!more) {
          text += "0\r\n\r\n";
        }
      } else {
        text = std::move(part);
      }
      ExpectWithin(shared_.options.write_time);
      sent += co_await asio::async_write(stream_, asio::buffer(text), Token(ec));
    }
    NoteTimeout(ec);
    shared_.requests.fetch_add(1, std::memory_order_relaxed);
    Log(request, answer.head, start, sent, failure.empty() ? log_text : failure,
        ec ? ec.message() : std::string());
    if (ec || !failure.empty()) {
      cut_ = true;
      co_return false;
    }
    co_return answer.keep_alive && !body_failed_;
  }

  void Log(const Request& request, std::string_view head, Clock::time_point start, uint64_t sent,
           std::string_view error, std::string_view cut) {
    if (!shared_.options.log) {
      return;
    }
    std::string line;
    codec::JsonWriter json(&line, codec::JsonWriter::Layout::kCompact);
    json.BeginObject();
    json.Int("at", shared_.options.now());
    json.Text("id", request.id);
    json.Text("method", ToString(request.method));
    json.Text("path", base::ToUtf8(request.secret_path ? request.route : request.path));
    json.Text("route", request.route);
    json.Int("status", base::ParseNumber<int>(head.substr(9, 3)).value_or(0));
    json.Uint("bytes", sent);
    json.Double("ms", std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    json.Text("peer", request.peer);
    if (!user_.empty()) {
      json.Text("user", base::ToUtf8(user_));
    }
    if (!error.empty()) {
      json.Text("error", base::ToUtf8(error));
    }
    if (!cut.empty()) {
      json.Text("cut", base::ToUtf8(cut));
    }
    json.EndObject();
    shared_.options.log(line);
  }

  // After an answer that ended the connection: what the client still sends is taken for a moment,
  // as a closed socket with unread bytes would take the answer away from it.
  Task<void> Farewell() {
    error_code ec;
    if (cut_) {
      co_return;
    }
    if constexpr (kTls) {
      ExpectWithin(kDrainTime);
      co_await stream_.async_shutdown(Token(ec));
    } else {
      Socket().shutdown(tcp::socket::shutdown_send, ec);
    }
    if (!drain_ || ec) {
      co_return;
    }
    ExpectWithin(kDrainTime);
    std::array<char, 4096> junk;
    size_t taken = 0;
    while (!ec && taken < kDrainBytes) {
      taken += co_await Socket().async_read_some(asio::buffer(junk), Token(ec));
    }
  }

  static Response TooLarge(uint64_t limit) {
    return Problem(413, "a body here may have at most " + std::to_string(limit) + " bytes",
                   "body-limit");
  }

  // What to say about a request that could not be read; nothing when nobody listens any more.
  static std::optional<Response> RefusalOf(const error_code& ec) {
    if (ec == asio::error::timed_out) {
      return Problem(408, "the request did not arrive in time", "slow-request");
    }
    if (ec == beast::http::error::header_limit) {
      return Problem(431, "the request's head is too long", "header-limit");
    }
    if (ec == beast::http::error::partial_message || ec == beast::http::error::end_of_stream) {
      return std::nullopt;
    }
    if (ec.category() == beast::http::make_error_code(beast::http::error::bad_value).category()) {
      return Problem(400, "this is no HTTP request: " + ec.message(), "malformed");
    }
    return std::nullopt;
  }

  // Says of an operation that was cancelled that its time was over.
  void NoteTimeout(error_code& ec) {
    if (ec && timed_out) {
      ec = asio::error::timed_out;
      shared_.timeouts.fetch_add(1);
    }
  }

  Shared& shared_;
  IoThread& io_;
  std::shared_ptr<asio::ssl::context> tls_;  // outlives the stream
  Stream stream_;
  beast::flat_buffer buffer_;
  std::string peer_;
  std::string user_;  // of the request under way, for the log
  bool drain_ = false;
  bool gone_ = false;
  bool body_failed_ = false;
  bool cut_ = false;
};

base::Result<std::shared_ptr<asio::ssl::context>> LoadTls(const TlsFiles& files) {
  error_code ec;
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  context->use_certificate_chain_file(files.certificate, ec);
  if (ec) {
    return base::Invalid(files.certificate + ": " + ec.message());
  }
  context->use_private_key_file(files.key, asio::ssl::context::pem, ec);
  if (ec) {
    return base::Invalid(files.key + ": " + ec.message());
  }
  if (SSL_CTX_check_private_key(raw) != 1) {
    return base::Invalid(files.key + ": is not the key of " + files.certificate);
  }
  return context;
}

}  // namespace

struct Server::State {
  Shared shared;
  std::vector<std::unique_ptr<IoThread>> io;
  std::vector<asio::executor_work_guard<Executor>> guards;
  std::optional<Acceptor> acceptor;
  uint16_t port = 0;
  bool stopped = false;
  std::mutex stop_mutex;

  Task<void> Accept() {
    size_t next = 0;
    while (!shared.stopping) {
      IoThread& target = *io[next++ % io.size()];
      error_code ec;
      auto socket =
          co_await acceptor->async_accept(target.context, asio::redirect_error(kAwait, ec));
      if (ec == asio::error::operation_aborted || shared.stopping) {
        break;
      }
      if (ec) {  // out of file descriptors, most likely: others have to go first
        Timer pause(io.front()->context.get_executor(), std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::redirect_error(kAwait, ec));
        continue;
      }
      const auto remote = socket.remote_endpoint(ec);
      if (ec || shared.open >= shared.options.max_connections) {
        shared.refused.fetch_add(1);
        constexpr std::string_view kFull =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n";
        if (shared.options.tls.certificate.empty()) {
          socket.non_blocking(true, ec);
          socket.write_some(asio::buffer(kFull), ec);
        }
        continue;
      }
      socket.set_option(tcp::no_delay(true), ec);
      shared.open.fetch_add(1);
      Spawn(target, std::move(socket), remote.address());
    }
  }

  void Spawn(IoThread& target, PlainStream socket, asio::ip::address address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    const Executor executor = target.context.get_executor();
    std::shared_ptr<asio::ssl::context> tls;
    {
      const std::lock_guard lock(shared.tls_mutex);
      tls = shared.tls;
    }
    if (tls != nullptr) {
      asio::ssl::context& context = *tls;
      auto connection = std::make_unique<Connection<TlsStream>>(
          shared, target, TlsStream(std::move(socket), context), address.to_string(),
          std::move(tls));
      asio::co_spawn(executor, Connection<TlsStream>::Serve(std::move(connection)), asio::detached);
    } else {
      auto connection = std::make_unique<Connection<PlainStream>>(shared, target, std::move(socket),
                                                                  address.to_string(), nullptr);
      asio::co_spawn(executor, Connection<PlainStream>::Serve(std::move(connection)),
                     asio::detached);
    }
  }

  // Idle connections, or all.
  void CloseConnections(bool all) {
    for (const auto& thread : io) {
      asio::post(thread->context, [raw = thread.get(), all] {
        for (ConnectionBase* connection : raw->connections) {
          if (all || !connection->busy) {
            connection->Close();
          }
        }
      });
    }
  }

  bool WaitUntilEmpty(std::chrono::milliseconds patience) {
    std::unique_lock lock(shared.done_mutex);
    return shared.done.wait_for(lock, patience, [this] { return shared.open == 0; });
  }
};

base::Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, const Router& router) {
  SCANTLING_ASSERT(options.now != nullptr && options.io_threads > 0 && options.workers > 0);
  auto state = std::make_unique<State>();
  Shared& shared = state->shared;
  shared.options = std::move(options);
  shared.router = &router;
  RaiseFileLimit();
  if (!shared.options.tls.certificate.empty()) {
    SCANTLING_TRY(shared.tls, LoadTls(shared.options.tls));
  }
  error_code ec;
  const auto address = asio::ip::make_address(shared.options.address, ec);
  if (ec) {
    return base::Invalid(shared.options.address + " is no address to listen on: " + ec.message());
  }
  for (unsigned i = 0; i < shared.options.io_threads; ++i) {
    state->io.push_back(std::make_unique<IoThread>());
    state->guards.emplace_back(state->io.back()->context.get_executor());
  }
  const tcp::endpoint endpoint(address, shared.options.port);
  const std::string place =
      shared.options.address + " port " + std::to_string(shared.options.port) + ": ";
  Acceptor& acceptor = state->acceptor.emplace(state->io.front()->context.get_executor());
  if (acceptor.open(endpoint.protocol(), ec)) {
    return base::Error(base::ErrorCode::kIo, place + ec.message());
  }
  acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (acceptor.bind(endpoint, ec) || acceptor.listen(4096, ec)) {
    return base::Error(base::ErrorCode::kIo, place + ec.message());
  }
  state->port = acceptor.local_endpoint(ec).port();
  shared.id_prefix =
      Hex(static_cast<uint64_t>(shared.options.now())) + "-" + Hex(state->port) + "-";
  shared.workers = std::make_unique<Workers>(shared.options.workers, shared.options.max_waiting);
  asio::co_spawn(state->io.front()->context, state->Accept(), asio::detached);
  for (const auto& thread : state->io) {
    asio::co_spawn(thread->context, IoThread::Watch(thread.get()), asio::detached);
    thread->thread = std::jthread([raw = thread.get()] { raw->context.run(); });
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

uint16_t Server::port() const { return state_->port; }

std::string Server::url() const {
  const ServerOptions& options = state_->shared.options;
  const bool v6 = options.address.find(':') != std::string::npos;
  return (options.tls.certificate.empty() ? "http://" : "https://") +
         (v6 ? "[" + options.address + "]" : options.address) + ":" + std::to_string(state_->port);
}

base::Result<void> Server::ReloadTls() {
  SCANTLING_TRY(auto fresh, LoadTls(state_->shared.options.tls));
  const std::lock_guard lock(state_->shared.tls_mutex);
  state_->shared.tls = std::move(fresh);
  return {};
}

void Server::Stop(std::chrono::milliseconds patience) {
  State& state = *state_;
  const std::lock_guard lock(state.stop_mutex);
  if (state.stopped) {
    return;
  }
  state.stopped = true;
  state.shared.stopping = true;
  asio::post(state.io.front()->context, [&state] {
    error_code ignored;
    state.acceptor->close(ignored);
  });
  state.CloseConnections(false);
  if (!state.WaitUntilEmpty(patience)) {
    // A handler cannot be interrupted: its connection ends when it returns.
    do {
      state.CloseConnections(true);
    } while (!state.WaitUntilEmpty(std::chrono::milliseconds(50)));
  }
  state.shared.workers.reset();
  state.guards.clear();
  for (const auto& thread : state.io) {
    thread->context.stop();
  }
  for (const auto& thread : state.io) {
    thread->thread.join();
  }
}

ServerCounts Server::Counts() const {
  const Shared& shared = state_->shared;
  return {shared.requests, shared.open, shared.refused, shared.timeouts};
}

uint64_t RaiseFileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      ::getrlimit(RLIMIT_NOFILE, &limit);
    }
  }
  return limit.rlim_cur;
}

}  // namespace scantling::server::http
