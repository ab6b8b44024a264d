// The parts that the report and the inventory documents share. Every text passes through
// base::ToUtf8, sizes are held within 63 bits, so that any model gives a valid document that reads
// back the same.
#pragma once

#include "codec/json_writer.h"
#include "model/finding.h"
#include "model/inventory.h"
#include "model/report.h"

#include <string_view>
#include <vector>

namespace scantling::report {

inline constexpr std::string_view kReportSchema = "scantling.report/1";
inline constexpr std::string_view kInventorySchema = "scantling.inventory/1";

void PutText(codec::JsonWriter& out, std::string_view key, std::string_view value);
void PutTexts(codec::JsonWriter& out, std::string_view key, const std::vector<std::string>& values);
void PutSize(codec::JsonWriter& out, std::string_view key, uint64_t value);

// The whole document scantling.report/1, in the writer's layout.
void PutReport(codec::JsonWriter& out, const model::Report& report);
// The members of "image" without its braces; end_of_life is a report's (nullptr in an inventory).
void PutImage(codec::JsonWriter& out, const model::Image& image,
              const std::string* maybe_end_of_life);
void PutComponents(codec::JsonWriter& out, const std::vector<model::Component>& components);
// The members of "coverage" without its braces.
void PutCoverage(codec::JsonWriter& out, const model::Coverage& coverage);
void PutDiagnostics(codec::JsonWriter& out, const std::vector<model::Diagnostic>& diagnostics);

std::string_view ToString(model::Severity severity);  // "note", "warning", "error"
std::string_view ToString(model::ExploitKind kind);   // "none", "poc", "weaponised"

}  // namespace scantling::report
