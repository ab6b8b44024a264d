// scantling inventory: what is installed, without any database.
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/outputs.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "report/report.h"

#include <algorithm>
#include <array>

namespace scantling::cli {
namespace {

// The forms that have something to say without findings.
constexpr auto kForms = std::to_array<std::string_view>(
    {"text", "json", "cyclonedx", "cyclonedx-xml", "spdx-json", "spdx3-json", "spdx-tag-value",
     "intoto-cyclonedx", "intoto-spdx"});

}  // namespace

int RunInventory(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const auto destinations = Destinations(settings, invocation.arguments);
  if (!destinations) {
    return Fail(destinations.error());
  }
  for (const Destination& destination : *destinations) {
    if (std::find(kForms.begin(), kForms.end(), destination.format->name) == kForms.end()) {
      return Fail(kUsageError, "inventory has no findings to write as " +
                                   std::string(destination.format->name) +
                                   "; that form is for: scantling scan");
    }
  }
  const auto screen = Screen(settings);
  if (!screen) {
    return Fail(screen.error());
  }
  auto subject = ReadSubject(settings, invocation.arguments[0]);
  if (!subject) {
    return Fail(subject.error());
  }
  model::Report report;
  report.inventory = std::move(subject->inventory);
  for (const Destination& destination : *destinations) {
    base::Result<void> written;
    if (destination.format->name == "json") {
      written = WriteTo(
          destination.path,
          [&](base::Output& output) { report::WriteInventoryJson(report.inventory, output); },
          base::Durability::kDisposable);
    } else if (destination.format->name == "text") {
      written = WriteTo(destination.path, report::InventoryToTable(report.inventory, *screen));
    } else {
      written = WriteReport(settings, {destination}, report);
    }
    if (!written) {
      return Fail(written.error());
    }
  }
  return kDone;
}

}  // namespace scantling::cli
