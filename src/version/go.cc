// Go modules: semantic versions with an optional 'v' and, when shortened, zeros ("v1", "v1.2"),
// pseudo-versions and
// "+incompatible" included; and Go releases, as the toolchain writes them ("go1.21rc2", "go1.21.3
// X:boringcrypto") or as the Go vulnerability database does ("1.21.3", "1.21.0-0", "1.21.0-rc.2").
// https://go.dev/ref/mod#versions  https://pkg.go.dev/golang.org/x/mod/semver
// https://go.dev/security/vuln/database
//
// Numbers may have leading zeros, which x/mod refuses: projects that are not modules in earnest
// have them ("19.03.9"), and so do advisories. A release without a patch number is that release
// (go1.20 = 1.20.0), not the language version. What a vendor adds to a release ("go1.21.3-fips", "
// (Red Hat ...)") does not order. "(devel)", "devel +hash" and hashes are invalid.
#include "version/scheme.h"

namespace scantling::version::scheme {
namespace {

struct Version {
  std::string_view numbers[3];
  std::string_view prerelease;    // of a module
  std::string_view release_kind;  // "beta" or "rc" of a toolchain: as if "-rc.N"
  std::string_view release_number;
};

bool LeadingZero(std::string_view digits) { return digits.size() > 1 && digits.front() == '0'; }

// Takes up to three numbers; how many.
size_t TakeNumbers(std::string_view& text, Version& out) {
  size_t count = 0;
  while (count < 3) {
    std::string_view rest = text;
    if (count > 0) {
      if (rest.empty() || rest.front() != '.') {
        break;
      }
      rest.remove_prefix(1);
    }
    const std::string_view digits = TakeDigits(rest);
    if (digits.empty()) {
      break;
    }
    out.numbers[count] = digits;
    text = rest;
    ++count;
  }
  return count;
}

bool ParseModule(std::string_view text, Version& out) {
  if (text.starts_with('v')) {
    text.remove_prefix(1);
  }
  const size_t count = TakeNumbers(text, out);
  if (count == 0) {
    return false;
  }
  if (text.empty()) {
    return true;
  }
  if (count < 3) {
    return false;
  }
  const size_t plus = text.find('+');
  if (plus != std::string_view::npos) {
    if (!ValidLabels(text.substr(plus + 1))) {
      return false;
    }
    text = text.substr(0, plus);
  }
  if (text.empty()) {
    return true;
  }
  if (text.front() != '-') {
    return false;
  }
  out.prerelease = text.substr(1);
  if (!ValidLabels(out.prerelease)) {
    return false;
  }
  std::string_view labels = out.prerelease;
  while (!labels.empty()) {
    const size_t dot = labels.find('.');
    const std::string_view label = labels.substr(0, dot);
    if (AllDigits(label) && LeadingZero(label)) {
      return false;
    }
    labels = dot == std::string_view::npos ? std::string_view() : labels.substr(dot + 1);
  }
  return true;
}

bool ParseRelease(std::string_view text, Version& out) {
  out = Version();
  const bool named = text.starts_with("go");
  if (named) {
    text.remove_prefix(2);
  }
  const size_t count = TakeNumbers(text, out);
  if (count == 0) {
    return false;
  }
  for (const std::string_view kind : {std::string_view("beta"), std::string_view("rc")}) {
    if (text.starts_with(kind)) {
      text.remove_prefix(kind.size());
      out.release_kind = kind;
      out.release_number = TakeDigits(text);
      if (out.release_number.empty()) {
        return false;
      }
    }
  }
  if (text.empty()) {
    return named || !out.release_kind.empty();
  }
  return named && (text.front() == ' ' || text.front() == '-' || text.front() == '+');
}

bool Parse(std::string_view text, Version& out) {
  return ParseModule(text, out) || ParseRelease(text, out);
}

// "rc.2" of a release against the labels of a module, without putting the text together.
int ComparePre(const Version& a, const Version& b) {
  if (a.release_kind.empty() && b.release_kind.empty()) {
    return ComparePrerelease(a.prerelease, b.prerelease, LabelCase::kExact);
  }
  if (!a.release_kind.empty() && !b.release_kind.empty()) {
    const int order = CompareText(a.release_kind, b.release_kind);
    return order != 0 ? order : CompareDigits(a.release_number, b.release_number);
  }
  if (a.release_kind.empty()) {
    return -ComparePre(b, a);
  }
  if (b.prerelease.empty()) {
    return -1;
  }
  const size_t dot = b.prerelease.find('.');
  if (const int order =
          ComparePrerelease(a.release_kind, b.prerelease.substr(0, dot), LabelCase::kExact);
      order != 0) {
    return order;
  }
  if (dot == std::string_view::npos) {
    return 1;
  }
  return ComparePrerelease(a.release_number, b.prerelease.substr(dot + 1), LabelCase::kExact);
}

}  // namespace

std::optional<int> CompareGo(std::string_view a, std::string_view b) {
  Version left;
  Version right;
  if (!Parse(a, left) || !Parse(b, right)) {
    return std::nullopt;
  }
  for (size_t i = 0; i < 3; ++i) {
    if (const int order = CompareDigits(left.numbers[i], right.numbers[i]); order != 0) {
      return order;
    }
  }
  return ComparePre(left, right);
}

bool ValidGo(std::string_view version) {
  Version parsed;
  return Parse(version, parsed);
}

}  // namespace scantling::version::scheme
