#include "advisory/severity.h"

#include "version/cvss.h"

#include <cmath>

namespace scantling::advisory {
namespace {

model::Level ToLevel(version::SeverityLevel level) {
  switch (level) {
    case version::SeverityLevel::kNone:
      return model::Level::kNegligible;
    case version::SeverityLevel::kLow:
      return model::Level::kLow;
    case version::SeverityLevel::kMedium:
      return model::Level::kMedium;
    case version::SeverityLevel::kHigh:
      return model::Level::kHigh;
    case version::SeverityLevel::kCritical:
      return model::Level::kCritical;
  }
  return model::Level::kUnknown;
}

}  // namespace

std::optional<SeverityRecord> SeverityFromVector(std::string_view source, std::string_view vector,
                                                 Interner& texts) {
  const auto score = version::ParseCvss(vector);
  if (!score.has_value()) {
    return std::nullopt;
  }
  SeverityRecord out;
  out.source = texts.Add(source);
  out.vector = texts.Add(vector);
  out.level = ToLevel(score->level());
  out.score = static_cast<int8_t>(std::lround(score->score * 10));
  return out;
}

}  // namespace scantling::advisory
