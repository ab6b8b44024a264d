// A client of plain sockets for the tests of this room: it sends exactly the bytes it is given, so
// that halves of requests and nonsense can be sent as well. With a context it speaks TLS by
// OpenSSL.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace scantling::testing {

struct Answer {
  int status = 0;
  std::string head;  // with the status line, without the empty line
  std::string body;  // chunks joined, as sent otherwise
  std::string Header(std::string_view name) const {
    const std::string key = "\r\n" + std::string(name) + ": ";
    const size_t at = head.find(key);
    if (at == std::string::npos) {
      return "";
    }
    const size_t from = at + key.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class TestClient {
 public:
  explicit TestClient(uint16_t port, SSL_CTX* tls = nullptr) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      Shut();
      return;
    }
    if (tls != nullptr) {
      ssl_ = SSL_new(tls);
      SSL_set_fd(ssl_, fd_);
      if (SSL_connect(ssl_) != 1) {
        Shut();
      }
    }
  }
  TestClient(TestClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        ssl_(std::exchange(other.ssl_, nullptr)),
        buffer_(std::move(other.buffer_)) {}
  TestClient& operator=(TestClient&&) = delete;
  ~TestClient() { Shut(); }

  bool connected() const { return fd_ >= 0; }
  SSL* ssl() const { return ssl_; }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ssl_ != nullptr
                                ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  // Whether the server says that a body may be sent.
  bool ReceiveContinue() {
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!More()) {
        return false;
      }
    }
    return buffer_.starts_with("HTTP/1.1 100 ");
  }

  // One answer; nullopt when the connection ends before it is whole, or after a minute of silence.
  std::optional<Answer> Receive(bool head_only = false) {
    size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!More()) {
        return std::nullopt;
      }
    }
    Answer out;
    out.head = buffer_.substr(0, end);
    buffer_.erase(0, end + 4);
    out.status = std::atoi(out.head.substr(9, 3).c_str());
    if (out.status == 100) {
      return Receive(head_only);
    }
    if (head_only || out.status == 304 || out.status == 204) {
      return out;
    }
    if (out.Header("Transfer-Encoding") == "chunked") {
      while (true) {
        size_t line = std::string::npos;
        while ((line = buffer_.find("\r\n")) == std::string::npos) {
          if (!More()) {
            return std::nullopt;
          }
        }
        const size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
        while (buffer_.size() < line + 2 + size + 2) {
          if (!More()) {
            return std::nullopt;
          }
        }
        out.body += buffer_.substr(line + 2, size);
        buffer_.erase(0, line + 2 + size + 2);
        if (size == 0) {
          return out;
        }
      }
    }
    const std::string length = out.Header("Content-Length");
    if (length.empty()) {
      while (More()) {
      }
      out.body = std::exchange(buffer_, {});
      return out;
    }
    const size_t size = std::strtoul(length.c_str(), nullptr, 10);
    while (buffer_.size() < size) {
      if (!More()) {
        return std::nullopt;
      }
    }
    out.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return out;
  }

  std::optional<Answer> Get(std::string_view path, std::string_view headers = "") {
    return Ask("GET", path, headers, "");
  }
  // `headers`: lines that end in CRLF.
  std::optional<Answer> Ask(std::string_view method, std::string_view path,
                            std::string_view headers, std::string_view body) {
    std::string text =
        std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n";
    text += headers;
    if (!body.empty() || method == "POST") {
      text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    text += "\r\n";
    text += body;
    Send(text);
    return Receive(method == "HEAD");
  }

  // Whether the server closes (and sends nothing more) within a minute.
  bool Ends() {
    const size_t before = buffer_.size();
    while (More()) {
    }
    return ended_ && buffer_.size() == before;
  }

 private:
  bool More() {
    char bytes[16384];
    if (fd_ < 0) {
      return false;
    }
    if (ssl_ == nullptr || SSL_pending(ssl_) == 0) {
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 60'000) != 1) {
        return false;
      }
    }
    const ssize_t count =
        ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof bytes) : ::recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<size_t>(count));
    return true;
  }
  void Shut() {
    if (ssl_ != nullptr) {
      SSL_free(ssl_);
      ssl_ = nullptr;
    }
    if (fd_ >= 0) {
      ::close(fd_);
      fd_ = -1;
    }
  }

  int fd_ = -1;
  SSL* ssl_ = nullptr;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace scantling::testing
