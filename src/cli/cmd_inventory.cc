// scantling inventory: what is installed, without any database.
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/pipeline.h"
#include "cli/terminal.h"
#include "report/report.h"

namespace scantling::cli {

int RunInventory(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  auto screen = Screen(settings);
  if (!screen) {
    return Fail(screen.error());
  }
  auto inventory = ReadInventory(settings, invocation.arguments[0]);
  if (!inventory) {
    return Fail(inventory.error());
  }
  const auto written = WriteResult(settings, [&](base::Output& output) {
    if (settings.format == "json") {
      report::WriteInventoryJson(*inventory, output);
    } else {
      output.text() += settings.format == "cyclonedx"
                           ? report::InventoryToCycloneDx(*inventory)
                           : report::InventoryToTable(*inventory, *screen);
    }
  });
  return written ? static_cast<int>(kDone) : Fail(written.error());
}

}  // namespace scantling::cli
