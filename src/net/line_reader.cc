// See line_reader.h.
#include "net/line_reader.h"

#include <span>

namespace scantling::net {

base::Result<std::optional<std::string>> LineReader::Next() {
  constexpr size_t kBlock = 32 << 10;
  while (true) {
    const size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos || (ended_ && begin_ < buffer_.size())) {
      std::string line =
          buffer_.substr(begin_, (end == std::string::npos ? buffer_.size() : end) - begin_);
      begin_ = end == std::string::npos ? buffer_.size() : end + 1;
      scanned_ = begin_;
      if (line.size() > max_line_bytes_) {
        return base::LimitMet("a line of more than " + std::to_string(max_line_bytes_) + " bytes");
      }
      if (line.ends_with('\r')) {
        line.pop_back();
      }
      return std::optional<std::string>(std::move(line));
    }
    if (ended_) {
      return std::optional<std::string>();
    }
    scanned_ = buffer_.size();
    if (buffer_.size() - begin_ > max_line_bytes_) {
      return base::LimitMet("a line of more than " + std::to_string(max_line_bytes_) + " bytes");
    }
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    const size_t size = buffer_.size();
    buffer_.resize(size + kBlock);
    auto count = stream_.Read(std::as_writable_bytes(std::span(buffer_.data() + size, kBlock)));
    buffer_.resize(size + count.value_or(0));
    if (!count) {
      return std::move(count).error();
    }
    ended_ = *count == 0;
  }
}

}  // namespace scantling::net
