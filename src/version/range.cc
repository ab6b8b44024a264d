#include "version/range.h"

#include "version/compare.h"

#include <optional>

namespace scantling::version {

InRange Contains(Ecosystem ecosystem, const Interval& interval, std::string_view version) {
  bool unknown = false;
  bool readable = false;  // a comparison has shown that `version` is one
  // Is the version on the right side of this bound? Open bounds and those that cannot be read
  // exclude nothing.
  const auto allows = [&](std::string_view bound, auto holds) {
    if (bound.empty()) {
      return true;
    }
    const std::optional<int> order = Compare(ecosystem, version, bound);
    unknown |= !order.has_value();
    readable |= order.has_value();
    return !order.has_value() || holds(*order);
  };
  const std::string_view introduced =
      interval.introduced == "0" ? std::string_view() : interval.introduced;
  if (!allows(interval.fixed, [](int order) { return order < 0; }) ||
      !allows(introduced, [](int order) { return order >= 0; }) ||
      !allows(interval.last_affected, [](int order) { return order <= 0; })) {
    return InRange::kNo;
  }
  if (unknown || (!readable && !IsValid(ecosystem, version))) {
    return InRange::kUnknown;
  }
  return InRange::kYes;
}

}  // namespace scantling::version
