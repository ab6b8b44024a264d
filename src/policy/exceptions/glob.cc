#include "policy/exceptions/glob.h"

#include <vector>

namespace scantling::policy {

// The set of positions in the text that the pattern so far can have reached.
bool GlobMatches(std::string_view pattern, std::string_view text) {
  std::vector<char> now(text.size() + 1, 0);
  std::vector<char> next(text.size() + 1, 0);
  now[0] = 1;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*') {
      const bool any = i + 1 < pattern.size() && pattern[i + 1] == '*';
      i += any ? 1 : 0;
      for (size_t at = 0; at < text.size(); ++at) {
        if (now[at] != 0 && (any || text[at] != '/')) {
          now[at + 1] = 1;
        }
      }
      continue;
    }
    bool alive = false;
    next.assign(text.size() + 1, 0);
    for (size_t at = 0; at < text.size(); ++at) {
      if (now[at] != 0 && (text[at] == c || (c == '?' && text[at] != '/'))) {
        next[at + 1] = 1;
        alive = true;
      }
    }
    if (!alive) {
      return false;
    }
    now.swap(next);
  }
  return now[text.size()] != 0;
}

}  // namespace scantling::policy
