// From what packages of one database require to the names of the packages that give it: virtual
// packages, sonames
// ("so:libc.so.6", "libc.so.6()(64bit)"), commands. Shared by dpkg, apk and rpm.
//
// Versions are left out: an installed database is consistent or broken, and either way the name is
// what counts.
#pragma once

#include "base/strings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::catalog {

// Package = its number in the database. A package gives its own name and everything that it
// provides; where several give one capability, a package of that name wins, then the first. Copies
// the texts. Single thread.
class Capabilities {
 public:
  void AddPackage(std::string_view name, uint32_t package) {
    Giver& giver = givers_.try_emplace(std::string(name)).first->second;
    if (!giver.by_name) {
      giver = {.package = package, .by_name = true};
    }
  }
  void AddProvided(std::string_view capability, uint32_t package) {
    if (givers_.find(capability) == givers_.end()) {
      givers_.emplace(std::string(capability), Giver{.package = package, .by_name = false});
    }
  }
  std::optional<uint32_t> Find(std::string_view capability) const {
    const auto found = givers_.find(capability);
    return found == givers_.end() ? std::nullopt : std::optional(found->second.package);
  }

 private:
  struct Giver {
    uint32_t package = 0;
    bool by_name = false;
  };
  std::unordered_map<std::string, Giver, base::StringHash, std::equal_to<>> givers_;
};

}  // namespace scantling::catalog
