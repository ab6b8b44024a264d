// See severity.h. Scale: https://www.first.org/cvss/v3.1/specification-document (5. Qualitative
// Severity Rating Scale).
#include "model/severity.h"

namespace scantling::model {

Level LevelOf(version::SeverityLevel level) {
  switch (level) {
    case version::SeverityLevel::kNone:
      return Level::kNegligible;
    case version::SeverityLevel::kLow:
      return Level::kLow;
    case version::SeverityLevel::kMedium:
      return Level::kMedium;
    case version::SeverityLevel::kHigh:
      return Level::kHigh;
    case version::SeverityLevel::kCritical:
      return Level::kCritical;
  }
  return Level::kUnknown;
}

}  // namespace scantling::model
