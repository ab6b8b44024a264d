// Debian: [epoch:]upstream[-revision], the order of dpkg's lib/dpkg/version.c.
// https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
//
// Valid is what dpkg reads: characters that dpkg only warns about (an upstream version that does
// not begin with a digit,
// '_' and the like) are accepted, an empty part, a blank or a bad epoch is not.
#include "version/scheme.h"

namespace scantling::version::scheme {
namespace {

struct Parts {
  std::string_view epoch;
  std::string_view upstream;
  std::string_view revision;
};

bool Parse(std::string_view text, Parts& out) {
  text = TrimSpace(text);
  for (const char c : text) {
    if (c <= ' ' && (c == ' ' || (c >= '\t' && c <= '\r') || c == '\0')) {
      return false;
    }
  }
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    out.epoch = text.substr(0, colon);
    constexpr std::string_view kLargestEpoch = "2147483647";
    if (!AllDigits(out.epoch) || CompareDigits(out.epoch, kLargestEpoch) > 0) {
      return false;
    }
    text.remove_prefix(colon + 1);
  }
  const size_t hyphen = text.rfind('-');
  if (hyphen != std::string_view::npos) {
    out.revision = text.substr(hyphen + 1);
    if (out.revision.empty()) {
      return false;
    }
    text = text.substr(0, hyphen);
  }
  out.upstream = text;
  return !text.empty();
}

// '~' below the end, the end (and digits, which end a run) below letters, letters below the rest.
int Order(char c) {
  if (IsDigit(c)) {
    return 0;
  }
  if (IsAlpha(c)) {
    return c;
  }
  if (c == '~') {
    return -1;
  }
  return static_cast<unsigned char>(c) + 256;
}

int CompareParts(std::string_view a, std::string_view b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !IsDigit(a[i])) || (j < b.size() && !IsDigit(b[j]))) {
      const int left = i < a.size() ? Order(a[i]) : 0;
      const int right = j < b.size() ? Order(b[j]) : 0;
      if (left != right) {
        return left < right ? -1 : 1;
      }
      ++i;
      ++j;
    }
    while (i < a.size() && a[i] == '0') {
      ++i;
    }
    while (j < b.size() && b[j] == '0') {
      ++j;
    }
    int first_difference = 0;
    while (i < a.size() && j < b.size() && IsDigit(a[i]) && IsDigit(b[j])) {
      if (first_difference == 0) {
        first_difference = a[i] - b[j];
      }
      ++i;
      ++j;
    }
    if (i < a.size() && IsDigit(a[i])) {
      return 1;
    }
    if (j < b.size() && IsDigit(b[j])) {
      return -1;
    }
    if (first_difference != 0) {
      return Sign(first_difference);
    }
  }
  return 0;
}

}  // namespace

std::optional<int> CompareDpkg(std::string_view a, std::string_view b) {
  Parts left;
  Parts right;
  if (!Parse(a, left) || !Parse(b, right)) {
    return std::nullopt;
  }
  if (const int epoch = CompareDigits(left.epoch, right.epoch); epoch != 0) {
    return epoch;
  }
  if (const int upstream = CompareParts(left.upstream, right.upstream); upstream != 0) {
    return upstream;
  }
  return CompareParts(left.revision, right.revision);
}

bool ValidDpkg(std::string_view version) {
  Parts parts;
  return Parse(version, parts);
}

}  // namespace scantling::version::scheme
