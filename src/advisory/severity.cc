#include "advisory/severity.h"

#include "model/severity.h"
#include "version/cvss.h"

#include <cmath>

namespace scantling::advisory {
std::optional<SeverityRecord> SeverityFromVector(std::string_view source, std::string_view vector,
                                                 Interner& texts) {
  const auto score = version::ParseCvss(vector);
  if (!score.has_value()) {
    return std::nullopt;
  }
  SeverityRecord out;
  out.source = texts.Add(source);
  out.vector = texts.Add(vector);
  out.level = model::LevelOf(score->level());
  out.score = static_cast<int8_t>(std::lround(score->score * 10));
  return out;
}

}  // namespace scantling::advisory
