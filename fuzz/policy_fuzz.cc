// Policies, agreements, cases and lines of a history of any bytes: errors, or what can be judged.
#include "policy/rules/cases.h"
#include "policy/rules/evaluate.h"
#include "policy/rules/explain.h"
#include "policy/rules/history.h"
#include "policy/vex/test_report.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace policy = scantling::policy;
  static const auto kReport = policy::TestReport();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  policy::PolicyContext context;
  context.facts.now = 1'795'478'400;
  const auto agreements = policy::ParseAgreements(text, "fuzz.yaml");
  if (const auto parsed = policy::ParsePolicy(text, "fuzz.yaml")) {
    const auto verdict = policy::Evaluate(*parsed, kReport, context);
    if (verdict.rules.size() != parsed->rules.size()) {
      __builtin_trap();
    }
    for (const auto& rule : parsed->rules) {
      if (policy::ExplainRule(*parsed, rule, kReport, 0, context).empty()) {
        __builtin_trap();
      }
    }
  }
  if (const auto cases = policy::ParseCases(text, "fuzz.yaml")) {
    static const auto kPolicy = policy::ParsePolicy(
        "schema: scantling.policy/1\nname: p\nrules: [{id: r, text: t, when: finding.kev}]\n", "p");
    (void)policy::RunCases(*kPolicy, *cases);
  }
  policy::HistoryReader reader;
  if (auto entry = reader.Read(text, "fuzz.jsonl:1")) {
    const auto line = policy::HistoryLine(entry->report, entry->facts);
    if (!reader.Read(line, "again")) {
      __builtin_trap();
    }
  }
  return 0;
}
