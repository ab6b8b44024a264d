// Patterns of matches(): RE2's syntax and guarantees (time linear in the text, memory limited). The
// only place of the program that includes RE2. Thread-safe once made.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace scantling::policy::cel {

class Regex {
 public:
  // The error is RE2's own sentence.
  static std::expected<Regex, std::string> Make(std::string_view pattern);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();
  // Anywhere in the text, as CEL has it; ^ and $ bind it to the ends.
  bool Finds(std::string_view text) const;

 private:
  Regex();
  std::unique_ptr<re2::RE2> re2_;
};

}  // namespace scantling::policy::cel
