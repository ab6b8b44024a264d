// The words that reports use for the model's enumerations; those that others need, too, stand in
// names.h.
#include "model/names.h"

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

template <typename Enum, size_t N>
std::optional<Enum> FromName(const std::array<std::string_view, N>& names, std::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view ToString(Evidence evidence) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "dpkg-status",     "apk-installed",     "rpm-database",        "python-dist-info",
      "python-egg-info", "node-package-json", "java-pom-properties", "java-manifest",
      "java-file-name",  "go-build-info"};
  return Name(kNames, evidence);
}

std::string_view ToString(Role role) { return Name(kRoleNames, role); }

std::string_view ToString(FixState state) { return Name(kFixStateNames, state); }

std::string_view ToString(Level level) { return Name(kLevelNames, level); }

std::optional<Level> LevelFromName(std::string_view name) {
  return FromName<Level>(kLevelNames, name);
}

std::string_view ToString(Origin origin) { return Name(kOriginNames, origin); }

std::string_view ToString(Change change) { return Name(kChangeNames, change); }

std::string_view ToString(TreatmentKind kind) {
  static constexpr std::array<std::string_view, 5> kNames = {"accepted", "not_affected", "fixed",
                                                             "affected", "under_investigation"};
  return Name(kNames, kind);
}

std::string_view ToString(Stage stage) { return Name(kStageNames, stage); }

std::optional<Stage> StageFromName(std::string_view name) {
  return FromName<Stage>(kStageNames, name);
}

std::string_view ToString(ActionKind kind) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "rebuild_base", "refresh_layer", "bump",       "rebuild_binary",
      "leave_base",   "take_out",      "nothing_yet"};
  return Name(kNames, kind);
}

std::string_view ToString(Owner owner) {
  static constexpr std::array<std::string_view, 2> kNames = {"image", "application"};
  return Name(kNames, owner);
}

std::string_view ToString(DataState state) {
  static constexpr std::array<std::string_view, 4> kNames = {"covered", "no_data",
                                                             "unsupported_release", "starter_set"};
  return Name(kNames, state);
}

}  // namespace scantling::model
