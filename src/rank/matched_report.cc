// See matched_report.h.
#include "rank/matched_report.h"

#include "match/match.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace scantling::rank {
namespace {

// "12.7" is asked for as "12.7", then "12": tables of end-of-life dates name releases with fewer
// parts.
std::string EndOfLife(const advisory::Database& database, const model::Distro& distro) {
  std::string version = distro.version_id;
  while (!version.empty()) {
    const std::string_view date = database.EndOfLife(distro.id, version);
    if (!date.empty()) {
      return std::string(date);
    }
    const size_t dot = version.rfind('.');
    version.resize(dot == std::string::npos ? 0 : dot);
  }
  return {};
}

}  // namespace

base::Result<model::Report> MatchedReport(model::Inventory inventory,
                                          const advisory::Database& database, unsigned jobs) {
  SCANTLING_TRY(match::MatchResult matched,
                match::Match(inventory, database, jobs).With("matching"));
  model::Report report;
  report.inventory = std::move(inventory);
  report.database = database.Info();
  report.ecosystems = std::move(matched.ecosystems);
  report.distro_end_of_life = EndOfLife(database, report.inventory.image.distro);
  report.findings = std::move(matched.findings);
  std::move(matched.diagnostics.begin(), matched.diagnostics.end(),
            std::back_inserter(report.inventory.diagnostics));
  return report;
}

KnownHoles HolesOf(const advisory::Database& database) {
  return [&database](const model::Component& component) {
    auto holes = match::KnownHoles(component, database);
    return holes ? *std::move(holes) : std::vector<std::vector<std::string>>();
  };
}

}  // namespace scantling::rank
