#include "catalog/rpm/rich_dependency.h"

#include <cstddef>
#include <cstdint>

namespace scantling::catalog::rpm {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr size_t kMaxDepth = 64;  // rpm itself stops at 2 in what packages may say

// One open bracket. A group in a condition is read for nothing, however deep.
struct Group {
  bool idle = false;         // no operand of it counts
  bool condition = false;    // the next operand is one
  bool alternative = false;  // the next operand is another choice for the last one
  size_t last = SIZE_MAX;    // the place of the last plain operand; SIZE_MAX after a group
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void SkipBlanks() {
    const size_t start = text_.find_first_not_of(kBlank);
    text_.remove_prefix(start == std::string_view::npos ? text_.size() : start);
  }
  bool Take(char c) {
    if (!text_.starts_with(c)) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  bool AtEnd() const { return text_.empty(); }
  // Up to a blank or a ')' that closes more than was opened: "libc.so.6()(64bit)" is one word.
  std::string_view Word() {
    size_t open = 0;
    size_t end = 0;
    for (; end < text_.size() && kBlank.find(text_[end]) == std::string_view::npos; ++end) {
      if (text_[end] == '(') {
        ++open;
      } else if (text_[end] == ')' && open-- == 0) {
        break;
      }
    }
    const std::string_view word = text_.substr(0, end);
    text_.remove_prefix(end);
    return word;
  }
  // ">= 1.2" behind a capability.
  void SkipVersion() {
    SkipBlanks();
    if (!text_.empty() && std::string_view("<>=").find(text_.front()) != std::string_view::npos) {
      Word();
      SkipBlanks();
      Word();
    }
  }

 private:
  std::string_view text_;
};

}  // namespace

void AddNeedsOf(std::string_view text, std::vector<std::string>& needs) {
  Scanner in(text);
  std::vector<Group> groups;
  while (true) {
    in.SkipBlanks();
    if (in.AtEnd()) {
      return;
    }
    // An operand: a bracket or a capability.
    if (in.Take('(')) {
      if (groups.size() == kMaxDepth) {
        return;
      }
      const bool idle = !groups.empty() && (groups.back().idle || groups.back().condition);
      groups.push_back({.idle = idle});
      continue;
    }
    if (groups.empty()) {
      return;
    }
    Group& group = groups.back();
    if (const std::string_view name = in.Word(); !name.empty()) {
      in.SkipVersion();
      if (!group.idle && !group.condition) {
        if (group.alternative && group.last < needs.size()) {
          needs[group.last].append(1, kOr).append(name);
        } else {
          group.last = needs.size();
          needs.emplace_back(name);
        }
      }
    }
    // Closed brackets, then the operator before the next operand.
    while (true) {
      in.SkipBlanks();
      if (!in.Take(')')) {
        break;
      }
      groups.pop_back();
      if (groups.empty()) {
        return;
      }
      groups.back().last = SIZE_MAX;
    }
    const std::string_view op = in.Word();
    Group& outer = groups.back();
    outer.condition = op == "if" || op == "unless" || op == "without";
    outer.alternative = op == "or";
    if (!outer.alternative) {
      outer.last = SIZE_MAX;
    }
  }
}

}  // namespace scantling::catalog::rpm
