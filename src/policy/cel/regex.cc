// See regex.h.
#include "policy/cel/regex.h"

#include <re2/re2.h>

namespace scantling::policy::cel {

Regex::Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

std::expected<Regex, std::string> Regex::Make(std::string_view pattern) {
  constexpr size_t kPatternBytes = 1000;
  if (pattern.size() > kPatternBytes) {
    return std::unexpected(std::string("the pattern is longer than 1000 bytes"));
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(int64_t{1} << 20);
  Regex out;
  out.re2_ = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!out.re2_->ok()) {
    return std::unexpected(out.re2_->error());
  }
  return out;
}

bool Regex::Finds(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *re2_);
}

}  // namespace scantling::policy::cel
