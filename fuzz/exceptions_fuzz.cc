// Exceptions files of any bytes: no crash, no finding goes away, and invalid entries except
// nothing.
#include "policy/exceptions/exceptions.h"
#include "policy/vex/test_report.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace policy = scantling::policy;
  const auto parsed =
      policy::ParseExceptions({reinterpret_cast<const char*>(data), size}, "fuzz.yaml");
  if (!parsed) {
    return 0;
  }
  auto report = policy::TestReport();
  const size_t findings = report.findings.size();
  const policy::ExceptionContext context{"production", 1'795'478'400};
  const auto uses = policy::ApplyExceptions(report, *parsed, context);
  if (report.findings.size() != findings || uses.size() != parsed->entries.size()) {
    __builtin_trap();
  }
  for (const auto& use : uses) {
    if ((use.state == "invalid" || use.state == "expired") && use.findings > 0) {
      __builtin_trap();
    }
  }
  const policy::RuleExceptions rules(report, *parsed, context);
  for (const auto& finding : report.findings) {
    (void)rules.Find("no-critical", finding);
  }
  return 0;
}
