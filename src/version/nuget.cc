// NuGet: one to four numbers, pre-release labels compared without case, build metadata ignored.
// https://learn.microsoft.com/nuget/concepts/package-versioning
//
// A missing number is 0 and leading zeros mean nothing ("1.0" = "1.0.0.0" = "1.00"). Not handled:
// .NET's limit of 2^31 - 1.
#include "version/scheme.h"

namespace scantling::version::scheme {
namespace {

struct Version {
  std::string_view numbers[4];
  std::string_view prerelease;
};

bool Parse(std::string_view text, Version& out) {
  text = TrimSpace(text);
  const size_t plus = text.find('+');
  if (plus != std::string_view::npos) {
    if (!ValidLabels(text.substr(plus + 1))) {
      return false;
    }
    text = text.substr(0, plus);
  }
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0) {
      if (text.empty() || text.front() != '.') {
        break;
      }
      text.remove_prefix(1);
    }
    out.numbers[i] = TakeDigits(text);
    if (out.numbers[i].empty()) {
      return false;
    }
  }
  if (text.empty()) {
    return true;
  }
  if (text.front() != '-') {
    return false;
  }
  out.prerelease = text.substr(1);
  return ValidLabels(out.prerelease);
}

}  // namespace

std::optional<int> CompareNuget(std::string_view a, std::string_view b) {
  Version left;
  Version right;
  if (!Parse(a, left) || !Parse(b, right)) {
    return std::nullopt;
  }
  for (size_t i = 0; i < 4; ++i) {
    if (const int order = CompareDigits(left.numbers[i], right.numbers[i]); order != 0) {
      return order;
    }
  }
  return ComparePrerelease(left.prerelease, right.prerelease, LabelCase::kIgnore);
}

bool ValidNuget(std::string_view version) {
  Version parsed;
  return Parse(version, parsed);
}

}  // namespace scantling::version::scheme
