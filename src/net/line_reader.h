// A stream's body line by line: Kubernetes watches, Docker's events. Lines end with LF; a CR before
// it is dropped; the last line needs none.
#pragma once

#include "base/result.h"
#include "net/http_client.h"

#include <optional>
#include <string>

namespace scantling::net {

// Borrows the stream. Single thread.
class LineReader {
 public:
  LineReader(HttpStream& stream, size_t max_line_bytes)
      : stream_(stream), max_line_bytes_(max_line_bytes) {}
  // nullopt = the end. A longer line than allowed is an error.
  base::Result<std::optional<std::string>> Next();

 private:
  HttpStream& stream_;
  size_t max_line_bytes_;
  std::string buffer_;
  size_t begin_ = 0;    // of the next line
  size_t scanned_ = 0;  // no LF before here
  bool ended_ = false;
};

}  // namespace scantling::net
