// CVSS vectors 2.0, 3.0, 3.1 and 4.0: parsed strictly, scored exactly as the specifications say.
// https://www.first.org/cvss/v2/guide  https://www.first.org/cvss/v3.1/specification-document
// https://www.first.org/cvss/v4.0/specification-document
//
// `score` is always the base score. Threat, temporal, environmental and supplemental metrics are
// checked for form and otherwise left out: feeds carry them rarely and with the publisher's, not
// the reader's, context. CVSS 4.0's threat metric enters through `overall`.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace scantling::version {

enum class SeverityLevel : uint8_t { kNone, kLow, kMedium, kHigh, kCritical };

enum class AttackVector : uint8_t { kNetwork, kAdjacent, kLocal, kPhysical };
enum class AttackComplexity : uint8_t { kLow, kMedium, kHigh };  // kMedium: only CVSS 2
// CVSS 2 authentication none, single, multiple reads as none, low, high.
enum class PrivilegesRequired : uint8_t { kNone, kLow, kHigh };
// CVSS 4: passive, active = required. CVSS 3: none or required. CVSS 2 does not say: none.
enum class UserInteraction : uint8_t { kNone, kPassive, kRequired };
// CVSS 2: partial = low, complete = high.
enum class Impact : uint8_t { kNone, kLow, kHigh };

struct CvssScore {
  double score = 0;    // base score, one decimal
  double overall = 0;  // CVSS 4: with the vector's threat and environmental metrics; else = score
  int major = 0;       // 2, 3, 4
  int minor = 0;
  AttackVector attack_vector = AttackVector::kNetwork;
  AttackComplexity attack_complexity = AttackComplexity::kLow;
  bool attack_requirements = false;  // CVSS 4 AT:P
  PrivilegesRequired privileges_required = PrivilegesRequired::kNone;
  UserInteraction user_interaction = UserInteraction::kNone;
  bool scope_changed = false;  // CVSS 3 S:C; CVSS 4: any impact on a subsequent system
  // On the vulnerable system (CVSS 4 VC, VI, VA).
  Impact confidentiality = Impact::kNone;
  Impact integrity = Impact::kNone;
  Impact availability = Impact::kNone;

  SeverityLevel level() const;  // CVSS 2 by the NVD's bands for 2.0: no critical
};

// "CVSS:3.1/AV:N/...", "CVSS:4.0/...", and for CVSS 2 "AV:N/AC:L/Au:N/...", also in parentheses or
// after "CVSS:2.0/".
base::Result<CvssScore> ParseCvss(std::string_view vector);

// The bands of CVSS 3 and 4: 0 none, < 4 low, < 7 medium, < 9 high, else critical.
SeverityLevel FromScore(double score);
std::string_view ToString(SeverityLevel level);  // "none" ... "critical"
// "moderate" and "important" are read as medium and high.
std::optional<SeverityLevel> SeverityFromName(std::string_view name);

}  // namespace scantling::version
