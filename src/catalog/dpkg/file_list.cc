// A bad line is a gap: the file that it stood for would look as if no package owned it.
#include "catalog/dpkg/file_list.h"

#include "catalog/common/owned_paths.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace scantling::catalog::dpkg {
namespace {

template <typename Visit>
void ForEachLine(base::Bytes data, Visit&& visit) {
  std::string_view text = base::AsText(data);
  for (uint64_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (!line.empty()) {
      visit(number, line);
    }
  }
}

bool IsHex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

}  // namespace

void ParseList(base::Bytes data, FileFacts& facts, Problems& problems) {
  facts.owned.reserve(data.size() / 48);
  OwnedPaths paths(facts.owned);
  ForEachLine(data, [&](uint64_t number, std::string_view line) {
    if (line.front() != '/') {
      problems.Gap("malformed", "line " + std::to_string(number) + " is not an absolute path");
      return;
    }
    paths.Add(line);
  });
}

void ParseMd5sums(base::Bytes data, FileFacts& facts, Problems& problems) {
  constexpr size_t kDigits = 32;
  OwnedPaths paths(facts.owned);
  ForEachLine(data, [&](uint64_t number, std::string_view line) {
    const size_t path =
        line.size() > kDigits ? line.find_first_not_of(" *", kDigits) : std::string_view::npos;
    if (path == std::string_view::npos || path == kDigits || !IsHex(line.substr(0, kDigits))) {
      problems.Gap("malformed", "line " + std::to_string(number) + " is not \"<md5>  <path>\"");
      return;
    }
    paths.Add(line.substr(path));
  });
}

}  // namespace scantling::catalog::dpkg
