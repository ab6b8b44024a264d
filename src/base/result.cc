#include "base/result.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace scantling::base {

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kTruncated:
      return "truncated";
    case ErrorCode::kLimit:
      return "limit";
    case ErrorCode::kMismatch:
      return "mismatch";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kUsage:
      return "usage";
  }
  return "invalid";
}

Error::Error(ErrorCode code, std::string text)
    : detail_(std::make_unique<Detail>(Detail{code, std::move(text), {}})) {}

std::string Error::Message() const {
  if (detail_->context.empty()) {
    return detail_->text;
  }
  return detail_->context + ": " + detail_->text;
}

Error Error::With(std::string_view context) && {
  if (detail_->context.empty()) {
    detail_->context = context;
  } else {
    detail_->context = std::string(context) + ": " + detail_->context;
  }
  return std::move(*this);
}

Error IoError(std::string text) {
  const int saved = errno;
  return {ErrorCode::kIo, std::move(text) + ": " + std::strerror(saved)};
}

void AssertFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "scantling: internal error: %s is false at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace scantling::base
