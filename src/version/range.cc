#include "version/range.h"

#include "version/compare.h"

#include <optional>

namespace scantling::version {

InRange Contains(Ecosystem ecosystem, const Interval& interval, std::string_view version) {
  if (!IsValid(ecosystem, version)) {
    return InRange::kUnknown;
  }
  bool unknown = false;
  if (!interval.introduced.empty() && interval.introduced != "0") {
    const std::optional<int> order = Compare(ecosystem, version, interval.introduced);
    if (order.has_value() && *order < 0) {
      return InRange::kNo;
    }
    unknown |= !order.has_value();
  }
  if (!interval.fixed.empty()) {
    const std::optional<int> order = Compare(ecosystem, version, interval.fixed);
    if (order.has_value() && *order >= 0) {
      return InRange::kNo;
    }
    unknown |= !order.has_value();
  }
  if (!interval.last_affected.empty()) {
    const std::optional<int> order = Compare(ecosystem, version, interval.last_affected);
    if (order.has_value() && *order > 0) {
      return InRange::kNo;
    }
    unknown |= !order.has_value();
  }
  return unknown ? InRange::kUnknown : InRange::kYes;
}

}  // namespace scantling::version
