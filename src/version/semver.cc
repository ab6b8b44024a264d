// Semantic versioning 2.0.0 as npm (loosely) and crates (strictly) read it, and the order of
// pre-release labels that NuGet and Go share. https://semver.org/spec/v2.0.0.html
// https://github.com/npm/node-semver
//
// npm, loose: blanks, 'v' and '=' in front, leading zeros, a pre-release without its hyphen
// ("1.2.3beta"). Beyond both parsers we read a missing minor or patch as 0 ("1.2"), since
// advisories write that. Build metadata does not order. Not handled: node's limit of 2^53 - 1 per
// number and 256 characters.
#include "version/scheme.h"

namespace scantling::version::scheme {
namespace {

struct Version {
  std::string_view numbers[3];
  std::string_view prerelease;
};

enum class Flavour { kNpm, kCargo };

bool LeadingZero(std::string_view digits) { return digits.size() > 1 && digits.front() == '0'; }

// Numeric labels of strict semver have no leading zeros.
bool StrictLabels(std::string_view labels) {
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

bool Parse(std::string_view text, Flavour flavour, Version& out) {
  if (flavour == Flavour::kNpm) {
    text = TrimSpace(text);
    while (!text.empty() && (text.front() == 'v' || text.front() == '=' || text.front() == ' ')) {
      text.remove_prefix(1);
    }
  }
  const size_t plus = text.find('+');
  if (plus != std::string_view::npos) {
    if (!ValidLabels(text.substr(plus + 1))) {
      return false;
    }
    text = text.substr(0, plus);
  }
  for (size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      if (text.empty() || text.front() != '.') {
        break;
      }
      text.remove_prefix(1);
    }
    out.numbers[i] = TakeDigits(text);
    if (out.numbers[i].empty() || (flavour == Flavour::kCargo && LeadingZero(out.numbers[i]))) {
      return false;
    }
  }
  if (text.empty()) {
    return true;
  }
  if (text.front() == '-') {
    text.remove_prefix(1);
  } else if (flavour == Flavour::kCargo || text.front() == '.') {
    return false;
  }
  out.prerelease = text;
  return ValidLabels(text) && (flavour == Flavour::kNpm || StrictLabels(text));
}

std::optional<int> CompareAs(Flavour flavour, std::string_view a, std::string_view b) {
  Version left;
  Version right;
  if (!Parse(a, flavour, left) || !Parse(b, flavour, right)) {
    return std::nullopt;
  }
  for (size_t i = 0; i < 3; ++i) {
    if (const int order = CompareDigits(left.numbers[i], right.numbers[i]); order != 0) {
      return order;
    }
  }
  return ComparePrerelease(left.prerelease, right.prerelease, LabelCase::kExact);
}

int CompareLabelText(std::string_view a, std::string_view b, LabelCase label_case) {
  if (label_case == LabelCase::kExact) {
    return CompareText(a, b);
  }
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int difference = ToLower(a[i]) - ToLower(b[i]); difference != 0) {
      return Sign(difference);
    }
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

}  // namespace

bool ValidLabels(std::string_view labels) {
  bool expect = true;  // a character of a label
  for (const char c : labels) {
    if (IsAlnum(c) || c == '-') {
      expect = false;
    } else if (c == '.' && !expect) {
      expect = true;
    } else {
      return false;
    }
  }
  return !expect;
}

int ComparePrerelease(std::string_view a, std::string_view b, LabelCase label_case) {
  if (a.empty() || b.empty()) {
    return a.empty() ? (b.empty() ? 0 : 1) : -1;
  }
  while (true) {
    const size_t dot_a = a.find('.');
    const size_t dot_b = b.find('.');
    const std::string_view left = a.substr(0, dot_a);
    const std::string_view right = b.substr(0, dot_b);
    const bool number_left = AllDigits(left);
    const bool number_right = AllDigits(right);
    if (number_left != number_right) {
      return number_left ? -1 : 1;
    }
    const int order =
        number_left ? CompareDigits(left, right) : CompareLabelText(left, right, label_case);
    if (order != 0) {
      return order;
    }
    const bool end_a = dot_a == std::string_view::npos;
    const bool end_b = dot_b == std::string_view::npos;
    if (end_a || end_b) {
      return end_a ? (end_b ? 0 : -1) : 1;
    }
    a.remove_prefix(dot_a + 1);
    b.remove_prefix(dot_b + 1);
  }
}

std::optional<int> CompareNpm(std::string_view a, std::string_view b) {
  return CompareAs(Flavour::kNpm, a, b);
}

bool ValidNpm(std::string_view version) {
  Version parsed;
  return Parse(version, Flavour::kNpm, parsed);
}

std::optional<int> CompareCargo(std::string_view a, std::string_view b) {
  return CompareAs(Flavour::kCargo, a, b);
}

bool ValidCargo(std::string_view version) {
  Version parsed;
  return Parse(version, Flavour::kCargo, parsed);
}

}  // namespace scantling::version::scheme
