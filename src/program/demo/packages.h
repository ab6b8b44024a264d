// What the images of the demonstration company hold: real packages with versions that their
// distributions and registries had, so that advisories judge them as they judge anybody's.
//
// A base is a distribution's release in several editions (its point releases over time); an
// application is packages of a language, each with versions in order. Pure functions of tables.
#pragma once

#include "model/component.h"
#include "version/ecosystem.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program::demo {

enum class Base : uint8_t { kDebian12, kDebian11, kAlpine316, kAlpine319, kAlmaLinux9, kOpenSuse };

struct BaseInfo {
  std::string_view distro_id;   // "debian"
  std::string_view version_id;  // "12"
  std::string_view name_space;  // "debian:12"
  std::string_view image;       // "debian", of the company's base images
  int editions = 1;
};
const BaseInfo& InfoOf(Base base);

// Operating system's packages of that edition in layer `layer`. What is not in the smallest image
// is in groups: "web" (TLS, curl and what they need), "python", "git", "nginx", "build".
void AddSystem(std::vector<model::Component>& to, Base base, int edition,
               const std::vector<std::string_view>& groups, int32_t layer);
// The groups alone, for a layer above the base.
void AddGroups(std::vector<model::Component>& to, Base base, int edition,
               const std::vector<std::string_view>& groups, int32_t layer);

// Packages of an application: about `share` (0..1) of the table, chosen by `seed`; every one in the
// version that is `age` (0 = the oldest of the table, 1 = the newest) of the way, those that nobody
// looks after staying behind. The same seed takes the same packages at any age.
void AddApplication(std::vector<model::Component>& to, version::Ecosystem ecosystem, uint64_t seed,
                    double share, double age, std::string_view name, int32_t layer);

// Sorts as an inventory is sorted, and gives each its ref.
void Finish(std::vector<model::Component>& components);

// A number made of a number: the same on every machine.
uint64_t Mix(uint64_t value);

}  // namespace scantling::program::demo
