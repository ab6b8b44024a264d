// A server on loopback for tests: it sends the bytes that the test wants, right or wrong, to
// whoever connects. One connection after another, one request each.
#pragma once

#include "base/file.h"
#include "base/strings.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <vector>

namespace scantling::net {

class TestServer {
 public:
  // What to answer to the request's head and body. The connection is then closed.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit TestServer(Answer answer, const std::string& unix_socket = "")
      : answer_(std::move(answer)) {
    if (unix_socket.empty()) {
      listener_ = base::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      Bind(address);
      socklen_t size = sizeof(address);
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
      port_ = ntohs(address.sin_port);
    } else {
      listener_ = base::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      unix_socket.copy(address.sun_path, sizeof(address.sun_path) - 1);
      Bind(address);
    }
    ::listen(listener_.get(), 16);
    thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
  }

  uint16_t port() const { return port_; }
  std::string Url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  template <typename Address>
  void Bind(const Address& address) {
    const int bound =
        ::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    SCANTLING_ASSERT(bound == 0);
  }

  bool WaitFor(int fd, const std::stop_token& stop) const {
    while (!stop.stop_requested()) {
      pollfd wanted{fd, POLLIN, 0};
      if (::poll(&wanted, 1, 20) > 0) {
        return true;
      }
    }
    return false;
  }

  void Serve(const std::stop_token& stop) {
    while (WaitFor(listener_.get(), stop)) {
      const base::Fd peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      const std::string request = ReadRequest(peer.get(), stop);
      if (request.empty()) {
        continue;
      }
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string text = answer_(request);
      constexpr std::string_view kHold = "<hold>";  // at the end: the connection stays open
      const bool hold = text.ends_with(kHold);
      size_t sent = 0;
      const size_t all = text.size() - (hold ? kHold.size() : 0);
      while (sent < all) {
        const ssize_t count = ::send(peer.get(), text.data() + sent, all - sent, MSG_NOSIGNAL);
        if (count <= 0) {
          break;
        }
        sent += static_cast<size_t>(count);
      }
      if (hold) {
        WaitFor(peer.get(), stop);  // until the other side closes
      }
    }
  }

  std::string ReadRequest(int fd, const std::stop_token& stop) const {
    std::string out;
    size_t want = std::string::npos;
    while (out.size() < want && WaitFor(fd, stop)) {
      char buffer[4096];
      const ssize_t count = ::recv(fd, buffer, sizeof(buffer), 0);
      if (count <= 0) {
        break;
      }
      out.append(buffer, static_cast<size_t>(count));
      if (out[0] == 0x16) {
        break;  // a TLS hello: it ends differently
      }
      const size_t end = out.find("\r\n\r\n");
      if (end != std::string::npos && want == std::string::npos) {
        const size_t length = base::Lower(out).find("content-length: ");
        want = end + 4;
        if (length != std::string::npos && length < end) {
          const size_t line = out.find("\r\n", length);
          want += base::ParseNumber<size_t>(
                      std::string_view(out).substr(length + 16, line - length - 16))
                      .value_or(0);
        }
      }
    }
    return out;
  }

  Answer answer_;
  base::Fd listener_;
  uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::jthread thread_;  // last: it ends before the rest goes
};

}  // namespace scantling::net
