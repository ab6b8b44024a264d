// Every form of the table over a report of 20,000 findings in 2,000 components (the target: 200 ms
// each).
#include "report/formats.h"

#include <benchmark/benchmark.h>

#include <string>

namespace scantling::report {
namespace {

std::string Digest(char c) { return "sha256:" + std::string(64, c); }

model::Component MakeComponent(int i) {
  const bool deb = i < 1'200;
  const std::string number = std::to_string(i);
  model::Component out;
  out.type = deb ? version::Ecosystem::kDeb : version::Ecosystem::kNpm;
  out.name = "package" + number;
  out.version = deb ? "1.2.3-4+deb12u1" : "1.2.3";
  out.purl = deb ? "pkg:deb/debian/" + out.name + "@1.2.3-4%2Bdeb12u1?arch=amd64&distro=debian-12"
                 : "pkg:npm/" + out.name + "@1.2.3";
  out.ref = out.purl;
  out.layer = deb ? 0 : 2;
  out.last_layer = out.layer;
  if (deb) {
    out.source_name = "source" + std::to_string(i / 2);
    out.distro = "debian:12";
    out.vendor = "Debian Team " + std::to_string(i / 20) + " <team@debian.example>";
    out.locations = {{"var/lib/dpkg/status", 0}};
    for (int need = 1; need <= 4; ++need) {
      out.depends.push_back("package" + std::to_string((i * 7 + need * 13) % 1'200));
    }
  } else {
    out.licenses = {i % 5 == 0 ? "BSD" : "MIT"};
    out.locations = {{"srv/app/node_modules/" + out.name + "/package.json", 2}};
    if (i % 3 == 0) {
      out.via = {"package" + std::to_string(i - 1) + "@1.2.3"};
    }
  }
  return out;
}

model::Finding MakeFinding(int i, const model::Component& component) {
  model::Finding out;
  out.id = "CVE-2024-" + std::to_string(10'000 + i / 2);  // each vulnerability in two components
  out.aliases = {"GHSA-aaaa-bbbb-" + std::to_string(1'000 + i % 9'000)};
  out.summary = "A summary of usual length about what is wrong in this package and who is hit";
  out.component = component.ref;
  out.fix_state = i % 3 == 0 ? model::FixState::kNotFixed : model::FixState::kFixed;
  if (out.fix_state == model::FixState::kFixed) {
    out.fixed_versions = {"1.2.3-4+deb12u2"};
    out.fix_available = "2024-06-01";
  }
  out.severity = {static_cast<model::Level>(i % 6), 7.5,
                  "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "nvd"};
  out.severities = {out.severity, {model::Level::kHigh, -1, "", "debian"}};
  out.epss = model::Epss{0.0123, 0.5, "2025-01-01"};
  if (i % 100 == 0) {
    out.kev = model::Kev{"2024-07-01", "2024-07-22", false};
  }
  out.priority = {static_cast<uint32_t>(i + 1), "planned", "2024-09-01", 0.1, {"high"}};
  out.layer = component.layer;
  out.origin = model::Origin::kBase;
  out.change = i % 4 == 0 ? model::Change::kIntroduced : model::Change::kInherited;
  if (i % 50 == 0) {
    out.treatment = {model::TreatmentKind::kAccepted,
                     "EX-1",
                     "exceptions.yaml:3",
                     "not_reachable",
                     "never called",
                     "shop",
                     "security",
                     "2026-01-01"};
  }
  out.published = "2024-05-01";
  out.advisory = out.id;
  out.source = "debian-osv";
  out.range = ">= 0, < 1.2.3-4+deb12u2";
  out.rule = "deb: source package in debian:12";
  return out;
}

model::Report MakeReport() {
  constexpr int kComponents = 2'000;
  constexpr int kFindings = 20'000;
  model::Report out;
  model::Image& image = out.inventory.image;
  image.source = "oci:shop:1.4";
  image.reference = "registry.example/shop:1.4";
  image.digest = Digest('a');
  image.config_digest = Digest('b');
  image.platform = "linux/amd64";
  image.created = "2025-02-01T10:00:00Z";
  for (int32_t i = 0; i < 3; ++i) {
    model::Layer& layer = image.layers.emplace_back();
    layer.index = i;
    layer.digest = Digest('c');
    layer.diff_id = Digest('d');
    layer.created_by = "RUN make install";
  }
  image.distro = {"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)", ""};
  for (int i = 0; i < kComponents; ++i) {
    out.inventory.components.push_back(MakeComponent(i));
  }
  out.database.digest = Digest('1');
  out.database.sources = {{"debian-osv", "2025-02-12", 40'000}};
  out.ecosystems = {{"debian:12", 1'200, "2025-02-12", model::DataState::kCovered},
                    {"npm", 800, "2025-02-18", model::DataState::kCovered}};
  for (int i = 0; i < kFindings; ++i) {
    out.findings.push_back(MakeFinding(i, out.inventory.components[(i * 37) % kComponents]));
  }
  for (int i = 0; i < 200; ++i) {
    model::Action& action = out.actions.emplace_back();
    action.id = "bump:npm:package" + std::to_string(i);
    action.kind = i == 199 ? model::ActionKind::kNothingYet : model::ActionKind::kBump;
    action.title = "bump package" + std::to_string(i) + " 1.2.3 -> 1.2.4";
    action.steps = {"npm install package@1.2.4"};
    action.reason = "high, a fix since 2024-06-01";
    for (int f = i * 100; f < (i + 1) * 100; ++f) {
      action.resolves.push_back(model::FindingKey(out.findings[f].id, out.findings[f].component));
    }
  }
  return out;
}

void Write(benchmark::State& state, const FormatInfo& format) {
  static const model::Report kReport = MakeReport();
  FormatOptions options;
  options.program_version = "0.1.0";
  options.template_text = "{{#findings}}{{id}} {{component}}\n{{/findings}}";
  uint64_t bytes = 0;
  size_t largest = 0;
  for (auto _ : state) {
    bytes = 0;
    base::Output output([&](std::string_view block) -> base::Result<void> {
      bytes += block.size();
      largest = std::max(largest, block.size());
      return {};
    });
    format.write(kReport, options, output);
    if (!output.Finish()) {
      state.SkipWithError("not written");
    }
  }
  state.counters["MB"] = static_cast<double>(bytes) / 1e6;
  state.counters["block_KiB"] = static_cast<double>(largest) / 1024;
}

const bool kRegistered = [] {
  for (const FormatInfo& format : FormatTable()) {
    benchmark::RegisterBenchmark(std::string(format.name).c_str(), Write, format)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace scantling::report
