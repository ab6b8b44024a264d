// Conditions of any bytes: an error with a place inside the text, or a program that ends.
#include "policy/cel/compile.h"
#include "policy/rules/variables.h"
#include "policy/vex/test_report.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace policy = scantling::policy;
  static const auto kReport = policy::TestReport();
  static const policy::RunFacts kFacts = [] {
    policy::RunFacts facts;
    facts.now = 1'795'478'400;
    return facts;
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool about_image : {false, true}) {
    const auto program = policy::cel::Compile(text, policy::VariableSchema(about_image));
    if (!program) {
      if (program.error().offset > size) {
        __builtin_trap();
      }
      continue;
    }
    policy::Variables variables(kReport, kFacts);
    policy::cel::Evaluator evaluator(200'000);
    const auto value =
        evaluator.Run(*program, about_image ? variables.ForImage() : variables.ForFinding(0));
    if (value.kind != policy::cel::Kind::kBool && !value.IsError()) {
      __builtin_trap();
    }
  }
  return 0;
}
