// The parts that the report and the inventory documents share. Every text passes through
// base::ToUtf8, sizes are held within 63 bits, so that any model gives a valid document that reads
// back the same.
#pragma once

#include "base/parallel.h"
#include "codec/json_writer.h"
#include "model/finding.h"
#include "model/inventory.h"
#include "model/report.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::report {

inline constexpr std::string_view kReportSchema = "scantling.report/1";
inline constexpr std::string_view kInventorySchema = "scantling.inventory/1";

// A list whose items up to `jobs` threads write, a window of them at a time, so that the document
// is never whole in memory. The bytes do not depend on `jobs`.
template <typename Item, typename Put>
void PutList(codec::JsonWriter& out, std::string_view key, const std::vector<Item>& items,
             unsigned jobs, const Put& put) {
  constexpr size_t kPiece = 64;
  constexpr size_t kWindow = 16 * kPiece;  // some MB of text at most
  out.Key(key);
  out.BeginArray();
  if (jobs <= 1 || items.size() < 4 * kPiece) {
    for (const Item& item : items) {
      put(out, item);
    }
    out.EndArray();
    return;
  }
  std::vector<std::string> pieces(kWindow / kPiece);
  for (size_t begin = 0; begin < items.size(); begin += kWindow) {
    const size_t end = std::min(begin + kWindow, items.size());
    base::ShareOneByOne((end - begin + kPiece - 1) / kPiece, jobs, [&](size_t, size_t piece) {
      pieces[piece].clear();
      codec::JsonWriter part = out.Part(&pieces[piece]);
      const size_t first = begin + piece * kPiece;
      for (size_t i = first; i < std::min(first + kPiece, end); ++i) {
        put(part, items[i]);
      }
    });
    for (size_t piece = 0; begin + piece * kPiece < end; ++piece) {
      out.Items(pieces[piece]);
    }
  }
  out.EndArray();
}

void PutText(codec::JsonWriter& out, std::string_view key, std::string_view value);
void PutTexts(codec::JsonWriter& out, std::string_view key, const std::vector<std::string>& values);
void PutSize(codec::JsonWriter& out, std::string_view key, uint64_t value);

// The whole document scantling.report/1, in the writer's layout.
void PutReport(codec::JsonWriter& out, const model::Report& report, unsigned jobs = 1);
// The members of "image" without its braces; end_of_life is a report's (nullptr in an inventory).
void PutImage(codec::JsonWriter& out, const model::Image& image,
              const std::string* maybe_end_of_life);
void PutComponents(codec::JsonWriter& out, const std::vector<model::Component>& components,
                   unsigned jobs = 1);
// The members of "coverage" without its braces.
void PutCoverage(codec::JsonWriter& out, const model::Coverage& coverage);
void PutDiagnostics(codec::JsonWriter& out, const std::vector<model::Diagnostic>& diagnostics);

std::string_view ToString(model::Severity severity);  // "note", "warning", "error"
std::string_view ToString(model::ExploitKind kind);   // "none", "poc", "weaponised"

}  // namespace scantling::report
