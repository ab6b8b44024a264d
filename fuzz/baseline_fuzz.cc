// Baselines in, and the list of known images: any bytes are an answer; a baseline that was read is
// compared, written, and reads back.
#include "base/output.h"
#include "policy/change/baseline.h"
#include "policy/change/compare.h"
#include "rank/base_index.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace model = scantling::model;
  namespace policy = scantling::policy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto index = scantling::rank::BaseIndex::Parse(text);
  if (scantling::rank::BaseIndex::Parse(index.Text()).Text() != index.Text()) {
    __builtin_trap();
  }
  const auto baseline = policy::ParseBaseline(text, "fuzz.json");
  if (!baseline) {
    return 0;
  }
  model::Report report;
  report.inventory = baseline->inventory;
  report.database = baseline->database;
  for (const model::Component& component : report.inventory.components) {
    model::Finding& finding = report.findings.emplace_back();
    finding.id = "CVE-2024-1";
    finding.component = component.ref;
  }
  policy::Compare(report, *baseline, report.findings);
  if (report.comparison->introduced != 0) {
    __builtin_trap();
  }
  const auto write = [&](const policy::Baseline* maybe_previous) {
    return scantling::base::Rendered([&](scantling::base::Output& output) {
      policy::WriteBaseline(report, maybe_previous, 1'700'000'000, output);
    });
  };
  const std::string written = write(&*baseline);
  const auto again = policy::ParseBaseline(written, "fuzz.json");
  if (!again || write(&*again) != written) {
    __builtin_trap();
  }
  return 0;
}
