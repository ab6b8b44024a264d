// What the first screen and the full list (--all) are put together from. Everything here returns
// clean text (text.h) that is ready for a terminal, lines ending in '\n'.
#pragma once

#include "model/report.h"
#include "report/report.h"
#include "report/text.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace scantling::report {

// Findings and components of one report by their keys; borrows from the report.
class Index {
 public:
  explicit Index(const model::Report& report);
  const model::Component* MaybeComponent(std::string_view ref) const;
  const model::Finding* MaybeFinding(std::string_view key) const;

 private:
  struct KeyHash {
    size_t operator()(const std::pair<std::string_view, std::string_view>& key) const {
      const std::hash<std::string_view> hash;
      return hash(key.first) * 31 + hash(key.second);
    }
  };
  std::unordered_map<std::string_view, const model::Component*> components_;
  std::unordered_map<std::pair<std::string_view, std::string_view>, const model::Finding*, KeyHash>
      findings_;  // by (id, component)
};

// At least 64 columns: narrower terminals wrap by themselves.
size_t WidthOf(const ScreenOptions& options);

// "C", "H", "M", "L", "N", "?" in its colour.
std::string Letter(model::Level level, bool color);
// "4 critical, 19 high, 2 unknown": the levels that occur.
std::string LevelCounts(const std::array<uint64_t, 6>& by_level);

// "log4j-core 2.14.1": Maven's group is left out, as people do.
std::string NameAndVersion(const model::Component* maybe_component, std::string_view ref);
// Layers count from 1 for people (the bottom one), from 0 in JSON; "-" unknown.
std::string LayerNumber(int32_t layer);
// "97%", "<1%", "" unknown.
std::string Percent(double share);
// "due in 3 days", "overdue 12 days", "due 2024-05-01" without a clock; "" for no date.
std::string DueText(const std::string& due, const ScreenOptions& options);
// The action's reason with what only a clock knows: the age of the base, when it is due.
std::string ReasonText(const model::Report& report, const model::Action& action,
                       const ScreenOptions& options);
// What is there for the action that there is nothing to do about: "3 high, oldest since 2023-04".
std::string NothingYetText(const Index& index, const std::vector<const model::Action*>& actions);

// Lines of the screen: "label: text text", wrapped with the continuation below the text.
std::string Labelled(std::string_view label, std::string_view text, size_t width, bool color);

// Notice of the starter set, image, platform, distribution, data and its age.
std::string Header(const model::Report& report, const ScreenOptions& options);
// Counts of findings; what was checked when there is none; gaps.
std::string Totals(const model::Report& report, const ScreenOptions& options);
// What a pipeline adds (screen_verdict.cc); "" where the report has none of it.
std::string ChangeText(const model::Report& report, const ScreenOptions& options);
std::string VerdictText(const model::Report& report, const ScreenOptions& options);
std::string ExceptionsText(const model::Report& report, const ScreenOptions& options);
// What somebody decided about a finding, on one line; "" nothing.
std::string TreatmentText(const model::Finding& finding);
// How many findings are closed and left out.
std::string ClosedText(const model::Report& report, const ScreenOptions& options);
// Every action with all its findings, then what was skipped, diagnostics and layers.
std::string FullList(const model::Report& report, const Index& index, const ScreenOptions& options);

}  // namespace scantling::report
