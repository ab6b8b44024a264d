// The licences that a package declares, as texts: model::Component::licenses.
//
// Kept as they stand; what they mean is for report/licenses.h. Left out: nothing said ("UNKNOWN"),
// and whole licence texts, which some packages have where a name belongs.
#pragma once

#include "base/strings.h"
#include "model/component.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace scantling::catalog {

inline constexpr size_t kMaxLicenseBytes =
    300;  // "GPL-2.0-or-later AND ..." of rpm's glibc has 240
inline constexpr size_t kMaxLicenses = 32;

// Keeps the list sorted and unique.
inline void AddLicense(std::string_view text, model::Component& component) {
  text = base::Trim(text);
  if (text.empty() || text.size() > kMaxLicenseBytes ||
      text.find_first_of("\r\n") != std::string_view::npos ||
      component.licenses.size() >= kMaxLicenses || base::EqualsIgnoreCase(text, "unknown") ||
      base::EqualsIgnoreCase(text, "(none)") || base::EqualsIgnoreCase(text, "none")) {
    return;
  }
  std::string license = base::ToUtf8(text);
  const auto at = std::ranges::lower_bound(component.licenses, license);
  if (at == component.licenses.end() || *at != license) {
    component.licenses.insert(at, std::move(license));
  }
}

}  // namespace scantling::catalog
