// VEX documents of any bytes: no crash, no finding goes away, everything can be explained.
#include "policy/vex/test_report.h"
#include "policy/vex/vex.h"

#include <cstdint>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace policy = scantling::policy;
  auto parsed = policy::ParseVex({reinterpret_cast<const char*>(data), size}, "fuzz.json");
  if (!parsed) {
    return 0;
  }
  std::vector<policy::VexDocument> documents;
  documents.push_back(*std::move(parsed));
  auto report = policy::TestReport();
  const size_t findings = report.findings.size();
  policy::ApplyVex(report, documents);
  if (report.findings.size() != findings) {
    __builtin_trap();
  }
  for (const auto& finding : report.findings) {
    policy::ExplainVex(report, finding.id, finding.component, documents);
  }
  return 0;
}
