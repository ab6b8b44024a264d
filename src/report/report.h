// Reports out and in: the JSON document scantling.report/1 (api/report.schema.json), the first
// screen, inventories. Deterministic: same report, same bytes. What needs a clock takes `now` as a
// parameter.
#pragma once

#include "base/output.h"
#include "base/result.h"
#include "base/time.h"
#include "match/match.h"
#include "model/report.h"

#include <map>
#include <optional>
#include <string>

namespace scantling::report {

struct ScreenOptions {
  bool color = false;
  int width = 100;                                  // columns
  bool all = false;                                 // every finding
  std::optional<base::Seconds> now = std::nullopt;  // ages, overdue; without it none are shown
};

void WriteJson(const model::Report& report, base::Output& output, unsigned jobs = 1);
std::string ToJson(const model::Report& report);
base::Result<model::Report> FromJson(std::string_view text);

std::string ToScreen(const model::Report& report, const ScreenOptions& options);

// Inventory only (no findings).
void WriteInventoryJson(const model::Inventory& inventory,
                        base::Output& output);  // scantling.inventory/1
std::string InventoryToTable(const model::Inventory& inventory, const ScreenOptions& options);
std::string InventoryToCycloneDx(const model::Inventory& inventory);  // CycloneDX 1.6 JSON

// Components (refs) for which a VEX statement or an exception closes the finding, and as what.
using ClosedComponents = std::map<std::string, model::TreatmentKind, std::less<>>;
std::string ExplanationToText(const match::Explanation& explanation, const ScreenOptions& options,
                              const ClosedComponents& closed = {});

}  // namespace scantling::report
