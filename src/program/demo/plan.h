// Who and what the demonstration company is: teams' services, what it runs of others, clusters and
// hosts, and what its people decide. Tables only.
#pragma once

#include "program/demo/packages.h"

#include <span>
#include <string_view>
#include <vector>

namespace scantling::program::demo {

inline constexpr std::string_view kRegistry = "registry.demo.example";

struct ServicePlan {
  std::string_view team;  // also the first part of the repository, and the namespace
  std::string_view name;
  Base base = Base::kDebian12;
  version::Ecosystem language = version::Ecosystem::kGo;
  int weight = 1;  // of its copies
};
std::span<const ServicePlan> Services();

// Images of others.
struct VendorPlan {
  std::string_view repository;
  std::string_view tag;
  Base base = Base::kAlpine319;
  int edition = 0;
  std::string_view groups;  // with blanks between
  version::Ecosystem language = version::Ecosystem::kGo;
  double share = 0;  // of the language's packages; 0 = none
  int age_percent = 50;
  std::string_view name_space;
  bool daemon = false;  // one on every node
};
std::span<const VendorPlan> Vendors();

// Images without a whole picture: what runs and is not wholly seen.
enum class Blind : uint8_t { kNever, kFailed, kQueued, kUnsupported, kEmpty };
struct BlindPlan {
  std::string_view reference;
  Blind why = Blind::kNever;
  std::string_view detail;
  std::string_view name_space;
  int copies = 0;
};
std::span<const BlindPlan> Blinds();

struct ReporterPlan {
  std::string_view name;
  std::string_view kind;
  std::string_view cluster;
  std::string_view environment;
  int nodes = 0;
};
std::span<const ReporterPlan> Clusters();
inline constexpr int kHosts = 12;
inline constexpr int kSilentHost = 7;       // "host edge-07"
inline constexpr int kSilentSinceDays = 6;  // before the end

struct DecisionPlan {
  int day = 0;  // before the end
  std::string_view kind;
  std::string_view vulnerability;
  std::string_view repository;
  std::string_view owner;
  std::string_view author;
  std::string_view reason;
  std::string_view words;
  int until = 0;  // days after the decision
  int ended = 0;  // days after the decision; 0 = not by hand
};
std::span<const DecisionPlan> Decisions();

// Who decides. They have no passwords: an administrator makes links for them.
struct PersonPlan {
  std::string_view name;
  std::string_view display_name;
  std::string_view role;
  std::string_view owners;  // with blanks between
};
std::span<const PersonPlan> People();

// The document "owners".
std::string_view OwnersJson();

}  // namespace scantling::program::demo
