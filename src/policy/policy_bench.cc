// Rules over findings, on one core: (finding x rule) evaluations a second; and the replay of a
// history. docs/performance.md has the figures. Inputs are generated.
#include "base/file.h"
#include "policy/rules/evaluate.h"
#include "policy/rules/ready.h"
#include "policy/rules/replay.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace scantling::policy {
namespace {

constexpr base::Seconds kNow = 1'795'478'400;  // 2026-11-24

model::Report MakeReport(int findings, uint32_t seed) {
  model::Report report;
  uint32_t state = seed * 2654435761U + 1;
  const auto draw = [&state](uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
  };
  report.inventory.image.reference = "registry.example/team/app" + std::to_string(seed % 200);
  report.inventory.image.layers.resize(8);
  report.ecosystems = {{"debian:12", 90, "2026-11-20", model::DataState::kCovered}};
  for (int i = 0; i < std::max(1, findings / 3); ++i) {
    model::Component& component = report.inventory.components.emplace_back();
    component.name = "package" + std::to_string(draw(5000));
    component.version = "1." + std::to_string(draw(40)) + "-2+deb12u1";
    component.purl = "pkg:deb/debian/" + component.name + "@" + component.version +
                     "?arch=amd64&distro=debian-12#" + std::to_string(i);
    component.ref = component.purl;
    component.source_name = component.name;
    component.architecture = "amd64";
    component.licenses = {"GPL-2.0-or-later"};
    component.locations = {{"var/lib/dpkg/status", 0}};
    component.layer = static_cast<int32_t>(draw(8));
  }
  for (int i = 0; i < findings; ++i) {
    model::Finding& finding = report.findings.emplace_back();
    finding.id = "CVE-20" + std::to_string(10 + draw(16)) + "-" + std::to_string(1000 + i);
    finding.aliases = {"GHSA-aaaa-bbbb-" + std::to_string(1000 + i)};
    finding.summary = "A heap overflow in the parser of headers lets a client end the process";
    finding.component =
        report.inventory.components[draw(static_cast<uint32_t>(report.inventory.components.size()))]
            .ref;
    finding.severity = {static_cast<model::Level>(draw(6)), draw(100) / 10.0, "", "nvd"};
    finding.epss = model::Epss{draw(1000) / 1000.0, draw(1000) / 1000.0, ""};
    if (draw(50) == 0) {
      finding.kev = model::Kev{"2025-01-10", "2025-02-01", false};
    }
    finding.fix_state = draw(3) == 0 ? model::FixState::kNotFixed : model::FixState::kFixed;
    finding.published = "2026-0" + std::to_string(1 + draw(9)) + "-11";
    if (finding.fix_state == model::FixState::kFixed) {
      finding.fix_available = "2026-0" + std::to_string(1 + draw(9)) + "-21";
      finding.fixed_versions = {"1.99-1"};
      finding.priority.due = "2026-1" + std::to_string(draw(3)) + "-01";
    }
    finding.priority.level = draw(2) == 0 ? "planned" : "soon";
    finding.priority.risk = draw(1000) / 1000.0;
    finding.origin = model::Origin::kBase;
    finding.change = static_cast<model::Change>(1 + draw(4));
    finding.layer = static_cast<int32_t>(draw(8));
    finding.source = "debian-osv";
    finding.advisory = "DSA-" + std::to_string(5000 + draw(900)) + "-1";
  }
  return report;
}

// Twenty rules as people write them.
std::string Rules() {
  const char* kConditions[] = {
      "finding.kev && finding.fixable",
      "finding.severity in [\"high\", \"critical\"] && finding.fix_state == \"fixed\"",
      "has(finding.due) && finding.due < now",
      "has(finding.epss) && finding.epss > 0.1 && finding.fixable",
      "finding.severity == \"critical\" && component.direct",
  };
  std::string out = "schema: scantling.policy/1\nname: bench\nrules:\n";
  for (int i = 0; i < 20; ++i) {
    out += "- id: r" + std::to_string(i) +
           "\n  text: t\n  changes: [introduced, inherited, "
           "existing, new_in_world]\n  when: '" +
           std::string(kConditions[i % 5]) + "'\n";
  }
  return out;
}

void Judge(benchmark::State& state, std::string_view text) {
  const auto policy = ParsePolicy(text, "bench.yaml");
  const model::Report report = MakeReport(20'000, 1);
  PolicyContext context;
  context.facts.now = kNow;
  size_t rules = 0;
  for (const Rule& rule : policy->rules) {
    rules += rule.about_image ? 0 : 1;
  }
  for (auto _ : state) {
    const model::Verdict verdict = Evaluate(*policy, report, context);
    benchmark::DoNotOptimize(verdict.stopped);
  }
  state.counters["evaluations"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * 20'000 * static_cast<double>(rules),
      benchmark::Counter::kIsRate);
}
void JudgeTwentyRules(benchmark::State& state) { Judge(state, Rules()); }
BENCHMARK(JudgeTwentyRules)->Unit(benchmark::kMillisecond);
void JudgeStrict(benchmark::State& state) { Judge(state, MaybeReadyPolicy("strict")->text); }
BENCHMARK(JudgeStrict)->Unit(benchmark::kMillisecond);

// Conditions alone: what the machine does with rows that are there.
void ConditionsOnly(benchmark::State& state) {
  const auto policy = ParsePolicy(Rules(), "bench.yaml");
  const model::Report report = MakeReport(100, 1);
  RunFacts facts;
  facts.now = kNow;
  Variables variables(report, facts);
  const cel::Rows& rows = variables.ForFinding(3);
  cel::Evaluator evaluator;
  for (auto _ : state) {
    for (const Rule& rule : policy->rules) {
      benchmark::DoNotOptimize(evaluator.Run(rule.when, rows));
    }
  }
  state.SetItemsProcessed(state.iterations() * 20);
}
BENCHMARK(ConditionsOnly);

// 10,000 records of 100 findings each, ten files.
void ReplayTenThousand(benchmark::State& state) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / "scantling-policy-bench").string();
  std::filesystem::create_directories(folder);
  for (int file = 0; file < 10; ++file) {
    std::ofstream out(folder + "/2026-" + std::to_string(10 + file) + ".jsonl", std::ios::binary);
    for (uint32_t i = 0; i < 1000; ++i) {
      RunFacts facts;
      facts.team = "team" + std::to_string(i % 20);
      facts.now = kNow - static_cast<base::Seconds>(i) * 3600;
      out << HistoryLine(MakeReport(100, static_cast<uint32_t>(file) * 1000 + i), facts);
    }
  }
  const auto policy = ParsePolicy(MaybeReadyPolicy("strict")->text, "strict");
  const auto present = ParsePolicy(MaybeReadyPolicy("warn-new")->text, "warn-new");
  const auto files = HistoryFiles(folder);
  ReplayOptions options;
  options.now = kNow;
  options.threads = static_cast<unsigned>(state.range(0));
  for (auto _ : state) {
    const auto result = Replay(*policy, &*present, *files, {}, options);
    benchmark::DoNotOptimize(result->stopped);
    state.counters["runs"] = static_cast<double>(result->runs);
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(ReplayTenThousand)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
}  // namespace scantling::policy
