// What a user points at: an image in any form, or a document that tells of one. All become an
// inventory, which is judged against the present database.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "cli/settings.h"
#include "model/report.h"
#include "policy/change/baseline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::cli {

enum class SubjectKind : uint8_t { kImage, kReport, kBaseline, kSbom };

struct Subject {
  SubjectKind kind = SubjectKind::kImage;
  std::string name;  // as given
  model::Inventory inventory;
  // As it was recorded, both without the inventory above.
  std::optional<model::Report> report;
  std::optional<policy::Baseline> baseline;
};

// Where `ci --save-baseline NAME` puts it: ".scantling/main.baseline.json".
std::string BaselinePath(const Settings& settings, const std::string& name);

// A JSON document is told by what it says of itself; whatever is none, is an image. An error of a
// file names it and what was wanted.
base::Result<Subject> ReadSubject(const Settings& settings, const std::string& source);

// The same as a baseline, and its findings by the present database.
struct OldSide {
  policy::Baseline baseline;
  std::vector<model::Finding> rematched;
};
base::Result<OldSide> JudgeOldSide(Subject subject, const advisory::Database& database,
                                   const Settings& settings);

}  // namespace scantling::cli
