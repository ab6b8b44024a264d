#include "match/severity.h"

#include "model/severity.h"
#include "version/cvss.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace scantling::match {
namespace {

// Who looked at the package itself, then who published the identifier, then who enriched it.
constexpr std::array<std::string_view, 7> kSources = {"ghsa", "pypa", "go",     "cna",
                                                      "nvd",  "cisa", "starter"};

size_t SourceOrder(std::string_view source) {
  return static_cast<size_t>(std::find(kSources.begin(), kSources.end(), source) -
                             kSources.begin());
}

int KindOrder(const model::SeverityOpinion& opinion) {
  if (opinion.vector.empty()) {
    return opinion.score >= 0 ? 3 : 4;
  }
  if (opinion.vector.starts_with("CVSS:3")) {
    return 0;
  }
  return opinion.vector.starts_with("CVSS:4") ? 1 : 2;
}

}  // namespace

void CompleteLevel(model::SeverityOpinion& opinion) {
  if (opinion.level != model::Level::kUnknown && (opinion.score >= 0 || opinion.vector.empty())) {
    return;
  }
  if (!opinion.vector.empty()) {
    if (const auto parsed = version::ParseCvss(opinion.vector)) {
      opinion.score = opinion.score >= 0 ? opinion.score : parsed->score;
      if (opinion.level == model::Level::kUnknown) {
        opinion.level = model::LevelOf(parsed->level());
      }
    }
  }
  if (opinion.level == model::Level::kUnknown && opinion.score >= 0) {
    opinion.level = model::LevelOf(version::FromScore(opinion.score));
  }
}

model::SeverityOpinion ChooseSeverity(std::span<const model::SeverityOpinion> opinions) {
  const auto key = [](const model::SeverityOpinion& opinion) {
    return std::tuple(opinion.level == model::Level::kUnknown, KindOrder(opinion),
                      SourceOrder(opinion.source), std::string_view(opinion.source),
                      std::string_view(opinion.vector));
  };
  const auto best = std::min_element(opinions.begin(), opinions.end(),
                                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return best == opinions.end() ? model::SeverityOpinion() : *best;
}

}  // namespace scantling::match
