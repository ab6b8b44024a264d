// Declared licences: whatever stands there gives an expression, and that is a fixed point. Jars'
// headers and pom.xml files are searched for licences.
#include "catalog/java/manifest.h"
#include "report/licenses.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto declared = scantling::report::Declared({std::string(text)});
  const auto again = scantling::report::LicenseExpression(declared.expression);
  if (!again.has_value() || *again != declared.expression) {
    std::abort();
  }
  static_cast<void>(scantling::catalog::java::LicensesOfBundle(text));
  static_cast<void>(scantling::catalog::java::LicensesOfPom(text));
  return 0;
}
