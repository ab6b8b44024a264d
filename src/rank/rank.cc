// See rank.h. The order of work: base layers, then each finding's origin and priority, then the
// order, then the actions.
#include "rank/rank.h"

#include "base/parallel.h"
#include "rank/actions.h"
#include "rank/origin.h"
#include "rank/priority.h"
#include "rank/sort_by_index.h"

#include <tuple>
#include <unordered_map>

namespace scantling::rank {
namespace {

model::Origin OriginOf(int32_t layer, int32_t base_layers) {
  if (layer < 0 || base_layers < 0) {
    return model::Origin::kUnknown;
  }
  return layer < base_layers ? model::Origin::kBase : model::Origin::kApplication;
}

// Highest risk first; then what is due first; then by name.
bool Before(const model::Finding& a, const model::Finding& b) {
  const auto key = [](const model::Finding& finding) {
    return std::tuple(-finding.priority.risk, finding.priority.due.empty(),
                      std::string_view(finding.priority.due), std::string_view(finding.id),
                      std::string_view(finding.component));
  };
  return key(a) < key(b);
}

}  // namespace

base::Result<void> RankFindings(model::Report& report, const RankOptions& options) {
  SCANTLING_TRY(Base base, FindBase(report.inventory, {options.base, options.maybe_known_images,
                                                       options.maybe_dockerfile}));
  report.base_layers = base.layers;
  report.base_name = std::move(base.name);
  report.base_known_by = std::move(base.known_by);
  std::unordered_map<std::string_view, const model::Component*> by_ref;
  by_ref.reserve(report.inventory.components.size());
  for (const model::Component& component : report.inventory.components) {
    by_ref.emplace(component.ref, &component);
  }
  const model::Component unknown;
  constexpr size_t kFindingsPerWorker = 200;
  const size_t count = report.findings.size();
  base::Share(
      count, base::WorkersFor(count, kFindingsPerWorker, options.jobs), [&](size_t, size_t i) {
        model::Finding& finding = report.findings[i];
        const auto found = by_ref.find(finding.component);
        const model::Component& component = found == by_ref.end() ? unknown : *found->second;
        finding.layer = component.layer;
        finding.origin = OriginOf(component.layer, report.base_layers);
        Prioritise(finding, component, options.exposure);
      });
  SortByIndex(report.findings, Before);
  for (size_t i = 0; i < report.findings.size(); ++i) {
    report.findings[i].priority.rank = static_cast<uint32_t>(i + 1);
  }
  return {};
}

void PlanActions(model::Report& report, const RankOptions& options) {
  report.actions = MakeActions(report, options.known_holes);
}

base::Result<void> Rank(model::Report& report, const RankOptions& options) {
  SCANTLING_DO(RankFindings(report, options));
  PlanActions(report, options);
  return {};
}

}  // namespace scantling::rank
