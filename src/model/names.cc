// The words that reports use for the model's enumerations. One table each, so that a word is
// changed in one place.
#include "model/component.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/verdict.h"

#include <array>
#include <utility>

namespace scantling::model {
namespace {

template <typename Enum, size_t N>
std::string_view Name(const std::array<std::string_view, N>& names, Enum value) {
  const auto at = static_cast<size_t>(std::to_underlying(value));
  return at < N ? names[at] : std::string_view("unknown");
}

constexpr std::array<std::string_view, 6> kLevels = {"unknown", "negligible", "low",
                                                     "medium",  "high",       "critical"};
constexpr std::array<std::string_view, 3> kStages = {"observe", "warn", "enforce"};

}  // namespace

std::string_view ToString(Evidence evidence) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "dpkg-status",     "apk-installed",     "rpm-database",        "python-dist-info",
      "python-egg-info", "node-package-json", "java-pom-properties", "java-manifest",
      "java-file-name",  "go-build-info"};
  return Name(kNames, evidence);
}

std::string_view ToString(Role role) {
  static constexpr std::array<std::string_view, 4> kNames = {"runtime", "build_only", "headers",
                                                             "documentation"};
  return Name(kNames, role);
}

std::string_view ToString(FixState state) {
  static constexpr std::array<std::string_view, 5> kNames = {"unknown", "fixed", "not_fixed",
                                                             "wont_fix", "deferred"};
  return Name(kNames, state);
}

std::string_view ToString(Level level) { return Name(kLevels, level); }

std::optional<Level> LevelFromName(std::string_view name) {
  for (size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == name) {
      return static_cast<Level>(i);
    }
  }
  return std::nullopt;
}

std::string_view ToString(Origin origin) {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "base", "application"};
  return Name(kNames, origin);
}

std::string_view ToString(Change change) {
  static constexpr std::array<std::string_view, 5> kNames = {"unknown", "introduced", "inherited",
                                                             "existing", "new_in_world"};
  return Name(kNames, change);
}

std::string_view ToString(TreatmentKind kind) {
  static constexpr std::array<std::string_view, 5> kNames = {"accepted", "not_affected", "fixed",
                                                             "affected", "under_investigation"};
  return Name(kNames, kind);
}

std::string_view ToString(Stage stage) { return Name(kStages, stage); }

std::optional<Stage> StageFromName(std::string_view name) {
  for (size_t i = 0; i < kStages.size(); ++i) {
    if (kStages[i] == name) {
      return static_cast<Stage>(i);
    }
  }
  return std::nullopt;
}

std::string_view ToString(ActionKind kind) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "rebuild_base", "refresh_layer", "bump",       "rebuild_binary",
      "leave_base",   "take_out",      "nothing_yet"};
  return Name(kNames, kind);
}

std::string_view ToString(Owner owner) {
  static constexpr std::array<std::string_view, 3> kNames = {"image", "application", "platform"};
  return Name(kNames, owner);
}

std::string_view ToString(DataState state) {
  static constexpr std::array<std::string_view, 4> kNames = {"covered", "no_data",
                                                             "unsupported_release", "starter_set"};
  return Name(kNames, state);
}

}  // namespace scantling::model
