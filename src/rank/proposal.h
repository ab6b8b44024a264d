// Inside of the room: a possible action with the findings that it ends, and what all makers of
// proposals share.
#pragma once

#include "model/report.h"
#include "rank/rank.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scantling::rank {

// Indexes into report.findings.
using FindingIndexes = std::vector<uint32_t>;

struct Proposal {
  model::Action action;  // everything but resolves, remains, reason, risk and due
  FindingIndexes findings;
  double risk = 0;  // sum over findings
  std::optional<uint64_t>
      holes_left;          // known holes of what the action brings, where they were asked for
  std::string family;      // proposals of one family may share a line: "bump npm"
  std::string noun;        // "npm packages", for "bump 14 more npm packages: ..."
  std::string short_name;  // "lodash"
};

// The report, indexed. The report and the function outlive it; the report does not change
// meanwhile.
struct View {
  View(const model::Report& of_report, const KnownHoles& holes);

  const model::Component* ComponentOf(const model::Finding& finding) const;
  const model::Component* OwnerOf(const model::Component& component) const;
  double RiskOf(const FindingIndexes& indexes) const;
  const model::Layer* LayerAt(int32_t index) const;

  const model::Report& report;
  const KnownHoles& known_holes;
  std::unordered_map<std::string_view, const model::Component*> by_ref;
  bool distro_ended = false;  // the distribution's end of life lies before its own data's date
};

model::Owner OwnerFor(const model::Finding& finding, bool is_os_package);
// Sets layer and created_by.
void SetLayer(const View& view, int32_t layer, model::Action& action);
// Images name their packages: what is no usual character of a name or a version becomes '?', so
// that a step can be typed.
std::string Typable(std::string_view text);
// `text`, at most `bytes` long, cut between characters and marked with "...".
std::string Shortened(std::string_view text, size_t bytes);
// "a, b, c", and " and 4 more" when the whole would be longer than `bytes`.
std::string NameList(const std::vector<std::string>& names, size_t bytes);
std::string Counted(uint64_t count, std::string_view one, std::string_view many);

inline constexpr size_t kTitleColumns = 80;

}  // namespace scantling::rank
