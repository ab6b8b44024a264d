// Inside of the room: the priority of one finding. CISA's BOD 26-04 table gives the level and, with
// a fix, the due date; the expected risk gives the order. docs/ranking.md has the table, the
// formulas and examples.
#pragma once

#include "model/component.h"
#include "model/finding.h"
#include "rank/rank.h"

#include <string>
#include <string_view>

namespace scantling::rank {

enum class Yes : uint8_t { kNo, kYes };

// The table's four inputs to days: 3, 14, 60; 0 = at the next rebuild.
struct TableInput {
  bool kev = false;
  bool exposed = false;
  bool automatable = false;
  bool total = false;
};
int DaysOf(const TableInput& input);
std::string_view LevelName(int days);  // "immediate", "soon", "planned", "next_rebuild"

// Fills finding.ssvc when nobody answered (source "cvss", or "level" where there is no vector
// either) and finding.priority but its rank.
void Prioritise(model::Finding& finding, const model::Component& component, Exposure exposure);

}  // namespace scantling::rank
