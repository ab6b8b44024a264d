// Matching an image of 2,000 components (the target: 10 ms) against advisories in memory: 1,200
// Debian binaries of 600 sources and 800 npm packages, 12 statements about each package and 6,000
// about one (linux), of which one in twelve applies.
#include "match/session.h"

#include <benchmark/benchmark.h>

#include <deque>
#include <string>
#include <unordered_map>

namespace scantling::match {
namespace {

class Fake final : public AdvisoryLookup {
 public:
  void Fill(const std::string& name_space, const std::string& package, size_t count,
            std::string_view fixed) {
    auto& list = statements_[name_space + '\0' + package];
    for (size_t i = 0; i < count; ++i) {
      advisory::Statement statement;
      statement.vulnerability = static_cast<uint32_t>(next_++);
      statement.advisory = Keep("CVE-2024-" + std::to_string(next_));
      statement.source = "debian-osv";
      statement.intervals = {{"0", i % 12 == 0 ? fixed : std::string_view("0.9.1"), ""}};
      list.push_back(std::move(statement));
    }
  }
  base::Result<void> Lookup(
      std::string_view name_space, std::string_view package,
      const std::function<void(const advisory::Statement&)>& visit) const override {
    const auto found = statements_.find(std::string(name_space).append(1, '\0').append(package));
    if (found != statements_.end()) {
      for (const auto& statement : found->second) {
        visit(statement);
      }
    }
    return {};
  }
  base::Result<advisory::Vulnerability> GetVulnerability(uint32_t index) const override {
    advisory::Vulnerability out;
    out.id = ids_[index];
    out.aliases = {"GHSA-aaaa-bbbb-cccc"};
    out.summary = "A summary of usual length about what is wrong in this package";
    out.severities = {
        {model::Level::kHigh, 7.5, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "nvd"}};
    out.epss = model::Epss{0.01, 0.5, "2025-01-01"};
    return out;
  }
  base::Result<std::optional<uint32_t>> FindVulnerability(std::string_view) const override {
    return std::optional<uint32_t>();
  }
  base::Result<std::vector<std::pair<std::string, std::string>>> PackagesOf(
      uint32_t) const override {
    return std::vector<std::pair<std::string, std::string>>();
  }
  Contents About() const override { return {{}, namespaces_, false}; }

 private:
  std::string_view Keep(std::string text) {
    ids_.push_back(std::move(text));
    return ids_.back();
  }
  const std::vector<advisory::NamespaceInfo> namespaces_ = {{"debian:12", "2025-02-12", 1, ""},
                                                            {"npm", "2025-02-18", 1, ""}};
  std::deque<std::string> ids_;
  size_t next_ = 0;
  std::unordered_map<std::string, std::vector<advisory::Statement>> statements_;
};

void Match2000Components(benchmark::State& state) {
  Fake fake;
  model::Inventory inventory;
  for (int i = 0; i < 2000; ++i) {
    model::Component component;
    const bool deb = i < 1200;
    component.type = deb ? version::Ecosystem::kDeb : version::Ecosystem::kNpm;
    component.name = "package" + std::to_string(i);
    component.version = deb ? "1.2.3-4+deb12u1" : "1.2.3";
    component.ref = component.name;
    if (deb) {
      component.distro = "debian:12";
      component.source_name = i == 0 ? "linux" : "source" + std::to_string(i / 2);
    }
    const std::string& name = deb ? component.source_name : component.name;
    if (!deb || i % 2 == 0) {
      fake.Fill(deb ? "debian:12" : "npm", name, i == 0 ? 6000 : 12,
                deb ? "1.2.3-4+deb12u2" : "1.2.4");
    }
    inventory.components.push_back(std::move(component));
  }
  size_t findings = 0;
  for (auto _ : state) {
    auto result = MatchWith(inventory, fake);
    findings = result.has_value() ? result->findings.size() : 0;
    benchmark::DoNotOptimize(result);
  }
  state.counters["findings"] = static_cast<double>(findings);
}
BENCHMARK(Match2000Components)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scantling::match
