// Measures a compiled database: opening it, looking packages up, and matching an inventory of 2,000
// components.
//
//   bench_database FILE
//
// The packages come from the database itself (every n-th vulnerability's), as Debian and npm
// components with low versions, so that nearly all of them have findings: the dear case. Prints one
// JSON line; times are medians. Page cache warm.
#include "advisory/database.h"

#include "match/match.h"
#include "model/inventory.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double Microseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::micro>(Clock::now() - since).count();
}

double Median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times.empty() ? 0 : times[times.size() / 2];
}

// (namespace, package) of up to `most` packages, spread over the whole database.
std::vector<std::pair<std::string, std::string>> Packages(
    const scantling::advisory::Database& database, size_t most) {
  std::vector<std::pair<std::string, std::string>> found;
  for (uint32_t index = 0;; ++index) {
    auto packages = database.PackagesOf(index);
    if (!packages) {
      break;
    }
    for (auto& package : *packages) {
      if (package.first == "debian:12" || package.first == "npm") {
        found.push_back(std::move(package));
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t i = 0; i < found.size() && out.size() < most;
       i += std::max<size_t>(1, found.size() / most)) {
    out.push_back(found[i]);
  }
  return out;
}

scantling::model::Inventory MakeInventory(
    const std::vector<std::pair<std::string, std::string>>& packages, size_t one_low_in) {
  scantling::model::Inventory inventory;
  inventory.image.distro.id = "debian";
  inventory.image.distro.version_id = "12";
  for (const auto& [space, name] : packages) {
    const bool npm = space == "npm";
    scantling::model::Component component;
    component.name = name;
    const bool low = inventory.components.size() % one_low_in == 0;
    component.version = low ? (npm ? "0.0.1" : "0~0") : (npm ? "9999.0.0" : "9999:1-1");
    component.type =
        npm ? scantling::version::Ecosystem::kNpm : scantling::version::Ecosystem::kDeb;
    component.purl = (npm ? "pkg:npm/" : "pkg:deb/debian/") + name + "@" + component.version;
    component.ref = component.purl;
    if (!npm) {
      component.source_name = name;
      component.distro = space;
      component.architecture = "amd64";
    }
    component.locations.push_back({.path = "x/" + name, .layer = 0});
    component.layer = 0;
    component.last_layer = 0;
    inventory.components.push_back(std::move(component));
  }
  return inventory;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_database FILE\n");
    return 2;
  }
  std::vector<double> opens;
  for (int i = 0; i < 101; ++i) {
    const auto start = Clock::now();
    const auto opened = scantling::advisory::Database::Open(argv[1]);
    opens.push_back(Microseconds(start));
    if (!opened) {
      std::fprintf(stderr, "bench_database: %s\n", opened.error().Message().c_str());
      return 3;
    }
  }
  const auto database = scantling::advisory::Database::Open(argv[1]);
  const auto packages = Packages(*database, 2000);
  std::vector<double> lookups;
  uint64_t statements = 0;
  for (const auto& [space, name] : packages) {
    const auto start = Clock::now();
    const auto done = database->Lookup(space, name, [&](const auto&) { ++statements; });
    lookups.push_back(Microseconds(start));
    if (!done) {
      return 3;
    }
  }
  size_t findings[2] = {};
  double match_ms[2] = {};
  for (const size_t worst : {size_t{0}, size_t{1}}) {
    const auto inventory = MakeInventory(packages, worst == 1 ? 1 : 10);
    std::vector<double> matches;
    for (int i = 0; i < 11; ++i) {
      const auto start = Clock::now();
      const auto result = scantling::match::Match(inventory, *database);
      matches.push_back(Microseconds(start));
      if (!result) {
        return 3;
      }
      findings[worst] = result->findings.size();
    }
    match_ms[worst] = Median(matches) / 1000;
  }
  std::printf(
      "{\"open_us\": %.1f, \"lookup_us\": %.2f, \"statements\": %llu, \"components\": %zu, "
      "\"findings\": %zu, \"match_ms\": %.2f, \"worst_findings\": %zu, \"worst_ms\": %.2f}\n",
      Median(opens), Median(lookups), static_cast<unsigned long long>(statements), packages.size(),
      findings[0], match_ms[0], findings[1], match_ms[1]);
  return 0;
}
