#include "version/range.h"

#include "version/compare.h"

#include <optional>

namespace scantling::version {

namespace {

// PEP 440 leaves the local part of a version out of "<=", unless the bound has one: "2.5.1+cu121"
// is a build of 2.5.1, and as affected.
std::string_view ForLastAffected(Ecosystem ecosystem, std::string_view version,
                                 std::string_view bound) {
  return ecosystem == Ecosystem::kPypi && bound.find('+') == std::string_view::npos
             ? version.substr(0, version.find('+'))
             : version;
}

}  // namespace

InRange Contains(Ecosystem ecosystem, const Interval& interval, std::string_view version) {
  bool unknown = false;
  bool readable = false;  // a comparison has shown that `version` is one
  // Is the version on the right side of this bound? Open bounds and those that cannot be read
  // exclude nothing.
  const auto allows = [&](std::string_view subject, std::string_view bound, auto holds) {
    if (bound.empty()) {
      return true;
    }
    const std::optional<int> order = Compare(ecosystem, subject, bound);
    unknown |= !order.has_value();
    readable |= order.has_value();
    return !order.has_value() || holds(*order);
  };
  const std::string_view introduced =
      interval.introduced == "0" ? std::string_view() : interval.introduced;
  if (!allows(version, interval.fixed, [](int order) { return order < 0; }) ||
      !allows(version, introduced, [](int order) { return order >= 0; }) ||
      !allows(ForLastAffected(ecosystem, version, interval.last_affected), interval.last_affected,
              [](int order) { return order <= 0; })) {
    return InRange::kNo;
  }
  if (unknown || (!readable && !IsValid(ecosystem, version))) {
    return InRange::kUnknown;
  }
  return InRange::kYes;
}

}  // namespace scantling::version
