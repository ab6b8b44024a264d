// What is wrong with an image, and what to do about it.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::model {

enum class FixState : uint8_t { kUnknown, kFixed, kNotFixed, kWontFix, kDeferred };
std::string_view ToString(
    FixState state);  // "unknown", "fixed", "not_fixed", "wont_fix", "deferred"

enum class Level : uint8_t { kUnknown, kNegligible, kLow, kMedium, kHigh, kCritical };
std::string_view ToString(Level level);  // "unknown", "negligible", ...
std::optional<Level> LevelFromName(std::string_view name);

// One source's opinion.
struct SeverityOpinion {
  Level level = Level::kUnknown;
  double score = -1;   // CVSS base score; -1 none
  std::string vector;  // CVSS vector; "" none
  std::string source;  // "ghsa", "debian", "nvd", "alma", "go", ...
  auto operator<=>(const SeverityOpinion&) const = default;
};

struct Kev {
  std::string date_added;  // "2021-12-10"
  std::string due_date;
  bool ransomware = false;
};

struct Epss {
  double probability = 0;
  double percentile = -1;  // -1 unknown
  std::string date;        // of the score
};

// Public exploit evidence, strongest first.
enum class ExploitKind : uint8_t { kNone, kProofOfConcept, kWeaponised };
struct Exploit {
  ExploitKind kind = ExploitKind::kNone;
  std::vector<std::string> sources;  // "metasploit", "exploit-db", "github-poc"; sorted
};

struct Ssvc {
  std::string exploitation;      // "none", "poc", "active"
  std::string automatable;       // "yes", "no"
  std::string technical_impact;  // "partial", "total"
  std::string source;            // "vulnrichment" or "cvss" (derived by the documented rule)
};

enum class Origin : uint8_t { kUnknown, kBase, kApplication };
std::string_view ToString(Origin origin);

// CISA's table gives a due date that counts from a fact, never from today.
struct Priority {
  uint32_t rank = 0;  // 1 = first
  std::string level;  // "immediate" (3 d), "soon" (14 d), "planned" (60 d), "next_rebuild", "none"
  std::string due;    // "2024-05-01" or "" (next rebuild)
  double risk = 0;    // expected risk 0..1, the order
  std::vector<std::string> reasons;
};

// Against a baseline: brought by this change, there from the base image, there before this change,
// or published since the baseline about what was there already.
enum class Change : uint8_t { kUnknown, kIntroduced, kInherited, kExisting, kNewInWorld };
std::string_view ToString(
    Change change);  // "unknown", "introduced", "inherited", "existing", "new_in_world"

// What somebody decided about a finding. kAccepted is an exception: affected, and the risk is taken
// until a date. The others are VEX statuses; kAffected and kUnderInvestigation leave it open.
enum class TreatmentKind : uint8_t {
  kAccepted,
  kNotAffected,
  kFixed,
  kAffected,
  kUnderInvestigation,
};
std::string_view ToString(TreatmentKind kind);  // "accepted", "not_affected", "fixed", "affected",
                                                // "under_investigation"

struct Treatment {
  TreatmentKind kind = TreatmentKind::kAccepted;
  std::string id;      // the exception's id, or the VEX document's
  std::string source;  // "exceptions.yaml:14", "vendor.vex.json"
  std::string reason;  // a word of the fixed list, or the VEX justification
  std::string words;   // what a person wrote
  std::string owner;   // of an exception
  std::string approver;
  std::string until;  // end date of an exception
  auto operator<=>(const Treatment&) const = default;
};

struct Finding {
  std::string id;                    // the CVE where there is one, else the advisory's id
  std::vector<std::string> aliases;  // sorted, without id
  std::string summary;
  std::string component;  // ref
  FixState fix_state = FixState::kUnknown;
  std::string fix_note;  // the source's own word: "no-dsa", "postponed", "ignored", ...
  std::vector<std::string>
      fixed_versions;        // ascending; the first is the smallest that ends it for this component
  SeverityOpinion severity;  // by the stated rule
  std::vector<SeverityOpinion> severities;  // every source, sorted
  std::optional<Epss> epss;
  std::optional<Kev> kev;
  std::optional<Exploit> exploit;
  std::optional<Ssvc> ssvc;
  Priority priority;
  int32_t layer = -1;
  Origin origin = Origin::kUnknown;
  Change change = Change::kUnknown;
  std::optional<Treatment> treatment;
  std::string published;      // date or ""
  std::string fix_available;  // date since a fix exists, or "" unknown
  // How it matched, for `explain`: which advisory, range, rule.
  std::string advisory;  // "DSA-5673-1", "GHSA-...", "CVE-..."
  std::string source;    // feed name: "debian-osv"
  std::string range;     // ">= 0, < 2.36-9+deb12u6"
  std::string rule;      // "deb: source package glibc in debian:12"
};

enum class ActionKind : uint8_t {
  kRebuildBase,    // rebuild on a fresh base
  kRefreshLayer,   // rerun the layer that installs packages
  kBump,           // bump X to V
  kRebuildBinary,  // rebuild a Go binary with newer Go and modules
  kLeaveBase,      // end-of-life base
  kTakeOut,        // remove what only builds
  kNothingYet,     // no fix: why, since when
};
std::string_view ToString(
    ActionKind kind);  // "rebuild_base", "refresh_layer", "bump", "rebuild_binary", "leave_base",
                       // "take_out", "nothing_yet"

enum class Owner : uint8_t { kImage, kApplication };
std::string_view ToString(Owner owner);  // "image", "application"

struct Action {
  std::string id;  // stable: kind and target, e.g. "bump:npm:lodash"
  ActionKind kind = ActionKind::kNothingYet;
  std::string title;                  // "bump lodash 4.17.15 -> 4.17.21 (via express)"
  std::vector<std::string> steps;     // what to type or change
  std::vector<std::string> resolves;  // "CVE@component ref" keys of findings: FindingKey(); sorted
  uint64_t remains = 0;               // findings of the same components that stay afterwards
  Owner owner = Owner::kImage;
  int32_t layer = -1;
  std::string created_by;
  std::string reason;  // in words, with the strongest facts
  double risk = 0;     // share of the image's total risk that it removes, 0..1
  std::string due;     // earliest due date among resolved; ""
};

// Whether somebody still has to act on it: not accepted, and no VEX statement that ends it. Closed
// findings stay in the report; actions, counts and rules leave them out.
inline bool IsOpen(const Finding& finding) {
  return !finding.treatment || finding.treatment->kind == TreatmentKind::kAffected ||
         finding.treatment->kind == TreatmentKind::kUnderInvestigation;
}

// The identity of a finding in one report.
inline std::string FindingKey(std::string_view id, std::string_view component) {
  return std::string(id) + "@" + std::string(component);
}

}  // namespace scantling::model
