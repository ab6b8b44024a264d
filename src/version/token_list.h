// Inside of the room: a short list of tokens on the stack that moves to the heap for absurdly long
// versions, so that comparing allocates nothing in practice and yet has no limit that could make
// two long versions look alike. Requires: Token is trivially copyable. Places that are not in use
// stay uninitialised: clearing them would cost more than the comparison.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace scantling::version::scheme {

template <typename Token, size_t kInline = 24>
class TokenList {
  static_assert(std::is_trivially_copyable_v<Token>);

 public:
  TokenList() {}  // NOLINT(modernize-use-equals-default): leaves inline_ alone

  void Add(const Token& token) {
    if (size_ < kInline) {
      inline_[size_] = token;
    } else {
      more_.push_back(token);
    }
    ++size_;
  }
  // Drops everything from `size` on.
  void Shrink(size_t size) {
    if (size >= size_) {
      return;
    }
    size_ = size;
    more_.resize(size > kInline ? size - kInline : 0);
  }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Token& operator[](size_t i) const { return i < kInline ? inline_[i] : more_[i - kInline]; }

 private:
  union {
    std::array<Token, kInline> inline_;
  };
  std::vector<Token> more_;
  size_t size_ = 0;
};

}  // namespace scantling::version::scheme
