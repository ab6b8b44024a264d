// The lists of the API as tables over a View: which rows a viewer may see, and their fields. The
// names of the fields are the API's (api/openapi.yaml).
//
// A table borrows the View. Row numbers are the fleet's indexes, for findings positions in the
// list's own vector.
#pragma once

#include "program/holes.h"
#include "program/table.h"
#include "program/view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scantling::program {

struct List {
  Table table;
  std::vector<uint32_t> rows;
};

// With a vulnerability: images in which it is open and not accepted, and copies of those.
List ImageList(const View& view, const Scope& scope, uint32_t vulnerability = kNone);
// Copies that are alive at the moment; with `ended` also those that ended within that many
// milliseconds before.
List RunningList(const View& view, const Scope& scope, Millis ended = 0,
                 uint32_t vulnerability = kNone);

// Those with an open match in what the viewer sees.
List VulnerabilityList(const View& view, const Scope& scope);

// Component versions that an image holds. `name` and `below` narrow: "who carries Y below Z", by
// the ecosystem's order of versions.
base::Result<List> ComponentList(const View& view, const Scope& scope, std::string_view name = "",
                                 std::string_view below = "");

// Findings of one content, of one vulnerability, or of everything (kNone for "any").
List FindingList(const View& view, const Scope& scope, uint32_t content, uint32_t vulnerability);

}  // namespace scantling::program
