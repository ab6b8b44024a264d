// The constants of the ranking, in one place with their sources. A change here changes the order of
// every report: raise the version, and say so in docs/ranking.md.
#pragma once

#include "model/component.h"
#include "model/finding.h"

#include <cstdint>
#include <string_view>

namespace scantling::rank {

inline constexpr int kWeightsVersion = 1;

// P: probability that somebody exploits it, in EPSS's scale (30 days). Evidence sets a floor under
// EPSS; the figures follow the evidence floors that DefectDojo Pro publishes for EPSS's scale
// (active + ransomware .45, KEV + ransomware or KEV .30, in the wild .20, weaponised .15, proof of
// concept .08), so that a known exploit is never ranked by an old score alone.
inline constexpr double kFloorKevRansomware = 0.45;
inline constexpr double kFloorKev = 0.30;
inline constexpr double kFloorActive = 0.20;  // SSVC exploitation "active", not in KEV
inline constexpr double kFloorWeaponised = 0.15;
inline constexpr double kFloorProofOfConcept = 0.08;

// Without an EPSS score: a prior by severity. EPSS v3/v4 scores a median of about .001 and a mean
// of about .02 to .03 over all CVEs, higher for critical ones; a young CVE has none yet, so the
// prior lies above the median.
constexpr double PriorOf(model::Level level) {
  switch (level) {
    case model::Level::kCritical:
      return 0.05;
    case model::Level::kHigh:
      return 0.02;
    case model::Level::kMedium:
      return 0.008;
    case model::Level::kLow:
      return 0.003;
    case model::Level::kNegligible:
      return 0.001;
    case model::Level::kUnknown:
      return 0.01;
  }
  return 0.01;
}

// I: impact where there is a level and no CVSS score: the middle of the level's CVSS 3 band, tenths
// to 0..1.
constexpr double ImpactOf(model::Level level) {
  switch (level) {
    case model::Level::kCritical:
      return 0.95;
    case model::Level::kHigh:
      return 0.80;
    case model::Level::kMedium:
      return 0.55;
    case model::Level::kLow:
      return 0.25;
    case model::Level::kNegligible:
      return 0.05;
    case model::Level::kUnknown:
      return 0.50;
  }
  return 0.50;
}

// X: exposure. Reachable from the internet 1, from nowhere .15; not known lies between, nearer to
// yes.
inline constexpr double kExposed = 1.0;
inline constexpr double kExposureUnknown = 0.7;
inline constexpr double kNotExposed = 0.15;

// R: what the component is for. What only builds is there to be executed, by whoever got in;
// headers execute nothing, and the kernel's headers describe a kernel that the image does not have.
constexpr double RoleWeight(model::Role role) {
  switch (role) {
    case model::Role::kRuntime:
      return 1.0;
    case model::Role::kBuildOnly:
      return 0.3;
    case model::Role::kHeaders:
      return 0.1;
    case model::Role::kDocumentation:
      return 0.05;
  }
  return 1.0;
}
inline constexpr double kKernelHeaders = 0.01;

}  // namespace scantling::rank
