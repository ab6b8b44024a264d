// Answers that are more than a list, written as the JSON objects of the API.
#pragma once

#include "advisory/database.h"
#include "base/result.h"
#include "model/report.h"
#include "program/ingest.h"
#include "program/lists.h"
#include "program/view.h"
#include "store/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

// Of the running copies: how many have a digest, an inventory, fresh data, an owner; each gap with
// its reason, by copies and by digests, and the filter that lists its rows; reporters and how long
// ago each was heard of; the advisory sources' dates.
std::string CoverageJson(const View& view, const Scope& scope);

// One image: what it is, layers with their findings, where it runs, the actions of `report` (null:
// it was never scanned), and what was told of it.
std::string ImageJson(const View& view, const Scope& scope, uint32_t content,
                      const model::Report* maybe_report, const ToldOfImage& told);

// What `to` has that `from` has not, and the reverse: component versions and findings.
std::string ChangesJson(const View& view, uint32_t from, uint32_t to);
// The image of the scope that had a name of `content` before it; kNone.
uint32_t PredecessorOf(const View& view, const Scope& scope, uint32_t content);

// One vulnerability: facts, where it is (by owner, base, cluster), which rebuilds end it, its
// clocks.
std::string VulnerabilityJson(const View& view, const Scope& scope, uint32_t vulnerability);

// What the advisory database says of one that no image of the viewer ever had: the same members,
// without a number of the fleet, whether or not others have it.
std::string AdvisoryJson(const advisory::Vulnerability& vulnerability);

// Images, vulnerabilities, components, workloads, owners whose names contain the text; at most
// `limit` of each.
std::string SearchJson(const View& view, const Scope& scope, std::string_view text, size_t limit);

// The life of the findings of one vulnerability in the images that the viewer sees: opened,
// running, fix available, acknowledged, assigned, accepted, fixed in a build, deployed, gone,
// reopened; as a list of {at, what, ...}, oldest first.
base::Result<std::string> LifeJson(store::Connection& connection, const View& view,
                                   const Scope& scope, uint32_t vulnerability);

// What has changed since a moment: new images, new and ended copies (counts), opened and closed
// vulnerabilities with their causes (an advisory; "deployed"; "rebuilt", "undeployed"), decisions.
base::Result<std::string> WeekJson(store::Connection& connection, const View& view,
                                   const Scope& scope, Millis since);

}  // namespace scantling::program
