// Errors as values: Result<T> is std::expected<T, Error> that may not be ignored.
//
// An Error is one pointer: a code, a text for people, and a chain of context that callers add on
// the way up
// ("var/lib/dpkg/status: line 12: ..."). We never throw; a third-party library's throws are caught
// in the one file that wraps it. Bad input, a missing file, the network are Results; a broken
// invariant is SCANTLING_ASSERT.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace scantling::base {

enum class ErrorCode : uint8_t {
  kInvalid,      // input does not follow its format
  kTruncated,    // input ended early
  kLimit,        // a limit of base/limits.h was met
  kMismatch,     // a digest or checksum does not match its bytes
  kNotFound,     // a file, reference or record does not exist
  kUnsupported,  // well formed, but of a kind that we do not read
  kIo,           // the operating system said no
  kUsage,        // the caller of the program asked for something impossible
};

std::string_view ToString(ErrorCode code);

// Move-only. Thread-compatible.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string text);
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;
  Error(const Error&) = delete;
  Error& operator=(const Error&) = delete;
  ~Error() = default;

  ErrorCode code() const { return detail_->code; }
  // "outermost context: inner context: text"
  std::string Message() const;
  // Puts a place or an activity in front of the message.
  Error With(std::string_view context) &&;
  Error Clone() const { return Error(code(), Message()); }

 private:
  struct Detail {
    ErrorCode code;
    std::string text;
    std::string context;  // already joined, outermost first
  };
  std::unique_ptr<Detail> detail_;
};

template <typename T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using Base = std::expected<T, Error>;
  using Base::Base;
  Result(Error error)
      : Base(std::unexpected(std::move(error))) {}  // NOLINT(google-explicit-constructor)

  // Adds context to the error, if there is one; the value passes through.
  Result With(std::string_view context) && {
    if (!this->has_value()) {
      return Result(std::move(this->error()).With(context));
    }
    return std::move(*this);
  }
};

inline Error Invalid(std::string text) { return {ErrorCode::kInvalid, std::move(text)}; }
inline Error Truncated(std::string text) { return {ErrorCode::kTruncated, std::move(text)}; }
inline Error LimitMet(std::string text) { return {ErrorCode::kLimit, std::move(text)}; }
inline Error NotFound(std::string text) { return {ErrorCode::kNotFound, std::move(text)}; }
inline Error Unsupported(std::string text) { return {ErrorCode::kUnsupported, std::move(text)}; }
// "text: strerror(errno)"
Error IoError(std::string text);

[[noreturn]] void AssertFailed(const char* expression, const char* file, int line);

}  // namespace scantling::base

#define SCANTLING_CONCAT_INNER(a, b) a##b
#define SCANTLING_CONCAT(a, b) SCANTLING_CONCAT_INNER(a, b)

// SCANTLING_TRY(auto x, F()): x is F()'s value, or the error is returned from here.
#define SCANTLING_TRY(declaration, expression) \
  SCANTLING_TRY_INNER(SCANTLING_CONCAT(scantling_try_, __LINE__), declaration, expression)
#define SCANTLING_TRY_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                                \
  if (!temporary.has_value()) {                                 \
    return std::move(temporary).error();                        \
  }                                                             \
  declaration = *std::move(temporary)

// SCANTLING_DO(F()): the same for a Result<void>.
#define SCANTLING_DO(expression)               \
  do {                                         \
    auto scantling_do_ = (expression);         \
    if (!scantling_do_.has_value()) {          \
      return std::move(scantling_do_).error(); \
    }                                          \
  } while (false)

// Always on: a broken invariant ends the process.
#define SCANTLING_ASSERT(expression) \
  (static_cast<bool>(expression)     \
       ? static_cast<void>(0)        \
       : ::scantling::base::AssertFailed(#expression, __FILE__, __LINE__))
